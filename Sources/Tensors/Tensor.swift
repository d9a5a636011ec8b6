/// A float32 array with a shape, row-major, a value: a copy never sees another's changes.
///
/// Image tensors are [N, C, H, W]. Copies share storage until one of them is written to.
///
/// A tensor computed from a `variable` also knows how it came about, so that `gradients` can be
/// taken. One that was not carries nothing and costs nothing.
package struct Tensor: Sendable {
  package let shape: Shape
  private var storage: Storage
  /// nil for a constant.
  private(set) var derivation: Derivation?

  /// A tensor whose elements `initialize` writes; it must write all `shape.count` of them.
  package init<E: Error>(
    shape: Shape, initializingWith initialize: (UnsafeMutableBufferPointer<Float>) throws(E) -> Void
  ) throws(E) {
    self.shape = shape
    storage = Storage(count: shape.count)
    try unsafe storage.withUnsafeMutablePointer { pointer throws(E) in
      try unsafe initialize(UnsafeMutableBufferPointer(start: pointer, count: shape.count))
    }
  }

  /// - Precondition: `values.count == shape.count`.
  package init(_ values: [Float], shape: Shape) {
    precondition(
      values.count == shape.count, "\(values.count) values do not fill a tensor of \(shape)")
    unsafe self.init(shape: shape) { unsafe _ = $0.initialize(from: values) }
  }

  package init(repeating value: Float, shape: Shape) {
    unsafe self.init(shape: shape) { unsafe $0.initialize(repeating: value) }
  }

  package init(zeros shape: Shape) { self.init(repeating: 0, shape: shape) }

  package var count: Int { shape.count }

  /// The elements in row-major order, copied.
  package var values: [Float] {
    unsafe withUnsafeBuffer { unsafe Array($0) }
  }

  /// Reads the elements in row-major order; the buffer must not leave `body`.
  package func withUnsafeBuffer<R, E: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    try unsafe storage.withUnsafePointer { pointer throws(E) in
      try unsafe body(UnsafeBufferPointer(start: pointer, count: shape.count))
    }
  }

  /// Writes elements in place, copying first where the storage is shared. What is written to is
  /// a constant from then on.
  package mutating func withUnsafeMutableBuffer<R, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    derivation = nil
    if !isKnownUniquelyReferenced(&storage) {
      self = unsafe Tensor(shape: shape) { destination in
        unsafe withUnsafeBuffer { unsafe _ = destination.initialize(from: $0) }
      }
    }
    return try unsafe storage.withUnsafeMutablePointer { pointer throws(E) in
      try unsafe body(UnsafeMutableBufferPointer(start: pointer, count: shape.count))
    }
  }

  /// The same elements in another shape of the same count.
  package func reshaped(_ shape: Shape) -> Tensor {
    Tensor.applying(Reshaping(to: shape), to: self)
  }

  /// The same elements, as a constant.
  package var constant: Tensor { Tensor(storage: storage, shape: shape) }

  /// The same elements in another shape of the same count, as a constant.
  func withShape(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "cannot reshape \(self.shape) to \(shape)")
    return Tensor(storage: storage, shape: shape)
  }

  func derived(_ derivation: Derivation) -> Tensor {
    var result = constant
    result.derivation = derivation
    return result
  }

  /// The first elements of `storage`, shared: whoever writes to the storage while a tensor reads it
  /// must first see that it holds the only reference.
  package init(sharing storage: Storage, shape: Shape) {
    precondition(storage.count >= shape.count, "\(storage.count) floats for \(shape)")
    self.init(storage: storage, shape: shape)
  }

  private init(storage: Storage, shape: Shape) {
    self.storage = storage
    self.shape = shape
  }
}
