import CBytes
package import Tensors

extension Tensor {
  /// The first element that is NaN or infinite: its index in row-major order; nil where all are
  /// finite.
  package var firstNonFinite: Int? {
    let index = unsafe withUnsafeBuffer {
      unsafe mien_first_not_finite($0.baseAddress, $0.count)
    }
    return index < count ? index : nil
  }
}
