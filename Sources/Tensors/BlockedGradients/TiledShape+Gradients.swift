import CKernels

// Passes of the backward path on tiled activations in two parts; the twins of `BlockedShape`'s.
extension TiledShape {
  /// Elements of float32 unit activations, [channels / 32][side][side][32].
  package var unitCount: Int { Blocking.rounded(channels, block: 32) * side * side }

  /// Behind 2 × 2 pooling.
  package var halved: TiledShape { TiledShape(channels: channels, side: side / 2) }

  /// [channels, side, side].
  package func plain(_ storage: Storage) -> Tensor {
    unsafe Tensor(shape: [channels, side, side]) { plain in
      unsafe storage.withUnsafePointer {
        unsafe mien_tiled_to_plain(elements(of: $0), plain.baseAddress, native)
      }
    }
  }

  /// The largest of every 2 × 2 pixels of `x`, the twin of `MaxPooling`.
  package func maxPool(_ x: Storage, to y: Storage) {
    unsafe x.withUnsafePointer { x in
      unsafe y.withUnsafeMutablePointer { y in
        unsafe mien_tiled_max_pool(elements(of: x), elements(of: y), native)
      }
    }
  }

  /// Activations brought to unit length over the channels of every pixel, `unitCount` floats.
  package func unitChannels(_ x: Storage, to y: Storage) {
    precondition(y.count >= unitCount)
    unsafe x.withUnsafePointer { x in
      unsafe y.withUnsafeMutablePointer { y in
        unsafe mien_tiled_unit_channels(elements(of: x), y, native)
      }
    }
  }

  /// A tap of LPIPS: Σ weight (unit activations − target)², and its gradient with respect to what
  /// the last convolution wrote.
  ///
  /// - Parameters:
  ///   - activations: behind ReLU
  ///   - target: of `unitChannels`
  ///   - weight: of squared differences summed over pixels, for channels in whole blocks of 32
  ///   - pooled: the gradient of `maxPool`'s result; nil where nothing comes behind
  ///   - gradient: overwritten
  package func lpipsBackward(
    activations: Storage, target: Storage, weight: [Float], pooled: Storage?, to gradient: Storage
  ) -> Double {
    precondition(
      target.count >= unitCount && weight.count == Blocking.rounded(channels, block: 32))
    var tap = unsafe mien_tiled_lpips_tap()
    unsafe tap.activations = activations.withUnsafePointer { unsafe elements(of: $0) }
    unsafe tap.target = target.withUnsafePointer { unsafe $0 }
    unsafe tap.grad_pooled = pooled?.withUnsafePointer { unsafe elements(of: $0) }
    unsafe tap.grad = gradient.withUnsafeMutablePointer { unsafe elements(of: $0) }
    unsafe tap.shape = native
    let distance = unsafe weight.withUnsafeBufferPointer { weight in
      unsafe tap.weight = weight.baseAddress
      return unsafe mien_tiled_lpips_backward(&tap)
    }
    withExtendedLifetime((activations, target, pooled, gradient)) {}
    precondition(distance >= 0 || distance.isNaN, "out of memory for a tap of \(self)")
    return distance
  }
}
