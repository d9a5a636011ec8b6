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

  /// Where the gradient of the filtered convolution's result goes.
  package enum Target {
    case tiled(Storage)
    /// float32 in blocks of 16 channels, rounded up to 32.
    case blocked(Storage)
  }

  package init(of epilogue: StyledEpilogue) { self.epilogue = epilogue }

  /// From blocked activations.
  ///
  /// - Parameters:
  ///   - out: the activations the epilogue wrote, times the next style
  ///   - gradient: of `out` on entry, where `hasGradient`; of the filtered convolution's result on
  ///     return
  ///   - picture: the gradient of the layer's picture, [rgbChannels, height, width], where it made
  ///     one
  package func run(
    out: Storage, gradient: Storage, hasGradient: Bool, picture: Tensor?, wantsNoise: Bool
  ) -> Result {
    defer { withExtendedLifetime((out, gradient)) {} }
    return unsafe sums(picture: picture, wantsNoise: wantsNoise) { e in
      let room = unsafe gradient.withUnsafeMutablePointer { unsafe $0 }
      unsafe e.out = out.withUnsafePointer { unsafe $0 }
      unsafe e.grad_out = hasGradient ? UnsafePointer(room) : nil
      unsafe e.grad_y = room
      return unsafe mien_epilogue_backward(&e)
    }
  }

  /// From tiled activations in two parts, together with the backward convolution of the layer that
  /// read them; the epilogue's block is 32.
  ///
  /// - Parameters:
  ///   - layer: plain or strided, with the gradient of its result; nil where nothing but the picture
  ///     came of the activations
  ///   - out, picture: as above
  package func run(
    behind layer: (convolution: TiledLayer, gradient: Storage)?, out: Storage, picture: Tensor?,
    wantsNoise: Bool, to target: Target, scratch: Storage
  ) -> Result {
    precondition(epilogue.block == 32, "tiled activations have blocks of 32")
    precondition(scratch.count >= layer?.convolution.scratchCount ?? 0, "too little working memory")
    defer { withExtendedLifetime((out, layer, target, scratch)) {} }
    return unsafe sums(picture: picture, wantsNoise: wantsNoise) { e in
      unsafe e.tiled = out.withUnsafePointer { unsafe elements(of: $0) }
      switch target {
      case .tiled(let storage):
        unsafe e.grad_tiled = storage.withUnsafeMutablePointer { unsafe elements(of: $0) }
      case .blocked(let storage):
        precondition(storage.count >= epilogue.channels * epilogue.height * epilogue.width)
        unsafe e.grad_y = storage.withUnsafeMutablePointer { unsafe $0 }
      }
      return unsafe mien_tile_layer_run_backward(
        layer?.convolution.handle,
        layer?.gradient.withUnsafePointer { unsafe elements(of: $0) }, &e,
        scratch.withUnsafeMutablePointer { unsafe $0 })
    }
  }

  /// Calls `backward` with everything but activations and gradients.
  private func sums(
    picture: Tensor?, wantsNoise: Bool, _ backward: (inout mien_epilogue_gradient) -> Int32
  ) -> Result {
    let channels = epilogue.channels
    let kinds = epilogue.rgbWeight == nil ? 0 : epilogue.rgbChannels
    precondition((picture == nil) == (epilogue.rgbWeight == nil), "a picture without its gradient")
    let sums = Storage(count: channels * (2 + kinds))
    let noise = wantsNoise ? Storage(count: epilogue.height * epilogue.width) : nil
    unsafe epilogue.withNative { native in
      unsafe sums.withUnsafeMutablePointer { sums in
        var e = unsafe mien_epilogue_gradient()
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
        unsafe withOptional(picture) {
          unsafe e.grad_rgb = $0
          let status = unsafe backward(&e)
          precondition(status == 0, "out of memory for \(channels) channels")
        }
      }
    }
    withExtendedLifetime(noise) {}
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
