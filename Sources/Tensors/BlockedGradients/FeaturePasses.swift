import CKernels

/// The size of blocked activations.
package struct BlockedShape: Hashable, Sendable {
  /// Rounded up to whole blocks.
  package var channels: Int
  package var block: Int
  package var height: Int
  package var width: Int

  package init(channels: Int, block: Int, height: Int, width: Int) {
    self.channels = Blocking.rounded(channels, block: block)
    self.block = block
    self.height = height
    self.width = width
  }

  package var count: Int { channels * height * width }

  /// Behind 2 × 2 pooling.
  package var halved: BlockedShape {
    BlockedShape(channels: channels, block: block, height: height / 2, width: width / 2)
  }

  /// The largest of every 2 × 2 pixels of `x`, the twin of `MaxPooling`.
  package func maxPool(_ x: Storage, to y: Storage) {
    precondition(x.count >= count && y.count >= halved.count)
    unsafe x.withUnsafePointer { x in
      unsafe y.withUnsafeMutablePointer { y in
        unsafe mien_max_pool(
          x, y, Int32(channels), Int32(block), Int32(height), Int32(width))
      }
    }
  }

  /// x = 0 where the activations are.
  package func reLUBackward(activations: Storage, _ x: Storage) {
    precondition(x.count >= count && activations.count >= count)
    unsafe activations.withUnsafePointer { activations in
      unsafe x.withUnsafeMutablePointer { x in
        unsafe mien_relu_backward(activations, x, count)
      }
    }
  }

  /// Activations brought to unit length over the channels of every pixel.
  package func unitChannels(_ x: Storage, to y: Storage) {
    precondition(x.count >= count && y.count >= count)
    unsafe x.withUnsafePointer { x in
      unsafe y.withUnsafeMutablePointer { y in
        unsafe mien_unit_channels(
          x, y, Int32(channels), Int32(block), Int32(height), Int32(width))
      }
    }
  }

  /// A tap of LPIPS: Σ weight (unit activations − target)², and its gradient with respect to what
  /// the last convolution wrote.
  ///
  /// - Parameters:
  ///   - activations: behind ReLU
  ///   - target: of `unitChannels`
  ///   - weight: [channels], of squared differences summed over pixels
  ///   - pooled: the gradient of `maxPool`'s result; nil where nothing comes behind
  ///   - gradient: overwritten
  package func lpipsBackward(
    activations: Storage, target: Storage, weight: [Float], pooled: Storage?, to gradient: Storage
  ) -> Double {
    precondition(
      activations.count >= count && target.count >= count && gradient.count >= count
        && weight.count == channels && pooled.map { $0.count >= halved.count } ?? true)
    var tap = unsafe mien_lpips_tap()
    unsafe tap.activations = activations.withUnsafePointer { unsafe $0 }
    unsafe tap.target = target.withUnsafePointer { unsafe $0 }
    unsafe tap.grad_pooled = pooled?.withUnsafePointer { unsafe $0 }
    unsafe tap.grad = gradient.withUnsafeMutablePointer { unsafe $0 }
    unsafe tap.channels = Int32(channels)
    unsafe tap.block = Int32(block)
    unsafe tap.height = Int32(height)
    unsafe tap.width = Int32(width)
    let distance = unsafe weight.withUnsafeBufferPointer { weight in
      unsafe tap.weight = weight.baseAddress
      return unsafe mien_lpips_backward(&tap)
    }
    withExtendedLifetime((activations, target, pooled, gradient)) {}
    precondition(distance >= 0 || distance.isNaN, "out of memory for a tap of \(self)")
    return distance
  }
}
