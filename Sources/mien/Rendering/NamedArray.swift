import Checkpoints

/// A float32 array on its way to a NumPy file.
struct NamedArray {
  let name: String
  let values: [Float]
  let shape: [Int]

  init(_ name: String, _ values: [Float], _ shape: [Int]) {
    self.name = name
    self.values = values
    self.shape = shape
  }

  /// As `.npy`, which has no names.
  func write(to path: String) throws {
    throw Failure.failed("no npy yet")
  }

  /// All in one `.npz`.
  static func write(_ arrays: [NamedArray], to path: String) throws {
    throw Failure.failed("no npz yet")
  }
}
