import CDNNL

/// A stride-2 convolution without padding on blocked activations, weights packed once: the fast
/// twin of `StridedConvolution`, for the gradient of `BlockedConvolution`'s transposed kind.
@safe package final class StridedBlockedConvolution {
  private let handle: OpaquePointer

  /// - Parameters:
  ///   - weight: [O, I, k, k]
  ///   - side: of the input; side − k is even
  package init(weight: Tensor, side: Int, block: Int) {
    // oneDNN takes fewer inputs than a block for a picture and refuses them in blocks.
    let inputs = Blocking.rounded(weight.shape[1], block: block)
    let weight = Tensor.applying(
      ZeroExtension(before: 0, after: inputs - weight.shape[1]), to: weight)
    let shape = mien_correlation(
      batch: 1, in_channels: Int32(weight.shape[1]), out_channels: Int32(weight.shape[0]),
      height: Int32(side), width: Int32(side), kernel: Int32(weight.shape[2]), stride: 2,
      padding: 0)
    let created = unsafe weight.withUnsafeBuffer {
      unsafe mien_strided_create(shape, Int32(block), $0.baseAddress)
    }
    guard let created = unsafe created else {
      preconditionFailure("oneDNN has no strided convolution for \(weight.shape) at \(side)²")
    }
    unsafe handle = created
  }

  deinit { unsafe mien_strided_destroy(handle) }

  /// destination = convolution of source, both blocked. One run at a time.
  package func run(_ source: Storage, to destination: Storage) {
    unsafe source.withUnsafePointer { source in
      unsafe destination.withUnsafeMutablePointer { destination in
        unsafe mien_strided_run(handle, source, destination)
      }
    }
  }
}
