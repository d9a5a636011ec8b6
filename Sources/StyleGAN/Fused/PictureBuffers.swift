import Tensors

/// The pictures of one resolution. A picture that went out as a tensor is not written to while
/// anyone holds it; buffers come back when the tensors are gone, so that frames allocate nothing.
struct PictureBuffers {
  private var buffers: [Storage] = []
  private var latest: Int?
  private let count: Int

  /// - Parameter count: floats of a picture
  init(count: Int) { self.count = count }

  /// The newest picture.
  var current: Storage? { latest.map { buffers[$0] } }

  /// A buffer that nobody reads, which becomes the current one.
  mutating func next() -> Storage {
    for index in buffers.indices where isKnownUniquelyReferenced(&buffers[index]) {
      latest = index
      return buffers[index]
    }
    buffers.append(Storage(count: count))
    latest = buffers.count - 1
    return buffers[buffers.count - 1]
  }
}
