import CKernels

/// Activations as the matrix tiles read them: bfloat16 in one part or two, blocks of 32 channels, a
/// border of zeros (`tiles.h` has the layout). Twice bfloat16 takes the room of one float32.
package struct TiledShape: Hashable, Sendable {
  package var channels: Int
  package var side: Int

  package init(channels: Int, side: Int) {
    self.channels = channels
    self.side = side
  }

  var native: mien_tiled_shape {
    mien_tiled_shape(channels: Int32(channels), height: Int32(side), width: Int32(side))
  }

  /// Room for both parts, the border zero.
  package func makeStorage() -> Storage { Storage(zeros: (mien_tiled_count(native) + 1) / 2) }

  /// Plain [channels, side, side] times style into tiled form.
  package func fill(_ storage: Storage, from plain: Tensor, style: [Float]?, parts: Int) {
    precondition(plain.count == channels * side * side && style?.count ?? channels == channels)
    unsafe plain.withUnsafeBuffer { plain in
      unsafe withOptional(style) { style in
        unsafe storage.withUnsafeMutablePointer { storage in
          unsafe mien_tiled_from_plain(
            plain.baseAddress, style, elements(of: storage), native, Int32(parts))
        }
      }
    }
  }
}

/// A 3×3 convolution of a synthesis layer and what follows it, on matrix tiles: the fast twin of
/// `BlockedConvolution` with `StyledEpilogue` where the processor has AMX.
@safe package final class TiledLayer {
  package static var isAvailable: Bool { mien_tiles_available() != 0 }

  package let inputs: Int
  package let outputs: Int
  /// Channel vectors of the epilogue have this length: whole blocks of 32.
  package var rounded: Int { Blocking.rounded(outputs, block: 32) }
  /// Pixels a side of the input.
  package let side: Int
  package let isUp: Bool
  /// Floats of working memory `run` needs, for the rows there are now.
  package var scratchCount: Int { unsafe mien_tile_layer_scratch(handle) }
  /// Bytes of the packed weights.
  package let weightBytes: Int
  let handle: OpaquePointer

  /// Rows of the input in a strip, 2 or more; `side` of them share the outputs among the threads
  /// instead of the rows. Chosen by the size of the caches at first.
  package var rows: Int {
    get { Int(unsafe mien_tile_layer_rows(handle)) }
    set { unsafe mien_tile_layer_set_rows(handle, Int32(newValue)) }
  }

  /// Whether rows are made two by two by Winograd's F(2, 3): large plain layers.
  package var isPaired: Bool { unsafe mien_tile_layer_is_paired(handle) != 0 }

  /// - Precondition: `isAvailable`.
  package init(inputs: Int, outputs: Int, side: Int, isUp: Bool) {
    let created = unsafe mien_tile_layer_create(
      Int32(inputs), Int32(outputs), Int32(side), Int32(side), isUp ? 1 : 0)
    guard let created = unsafe created else {
      preconditionFailure("no matrix tiles, or no memory for \(outputs)×\(inputs) weights")
    }
    self.inputs = inputs
    self.outputs = outputs
    self.side = side
    self.isUp = isUp
    unsafe handle = created
    weightBytes = unsafe mien_tile_layer_weight_bytes(created)
  }

  /// A 3×3 convolution with stride 2 and no padding, [2 side + 1]² to [side]², of what
  /// `TiledShape.blurBackward` writes.
  package init(strided inputs: Int, outputs: Int, side: Int) {
    let created = unsafe mien_tile_layer_create_strided(
      Int32(inputs), Int32(outputs), Int32(side))
    guard let created = unsafe created else {
      preconditionFailure("no matrix tiles, or no memory for \(outputs)×\(inputs) weights")
    }
    self.inputs = inputs
    self.outputs = outputs
    self.side = side
    isUp = false
    unsafe handle = created
    weightBytes = unsafe mien_tile_layer_weight_bytes(created)
  }

  deinit { unsafe mien_tile_layer_destroy(handle) }

  /// - Parameters:
  ///   - weight: [O, I, 3, 3]
  ///   - style: [I], multiplied into the weights; nil where the activations carry it
  package func pack(_ weight: Tensor, style: [Float]?) {
    precondition(weight.count == inputs * outputs * 9 && style?.count ?? inputs == inputs)
    unsafe weight.withUnsafeBuffer { weight in
      unsafe withOptional(style) { style in
        unsafe mien_tile_layer_pack(handle, weight.baseAddress, style)
      }
    }
  }

  /// - Parameters:
  ///   - source: of `TiledShape(channels: inputs, side: side)`
  ///   - parts: 1 for bfloat16, 2 for float32's accuracy
  ///   - target: tiled activations of the result; nil where only the picture is wanted
  ///   - rgb: [rgbChannels][r²], overwritten where the epilogue has toRGB weights
  package func run(
    _ source: Storage, parts: Int, epilogue: StyledEpilogue, to target: Storage?, rgb: Storage?,
    scratch: Storage
  ) {
    precondition(scratch.count >= scratchCount, "too little working memory")
    precondition(epilogue.channels == rounded && (epilogue.filter == .blur) == isUp)
    precondition((epilogue.rgbWeight == nil) == (rgb == nil), "a picture needs weights and room")
    precondition(!isUp || rgb == nil, "no picture behind an up-convolution")
    unsafe epilogue.withNative { native in
      unsafe native.rgb = rgb?.withUnsafeMutablePointer { unsafe $0 }
      unsafe source.withUnsafePointer { source in
        unsafe scratch.withUnsafeMutablePointer { scratch in
          unsafe mien_tile_layer_run(
            handle, elements(of: source), Int32(parts), &native,
            target?.withUnsafeMutablePointer { unsafe elements(of: $0) }, scratch)
        }
      }
    }
    withExtendedLifetime((target, rgb)) {}
  }

  /// The convolution alone, in two parts; zero where `activations` are not above it.
  ///
  /// - Parameters:
  ///   - source: of `TiledShape(channels: inputs, side: side)`
  ///   - activations: tiled, of the result's shape; nil for none
  /// - Precondition: not `isUp`.
  package func runMasked(
    _ source: Storage, by activations: Storage?, to target: Storage, scratch: Storage
  ) {
    precondition(scratch.count >= scratchCount && !isUp)
    unsafe source.withUnsafePointer { source in
      unsafe target.withUnsafeMutablePointer { target in
        unsafe scratch.withUnsafeMutablePointer { scratch in
          unsafe mien_tile_layer_run_masked(
            handle, elements(of: source),
            activations?.withUnsafePointer { unsafe elements(of: $0) }, elements(of: target),
            scratch)
        }
      }
    }
    withExtendedLifetime(activations) {}
  }
}

func elements(of floats: UnsafePointer<Float>) -> UnsafePointer<UInt16> {
  unsafe UnsafeRawPointer(floats).assumingMemoryBound(to: UInt16.self)
}

func elements(of floats: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<UInt16> {
  unsafe UnsafeMutableRawPointer(floats).assumingMemoryBound(to: UInt16.self)
}
