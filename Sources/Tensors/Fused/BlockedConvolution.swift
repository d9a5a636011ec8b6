import CDNNL
import CKernels

/// A 3×3 convolution of one shape on blocked activations, weights packed once. The fast twin of
/// `Convolution(padding: 1)` and `TransposedConvolution()`.
@safe package final class BlockedConvolution {
  package enum Kind: Sendable { case plain, transposed }
  package enum Algorithm: String, Sendable, CaseIterable {
    /// oneDNN, by definition.
    case direct
    /// oneDNN's Winograd; plain only.
    case winograd
    /// Our Winograd, which keeps the transformed picture in cache; AVX-512 only.
    case cachedWinograd
  }

  package let kind: Kind
  package let algorithm: Algorithm
  /// oneDNN's name of the implementation it chose.
  package let implementation: String
  /// Floats of working memory `run` needs.
  package let scratchCount: Int
  /// Bytes of the packed weights.
  package let weightBytes: Int
  private let handle: Handle

  @safe private enum Handle {
    case library(OpaquePointer)
    case own(OpaquePointer)
    case ownTransposed(OpaquePointer)
  }

  /// - Parameters:
  ///   - weight: [O, I, 3, 3], float32
  ///   - height, width: of the input
  /// - Returns: nil where there is no such algorithm for the shape on this processor.
  package init?(
    kind: Kind, algorithm: Algorithm, weight: Tensor, height: Int, width: Int, block: Int
  ) {
    self.kind = kind
    self.algorithm = algorithm
    if algorithm == .cachedWinograd {
      guard block == 16, weight.shape[2] == 3 else { return nil }
      let (outputs, inputs) = (Int32(weight.shape[0]), Int32(weight.shape[1]))
      let created = unsafe weight.withUnsafeBuffer { weights in
        switch kind {
        case .plain:
          unsafe mien_winograd_create(
            weights.baseAddress, inputs, outputs, Int32(height), Int32(width))
        case .transposed:
          unsafe mien_winograd_up_create(
            weights.baseAddress, inputs, outputs, Int32(height), Int32(width))
        }
      }
      guard let created = unsafe created else { return nil }
      switch kind {
      case .plain:
        unsafe handle = .own(created)
        implementation = "mien_wino_4x3:avx512"
        scratchCount = unsafe mien_winograd_scratch(created)
        weightBytes = unsafe mien_winograd_weight_bytes(created)
      case .transposed:
        unsafe handle = .ownTransposed(created)
        implementation = "mien_wino_up_4x2:avx512"
        scratchCount = unsafe mien_winograd_up_scratch(created)
        weightBytes = unsafe mien_winograd_up_weight_bytes(created)
      }
      return
    }
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
    unsafe handle = .library(created)
    implementation = unsafe String(cString: mien_convolution_implementation(created))
    scratchCount = unsafe mien_convolution_scratch(created)
    weightBytes = unsafe mien_convolution_weight_bytes(created)
  }

  deinit {
    switch handle {
    case .library(let handle): unsafe mien_convolution_destroy(handle)
    case .own(let handle): unsafe mien_winograd_destroy(handle)
    case .ownTransposed(let handle): unsafe mien_winograd_up_destroy(handle)
    }
  }

  /// destination = convolution of source, both blocked; `scratch` holds at least `scratchCount`
  /// floats. One run at a time.
  package func run(_ source: Storage, to destination: Storage, scratch: Storage) {
    precondition(scratch.count >= scratchCount, "too little working memory")
    unsafe source.withUnsafePointer { source in
      unsafe destination.withUnsafeMutablePointer { destination in
        unsafe scratch.withUnsafeMutablePointer { scratch in
          switch handle {
          case .library(let handle):
            unsafe mien_convolution_run(handle, source, destination, scratch)
          case .own(let handle): unsafe mien_winograd_run(handle, source, destination, scratch)
          case .ownTransposed(let handle):
            unsafe mien_winograd_up_run(handle, source, destination, scratch)
          }
        }
      }
    }
  }
}
