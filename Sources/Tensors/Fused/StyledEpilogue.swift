import CKernels

/// What follows a convolution of a synthesis layer, in one pass over memory:
/// v = clamp(gain · lrelu(filter(y) · demodulation + noise · strength + bias)), written out times
/// the next layer's style and summed into this layer's picture (StyleGAN2, figure 2c).
///
/// Channel vectors have the rounded length `channels`; activations are blocked.
package struct StyledEpilogue {
  /// The filter (1, 3, 3, 1) ⊗ (1, 3, 3, 1) / 16 behind a transposed convolution, whose result is
  /// one pixel larger a side, or nothing.
  package enum Filter: Sendable { case none, blur }

  package var filter: Filter
  package var channels: Int
  package var block: Int
  package var height: Int
  package var width: Int
  package var demodulation: [Float]
  package var bias: [Float]
  /// [height · width] and its strength.
  package var noise: (map: Tensor, strength: Float)?
  package var slope: Float = 0.2
  package var gain: Float = Float(2).squareRoot()
  package var clamp: Float = .infinity
  /// Multiplied into the activations for the next layer; nil for 1.
  package var style: [Float]?
  /// [rgbChannels · channels]: toRGB weights times their style; nil where no picture is wanted.
  package var rgbWeight: [Float]?
  package var rgbChannels = 3

  /// - Parameter demodulation, bias: of all channels, rounded up to whole blocks
  package init(
    filter: Filter, block: Int, height: Int, width: Int, demodulation: [Float], bias: [Float]
  ) {
    self.filter = filter
    self.block = block
    self.height = height
    self.width = width
    self.demodulation = demodulation
    self.bias = bias
    channels = demodulation.count
  }

  /// - Parameters:
  ///   - y: what the convolution wrote
  ///   - out: blocked activations; may be `y` where there is no filter; nil where only the picture
  ///     is wanted
  ///   - rgb: [rgbChannels][height · width], overwritten where `rgbWeight` is set
  package func run(_ y: Storage, to out: Storage?, rgb: Storage?) {
    let positions = filter == .blur ? (height + 1) * (width + 1) : height * width
    precondition(y.count >= channels * positions, "the convolution's result is too small")
    precondition((rgbWeight == nil) == (rgb == nil), "a picture needs weights and room")
    unsafe withNative { native in
      unsafe native.y = y.withUnsafePointer { unsafe $0 }
      unsafe native.out = out?.withUnsafeMutablePointer { unsafe $0 }
      unsafe native.rgb = rgb?.withUnsafeMutablePointer { unsafe $0 }
      switch filter {
      case .none: unsafe mien_epilogue_plain(&native)
      case .blur: unsafe mien_epilogue_blur(&native)
      }
    }
    withExtendedLifetime((y, out, rgb)) {}
  }

  /// Calls `body` with everything but `y`, `out` and `rgb`; the arrays stay alive for the call.
  func withNative(_ body: (inout mien_epilogue) -> Void) {
    precondition(demodulation.count == channels && bias.count == channels)
    precondition(style?.count ?? channels == channels)
    precondition(rgbWeight?.count ?? rgbChannels * channels == rgbChannels * channels)
    precondition(noise?.map.count ?? height * width == height * width)
    unsafe demodulation.withUnsafeBufferPointer { demodulation in
      unsafe bias.withUnsafeBufferPointer { bias in
        unsafe withOptional(style) { style in
          unsafe withOptional(rgbWeight) { rgbWeight in
            unsafe withOptional(noise?.map) { noiseMap in
              var e = unsafe mien_epilogue()
              unsafe e.demodulation = demodulation.baseAddress
              unsafe e.bias = bias.baseAddress
              unsafe e.noise = noiseMap
              unsafe e.noise_strength = noise?.strength ?? 0
              unsafe e.slope = slope
              unsafe e.gain = gain
              unsafe e.clamp = clamp
              unsafe e.style = style
              unsafe e.rgb_weight = rgbWeight
              unsafe e.rgb_channels = Int32(rgbChannels)
              unsafe e.channels = Int32(channels)
              unsafe e.block = Int32(block)
              unsafe e.height = Int32(height)
              unsafe e.width = Int32(width)
              unsafe body(&e)
            }
          }
        }
      }
    }
  }
}

func withOptional<R>(_ array: [Float]?, _ body: (UnsafePointer<Float>?) -> R) -> R {
  guard let array else { return body(nil) }
  return unsafe array.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
}

func withOptional<R>(_ tensor: Tensor?, _ body: (UnsafePointer<Float>?) -> R) -> R {
  guard let tensor else { return body(nil) }
  return unsafe tensor.withUnsafeBuffer { unsafe body($0.baseAddress) }
}
