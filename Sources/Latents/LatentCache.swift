package import StyleGAN
import Tensors

/// Remembers the w of the seeds used last, so that dragging a slider does not run the mapping
/// network for each picture.
///
/// A value owned by whoever renders, for one model: start a new one when the model changes.
package struct LatentCache: Sendable {
  private struct Key: Hashable {
    let seed: UInt32
    let classIndex: Int?
  }
  private var entries: [(key: Key, w: Latent<W>)] = []
  /// Entries kept at most; the one unused longest goes first.
  package let capacity: Int

  package init(capacity: Int = 32) {
    precondition(capacity > 0, "a cache without room")
    self.capacity = capacity
  }

  package var count: Int { entries.count }

  /// The untruncated w of a seed.
  /// - Throws: `LatentError.classIndex` for a class the model lacks.
  package mutating func w(
    seed: UInt32, classIndex: Int?, model: any LatentModel
  ) throws(LatentError) -> Latent<W> {
    let classes = model.configuration.cDim
    if let classIndex, !(0..<classes).contains(classIndex) {
      throw .classIndex(classIndex, classes: classes)
    }
    let key = Key(seed: seed, classIndex: classes > 0 ? classIndex ?? 0 : nil)
    if let found = entries.firstIndex(where: { $0.key == key }) {
      let entry = entries.remove(at: found)
      entries.append(entry)
      return entry.w
    }
    let z = Latent<Z>(seed: seed, dimension: model.configuration.zDim)
    let w = Latent<W>(model.map(z: z.tensor, classIndices: key.classIndex.map { [$0] }).values)
    if entries.count == capacity { entries.removeFirst() }
    entries.append((key, w))
    return w
  }
}
