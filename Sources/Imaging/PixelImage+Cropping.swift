import Glibc

extension PixelImage {
  /// The crop at `side` × `side` pixels, by Catmull and Rom's cubic, widened where the picture
  /// shrinks so that nothing aliases. Beyond its edges the photo is mirrored. A crop that lies on
  /// the photo's own pixels is those pixels.
  /// - Precondition: the photo has pixels, `side` and the crop's size are greater than 0.
  package func cropped(_ crop: PhotoCrop, side: Int) -> PixelImage {
    precondition(width > 0 && height > 0 && side > 0 && crop.size > 0, "nothing to crop")
    // Halving first keeps the cubic's reach small; it stays twice as fine as the target.
    let step = crop.size / Double(side)
    if step >= 4, min(width, height) >= 2 {
      let half = scaled(width: width / 2, height: height / 2, by: .box)
      let (across, down) = (
        Double(half.width) / Double(width), Double(half.height) / Double(height)
      )
      // Odd sides shrink by a little more than half: a pixel's share, too small to see.
      return half.cropped(
        PhotoCrop(
          x: crop.x * across, y: crop.y * down, size: crop.size * (across + down) / 2,
          angle: crop.angle), side: side)
    }
    return unsafe PixelImage(
      width: side, height: side,
      bytes: [UInt8](unsafeUninitializedCapacity: side * side * 3) { out, count in
        unsafe resample(crop, step: step, side: side, into: out)
        count = side * side * 3
      })
  }

  private func resample(
    _ crop: PhotoCrop, step: Double, side: Int, into out: UnsafeMutableBufferPointer<UInt8>
  ) {
    let (sine, cosine) = (sin(crop.angle * .pi / 180), cos(crop.angle * .pi / 180))
    // A unit of the kernel in photo pixels, and how far it reaches along the photo's own axes.
    let unit = max(1, step)
    let reach = 2 * unit * (abs(sine) + abs(cosine))
    unsafe bytes.withUnsafeBufferPointer { pixels in
      for row in 0..<side {
        for column in 0..<side {
          let (x, y) = crop.place(
            (Double(column) + 0.5) / Double(side), (Double(row) + 0.5) / Double(side))
          // Pixel centres are at whole numbers from here on.
          let (cx, cy) = (x - 0.5, y - 0.5)
          var sum = SIMD4<Float>(repeating: 0)
          for sy in Int((cy - reach).rounded(.up))...Int((cy + reach).rounded(.down)) {
            let line = mirrored(sy, in: height) * width
            for sx in Int((cx - reach).rounded(.up))...Int((cx + reach).rounded(.down)) {
              let (dx, dy) = (Double(sx) - cx, Double(sy) - cy)
              let weight = cubic((dx * cosine + dy * sine) / unit) * cubic((dy * cosine - dx * sine) / unit)
              if weight == 0 { continue }
              let at = (line + mirrored(sx, in: width)) * 3
              unsafe sum +=
                Float(weight)
                * SIMD4(Float(pixels[at]), Float(pixels[at + 1]), Float(pixels[at + 2]), 1)
            }
          }
          let place = (row * side + column) * 3
          for channel in 0..<3 {
            unsafe out[place + channel] = UInt8(min(255, max(0, (sum[channel] / sum[3]).rounded())))
          }
        }
      }
    }
  }
}

/// Catmull and Rom's spline as a kernel (Keys' cubic with a = −1/2).
private func cubic(_ x: Double) -> Double {
  let x = abs(x)
  if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
  if x < 2 { return ((-0.5 * x + 2.5) * x - 4) * x + 2 }
  return 0
}

/// The index inside that a mirror at both edges shows at `index`: 2 1 0 1 2 … n−1 n−2 …
private func mirrored(_ index: Int, in count: Int) -> Int {
  if index >= 0, index < count { return index }
  if count == 1 { return 0 }
  let period = 2 * (count - 1)
  let phase = ((index % period) + period) % period
  return phase < count ? phase : period - phase
}
