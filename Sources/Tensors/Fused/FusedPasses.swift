import CKernels

// Small passes of the fused path, each the twin of an expression over tensor operations.

/// A x · gain + b for A [rows, columns], x [columns], b [rows] or nil.
package func affine(_ a: Tensor, _ x: [Float], bias: Tensor?, gain: Float) -> [Float] {
  let rows = a.shape[0]
  let columns = a.count / max(1, rows)
  precondition(x.count == columns && bias?.count ?? rows == rows)
  return unsafe [Float](unsafeUninitializedCapacity: rows) { y, count in
    unsafe a.withUnsafeBuffer { a in
      unsafe x.withUnsafeBufferPointer { x in
        if let bias {
          unsafe bias.withUnsafeBuffer { b in
            unsafe mien_affine(
              a.baseAddress, x.baseAddress, b.baseAddress, gain, y.baseAddress, Int32(rows),
              Int32(columns))
          }
        } else {
          unsafe mien_affine(
            a.baseAddress, x.baseAddress, nil, gain, y.baseAddress, Int32(rows), Int32(columns))
        }
      }
    }
    count = rows
  }
}

/// Plain [channels, pixels] times a factor per channel into blocked activations.
package func blockScaled(
  _ plain: Tensor, style: [Float], channels: Int, block: Int, to blocked: Storage
) {
  let pixels = plain.count / channels
  precondition(blocked.count >= Blocking.rounded(channels, block: block) * pixels)
  unsafe plain.withUnsafeBuffer { plain in
    unsafe style.withUnsafeBufferPointer { style in
      unsafe blocked.withUnsafeMutablePointer { blocked in
        unsafe mien_block_scaled(
          plain.baseAddress, style.baseAddress, blocked, Int32(channels), Int32(pixels),
          Int32(block))
      }
    }
  }
}

/// Blocked activations of `channels` channels as a plain [channels, height, width].
package func unblocked(
  _ blocked: Storage, channels: Int, height: Int, width: Int, block: Int
) -> Tensor {
  unsafe Tensor(shape: [channels, height, width]) { plain in
    unsafe blocked.withUnsafePointer { blocked in
      unsafe mien_unblock(
        blocked, plain.baseAddress, Int32(channels), Int32(height * width), Int32(block))
    }
  }
}

/// image += bias, clamped, plus the 2× upsampled `previous`: one step of the skip architecture.
/// `image` holds [channels][side²]; `previous` [channels][(side / 2)²] or nil for the first one.
package func skipAdd(
  _ image: Storage, previous: Storage?, bias: [Float], clamp: Float, side: Int
) {
  precondition(image.count >= bias.count * side * side)
  unsafe image.withUnsafeMutablePointer { image in
    unsafe bias.withUnsafeBufferPointer { bias in
      if let previous {
        unsafe previous.withUnsafePointer { previous in
          unsafe mien_skip_add(
            image, previous, bias.baseAddress, clamp, Int32(bias.count), Int32(side / 2),
            Int32(side / 2))
        }
      } else {
        unsafe mien_skip_add(
          image, nil, bias.baseAddress, clamp, Int32(bias.count), Int32(side), Int32(side))
      }
    }
  }
}
