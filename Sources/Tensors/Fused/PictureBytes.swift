import CKernels

/// A network's picture as bytes R G B R G B …: truncate(clamp(127.5 x + 128, 0, 255)), 0 for what is
/// not a number.
///
/// - Parameter picture: [C, H, W], C 1 (grey) or 3, nominal range [-1, 1]
package func pictureBytes(_ picture: Tensor, channels: Int) -> [UInt8] {
  precondition(channels == 1 || channels == 3, "a picture of \(channels) channels")
  let plane = picture.count / channels
  return unsafe picture.withUnsafeBuffer { picture in
    unsafe [UInt8](unsafeUninitializedCapacity: 3 * plane) { bytes, count in
      unsafe mien_picture_bytes(
        picture.baseAddress, bytes.baseAddress, Int32(channels), plane)
      count = 3 * plane
    }
  }
}

/// Pixels R G B R G B … as video has them: BT.709 matrix, limited range, Y at full size, then Cb and
/// Cr at half, sited at the left of each pair of pixels. In whole numbers, so that it is the same
/// everywhere.
///
/// - Precondition: even sides.
package func lumaChromaBytes(_ rgb: [UInt8], width: Int, height: Int) -> [UInt8] {
  precondition(width.isMultiple(of: 2) && height.isMultiple(of: 2), "odd sides")
  precondition(rgb.count == 3 * width * height)
  let size = width * height * 3 / 2
  return unsafe rgb.withUnsafeBufferPointer { rgb in
    unsafe [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      unsafe mien_luma_chroma(rgb.baseAddress, bytes.baseAddress, width, height)
      count = size
    }
  }
}
