import Checkpoints
import Files
import Tensors

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

  private var array: NPYArray { NPYArray(Tensor(values, shape: Shape(shape))) }

  /// As `.npy`, which has no names.
  func write(to path: String) throws(FileError) {
    try array.save(to: path)
  }

  /// All in one `.npz`.
  static func write(_ arrays: [NamedArray], to path: String) throws(FileError) {
    try NPZArchive.save(arrays.map { ($0.name, $0.array) }, to: path)
  }
}
