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

  package init(filter: Filter, channels: Int, block: Int, height: Int, width: Int) {
    self.filter = filter
    self.channels = channels
    self.block = block
    self.height = height
    self.width = width
    demodulation = Array(repeating: 1, count: channels)
    bias = Array(repeating: 0, count: channels)
  }

  /// - Parameters:
  ///   - y: what the convolution wrote
  ///   - out: blocked activations; may be `y` where there is no filter; nil where only the picture
  ///     is wanted
  ///   - rgb: [rgbChannels][height · width], overwritten where `rgbWeight` is set
  package func run(_ y: Storage, to out: Storage?, rgb: Storage?) {
    precondition(demodulation.count == channels && bias.count == channels)
    precondition(style?.count ?? channels == channels)
    precondition(rgbWeight?.count ?? rgbChannels * channels == rgbChannels * channels)
    precondition(noise?.map.count ?? height * width == height * width)
    let positions = filter == .blur ? (height + 1) * (width + 1) : height * width
    precondition(y.count >= channels * positions, "the convolution's result is too small")
    precondition((rgbWeight == nil) == (rgb == nil), "a picture needs weights and room")
    // Arrays stay alive for the call through these closures; absent ones pass NULL.
    unsafe demodulation.withUnsafeBufferPointer { demodulation in
      unsafe bias.withUnsafeBufferPointer { bias in
        unsafe withOptional(style) { style in
          unsafe withOptional(rgbWeight) { rgbWeight in
            unsafe withOptionalTensor(noise?.map) { noiseMap in
              unsafe y.withUnsafePointer { y in
                var e = unsafe mien_epilogue()
                unsafe e.y = y
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
                unsafe e.out = out?.withUnsafeMutablePointer { unsafe $0 }
                unsafe e.rgb = rgb?.withUnsafeMutablePointer { unsafe $0 }
                switch filter {
                case .none: unsafe mien_epilogue_plain(&e)
                case .blur: unsafe mien_epilogue_blur(&e)
                }
              }
            }
          }
        }
      }
    }
    withExtendedLifetime((out, rgb)) {}
  }
}

private func withOptional<R>(_ array: [Float]?, _ body: (UnsafePointer<Float>?) -> R) -> R {
  guard let array else { return body(nil) }
  return unsafe array.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
}

private func withOptionalTensor<R>(_ tensor: Tensor?, _ body: (UnsafePointer<Float>?) -> R) -> R {
  guard let tensor else { return body(nil) }
  return unsafe tensor.withUnsafeBuffer { unsafe body($0.baseAddress) }
}
