import CDNNL

/// A 3×3 convolution of one shape on blocked activations, weights packed once. The fast twin of
/// `Convolution(padding: 1)` and `TransposedConvolution()`.
@safe package final class BlockedConvolution {
  package enum Kind: Sendable { case plain, transposed }
  package enum Algorithm: String, Sendable { case direct, winograd }

  package let kind: Kind
  package let algorithm: Algorithm
  /// oneDNN's name of the implementation it chose.
  package let implementation: String
  /// Floats of working memory `run` needs.
  package let scratchCount: Int
  /// Bytes of the packed weights.
  package let weightBytes: Int
  private let handle: OpaquePointer

  /// - Parameters:
  ///   - weight: [O, I, 3, 3], float32
  ///   - height, width: of the input
  /// - Returns: nil where oneDNN has no such algorithm for the shape on this processor.
  package init?(
    kind: Kind, algorithm: Algorithm, weight: Tensor, height: Int, width: Int, block: Int
  ) {
    let shape = mien_convolution_shape(
      kind: kind == .plain ? mien_convolution_plain : mien_convolution_transposed, batch: 1,
      in_channels: Int32(weight.shape[1]), out_channels: Int32(weight.shape[0]),
      height: Int32(height), width: Int32(width), kernel: Int32(weight.shape[2]),
      padding: kind == .plain ? Int32(weight.shape[2] / 2) : 0)
    let created = unsafe weight.withUnsafeBuffer { weights in
      unsafe mien_convolution_create(
        shape, algorithm == .direct ? mien_algorithm_direct : mien_algorithm_winograd,
        Int32(block), weights.baseAddress)
    }
    guard let created = unsafe created else { return nil }
    unsafe handle = created
    self.kind = kind
    self.algorithm = algorithm
    implementation = unsafe String(cString: mien_convolution_implementation(created))
    scratchCount = unsafe mien_convolution_scratch(created)
    weightBytes = unsafe mien_convolution_weight_bytes(created)
  }

  deinit { unsafe mien_convolution_destroy(handle) }

  /// destination = convolution of source, both blocked; `scratch` holds at least `scratchCount`
  /// floats. One run at a time.
  package func run(_ source: Storage, to destination: Storage, scratch: Storage) {
    precondition(scratch.count >= scratchCount, "too little working memory")
    unsafe source.withUnsafePointer { source in
      unsafe destination.withUnsafeMutablePointer { destination in
        unsafe scratch.withUnsafeMutablePointer { scratch in
          unsafe mien_convolution_run(handle, source, destination, scratch)
        }
      }
    }
  }
}
