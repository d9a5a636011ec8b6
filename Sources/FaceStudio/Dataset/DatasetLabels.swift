import Checkpoints

/// Places on the axes with their labels, of people that nobody renders: what a model's directions
/// are found and checked with.
package struct DatasetLabels: Sendable {
  package let seed: UInt64
  package let count: Int

  package init(seed: UInt64, count: Int) {
    precondition(count > 0, "no people")
    self.seed = seed
    self.count = count
  }

  /// Writes an .npz with `z` [count, axes] and `labels` [count, labels], as shards have them.
  package func write(_ kit: FaceKit, to path: String) throws(DatasetError) {
    let basis = PeopleBasis(kit)
    var places: [Float] = []
    var labels: [Float] = []
    places.reserveCapacity(count * Axis.count)
    labels.reserveCapacity(count * Labels.names.count)
    for index in 0..<count {
      let z = Axis.draw(seed: seed, index: index)
      places += z
      labels += Person(z: z, basis: basis).labels.values
    }
    do {
      try NPZArchive.save(
        [
          ("z", NPYArray(places, shape: [count, Axis.count])),
          ("labels", NPYArray(labels, shape: [count, Labels.names.count])),
        ], to: path)
    } catch { throw .file(error) }
  }
}
