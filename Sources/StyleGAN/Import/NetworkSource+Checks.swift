import Checkpoints
import NN
import Tensors

extension NetworkSource {
  /// Checks presence, shape and element type of every tensor the network needs; decodes nothing
  /// but the resampling filters.
  /// - Returns: the same source with what may be absent filled in.
  /// - Throws: the first of its problems.
  package func checked(for configuration: GeneratorConfiguration) throws(ModelError)
    -> NetworkSource
  {
    var result = self
    let problems = result.complete(for: configuration)
    if let first = problems.first { throw first }
    try checkFilters()
    if result.drawsMissingNoise, tensors.keys.contains(where: { $0.hasSuffix(".noise_strength") }),
      !tensors.keys.contains(where: { $0.hasSuffix(".noise_const") })
    {
      result.notes.append("no noise maps in it: they are drawn from seed 0")
    }
    if computesWAverage {
      result.notes.append("no average of w in it: it is computed from 10,000 samples")
    }
    return result
  }

  /// Fills in what may be absent.
  /// - Returns: what is missing or of another shape or type than the network needs.
  mutating func complete(for configuration: GeneratorConfiguration) -> [ModelError] {
    // What stands in for a tensor depends on what the file has beside it.
    let stored = self
    var problems: [ModelError] = []
    for entry in Generator.census(configuration).entries {
      let expected = entry.shape.dimensions
      if computesWAverage, entry.name == "mapping.w_avg" { continue }
      if tensors[entry.name] == nil, let filler = stored.filler(for: entry.name, expected) {
        tensors[entry.name] = filler
      }
      guard let stored = tensors[entry.name] else {
        problems.append(missing(entry.name))
        continue
      }
      guard stored.type.isFloat else {
        problems.append(error(.elementType(name: label(entry.name), found: stored.type)))
        continue
      }
      // A single number is [] for some writers and [1] for others.
      let found = stored.shape ?? stored.view.shape
      if stored.shape == nil || !(found == expected || (expected.isEmpty && found == [1])) {
        problems.append(
          error(.shape(name: label(entry.name), found: found, expected: expected)))
      }
    }
    return problems
  }

  /// Layers made without noise inputs have neither map nor strength: zeros do the same.
  private func filler(for name: String, _ shape: [Int]) -> SourceTensor? {
    let noise = [".noise_const", ".noise_strength"]
    guard let suffix = noise.first(where: { name.hasSuffix($0) }) else { return nil }
    let layer = name.dropLast(suffix.count)
    if drawsMissingNoise, suffix == ".noise_const", tensors[layer + ".noise_strength"] != nil {
      var random = NumPyRandomState(seed: 0)
      let values = random.standardNormal(shape.reduce(1, *))
      return SourceTensor(NPYArray(Tensor(values, shape: Shape(shape))).view)
    }
    guard noise.allSatisfy({ tensors[layer + $0] == nil }) else { return nil }
    return SourceTensor(zeros: shape)
  }

  /// The generator blurs with [1, 3, 3, 1]; a network trained with another filter would come out
  /// wrong, so it is refused.
  func checkFilters() throws(ModelError) {
    let row: [Float] = [1, 3, 3, 1]
    for (name, stored) in tensors where name.hasSuffix(".resample_filter") {
      guard stored.shape == [4, 4], stored.type.isFloat else {
        throw error(
          .unsupported(
            "\(name) has shape \(stored.view.shape); only the filter [1, 3, 3, 1] is supported"))
      }
      let values = stored.tensor().values
      for (index, value) in values.enumerated() {
        let expected = row[index / 4] * row[index % 4] / 64
        guard abs(value - expected) < 1e-6 else {
          throw error(
            .unsupported("\(name) is not the filter [1, 3, 3, 1], the only one supported"))
        }
      }
    }
  }
}

extension SourceTensor {
  /// Zeros where a file has nothing and the network needs nothing but the shape.
  init(zeros shape: [Int]) {
    let array = NPYArray(Tensor(zeros: Shape(shape)))
    self.init(array.view)
  }
}
