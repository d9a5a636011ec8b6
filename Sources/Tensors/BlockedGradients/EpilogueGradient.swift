import CKernels

/// Back through `StyledEpilogue` in one pass over memory, from the activations it wrote. Without
/// its filter, which `blurBackward` takes care of.
package struct EpilogueGradient {
  /// What the epilogue was given.
  package var epilogue: StyledEpilogue
  /// Sums over pixels, of whole blocks of channels.
  package struct Result {
    /// Gradient of the next layer's style.
    package var style: [Float]
    package var demodulation: [Float]
    /// Of each picture channel's weights (times style), [rgbChannels · channels]; empty without.
    package var rgbWeight: [Float]
    /// Σ over channels of the gradient behind noise and bias, [height, width]; nil where not
    /// wanted.
    package var noise: Tensor?
  }

  /// Whether it wrote them tiled in two parts; its block is 16 here all the same.
  package var isTiled: Bool

  package init(of epilogue: StyledEpilogue, isTiled: Bool = false) {
    precondition(!isTiled || epilogue.block == 16)
    self.epilogue = epilogue
    self.isTiled = isTiled
  }

  /// - Parameters:
  ///   - out: the activations the epilogue wrote, times the next style
  ///   - gradient: of `out` on entry, where `hasGradient`; of the filtered convolution's result on
  ///     return
  ///   - picture: the gradient of the layer's picture, [rgbChannels, height, width], where it made
  ///     one
  package func run(
    out: Storage, gradient: Storage, hasGradient: Bool, picture: Tensor?, wantsNoise: Bool
  ) -> Result {
    let channels = epilogue.channels
    let kinds = epilogue.rgbWeight == nil ? 0 : epilogue.rgbChannels
    precondition((picture == nil) == (epilogue.rgbWeight == nil), "a picture without its gradient")
    let sums = Storage(count: channels * (2 + kinds))
    let noise = wantsNoise ? Storage(count: epilogue.height * epilogue.width) : nil
    unsafe epilogue.withNative { native in
      unsafe sums.withUnsafeMutablePointer { sums in
        var e = unsafe mien_epilogue_gradient()
        if isTiled {
          unsafe e.tiled = out.withUnsafePointer { unsafe elements(of: $0) }
        } else {
          unsafe e.out = out.withUnsafePointer { unsafe $0 }
        }
        let room = unsafe gradient.withUnsafeMutablePointer { unsafe $0 }
        unsafe e.grad_out = hasGradient ? UnsafePointer(room) : nil
        unsafe e.grad_y = room
        unsafe e.style = native.style
        unsafe e.rgb_weight = native.rgb_weight
        unsafe e.rgb_channels = Int32(kinds)
        unsafe e.demodulation = native.demodulation
        unsafe e.bias = native.bias
        unsafe e.noise = native.noise
        unsafe e.noise_strength = native.noise_strength
        unsafe e.slope = native.slope
        unsafe e.gain = native.gain
        unsafe e.clamp = native.clamp
        unsafe e.noise_grad = noise?.withUnsafeMutablePointer { unsafe $0 }
        unsafe e.style_grad = sums
        unsafe e.demodulation_grad = sums + channels
        unsafe e.rgb_grad = sums + 2 * channels
        unsafe e.channels = native.channels
        unsafe e.block = native.block
        unsafe e.height = native.height
        unsafe e.width = native.width
        func backward() {
          let status = unsafe mien_epilogue_backward(&e)
          precondition(status == 0, "out of memory for \(channels) channels")
        }
        if let picture {
          unsafe picture.withUnsafeBuffer {
            unsafe e.grad_rgb = $0.baseAddress
            backward()
          }
        } else {
          backward()
        }
      }
    }
    withExtendedLifetime((out, gradient, noise)) {}
    let all = Tensor(sharing: sums, shape: [sums.count]).values
    return Result(
      style: Array(all[..<channels]), demodulation: Array(all[channels..<2 * channels]),
      rgbWeight: Array(all[(2 * channels)...]),
      noise: noise.map { Tensor(sharing: $0, shape: [epilogue.height, epilogue.width]) })
  }
}

/// The transpose of the blur behind a transposed convolution: blocked [side][side] to
/// [side + 1][side + 1].
package func blurBackward(
  _ x: Storage, to y: Storage, channels: Int, block: Int, side: Int
) {
  precondition(
    x.count >= channels * side * side && y.count >= channels * (side + 1) * (side + 1))
  unsafe x.withUnsafePointer { x in
    unsafe y.withUnsafeMutablePointer { y in
      unsafe mien_blur_backward(x, y, Int32(channels), Int32(block), Int32(side))
    }
  }
}
