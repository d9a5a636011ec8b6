package import Imaging

/// Stretches pictures to the pixels of a rectangle of cells: bilinear when growing, the same
/// triangle widened to cover all source pixels when shrinking.
package enum PictureScaler {
  /// Where an output pixel takes its value from: `weights` (of sum 2^14) from `start` on.
  struct Taps {
    var start: [Int32]
    var weights: [Int32]
    /// Weights per output pixel.
    var count: Int

    init(from source: Int, to target: Int) {
      let scale = Double(source) / Double(target)
      let support = max(1, scale)
      count = min(source, Int((2 * support).rounded(.up)) + 1)
      start = []
      weights = []
      for index in 0..<target {
        let center = (Double(index) + 0.5) * scale - 0.5
        let first = max(0, min(source - count, Int((center - support).rounded(.up))))
        var row = (0..<count).map { max(0, 1 - abs(Double(first + $0) - center) / support) }
        // At the edges the triangle sticks out; the pixel there counts for what lies beyond.
        let total = row.reduce(0, +)
        if total <= 0 { row[center <= 0 ? 0 : count - 1] = 1 }
        let sum = total <= 0 ? 1 : total
        var integers = row.map { Int32(($0 / sum * 16384).rounded()) }
        let heaviest = integers.indices.max { integers[$0] < integers[$1] } ?? 0
        integers[heaviest] += 16384 - integers.reduce(0, +)
        start.append(Int32(first))
        weights += integers
      }
    }
  }

  /// - Precondition: `width` and `height` are positive, and so are the picture's.
  package static func scaled(_ image: PixelImage, width: Int, height: Int) -> PixelImage {
    precondition(
      width > 0 && height > 0 && image.width > 0 && image.height > 0,
      "\(image.width)x\(image.height) cannot be stretched to \(width)x\(height)")
    if image.width == width, image.height == height { return image }
    let horizontal = Taps(from: image.width, to: width)
    let vertical = Taps(from: image.height, to: height)
    let rowBytes = width * 3

    // Rows stretched in width, each made once, when the first output row needs it.
    var stretched = [UInt8](repeating: 0, count: image.height * rowBytes)
    var finished = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: height * rowBytes) { output, count in
      unsafe stretched.withUnsafeMutableBufferPointer { rows in
        unsafe image.bytes.withUnsafeBufferPointer { source in
          for y in 0..<height {
            let first = Int(vertical.start[y])
            while finished < first + vertical.count {
              unsafe stretchRow(
                UnsafeBufferPointer(
                  rebasing: source[finished * image.width * 3..<(finished + 1) * image.width * 3]),
                UnsafeMutableBufferPointer(
                  rebasing: rows[finished * rowBytes..<(finished + 1) * rowBytes]), horizontal)
              finished += 1
            }
            unsafe blendRows(
              UnsafeBufferPointer(rows), first, vertical, y,
              UnsafeMutableBufferPointer(rebasing: output[y * rowBytes..<(y + 1) * rowBytes]))
          }
        }
      }
      count = height * rowBytes
    }
    return PixelImage(width: width, height: height, bytes: bytes)
  }

  private static func stretchRow(
    _ source: UnsafeBufferPointer<UInt8>, _ target: UnsafeMutableBufferPointer<UInt8>, _ taps: Taps
  ) {
    let count = taps.count
    unsafe taps.start.withUnsafeBufferPointer { start in
      unsafe taps.weights.withUnsafeBufferPointer { weights in
        let columns = start.count
        for x in 0..<columns {
          var red: Int32 = 8192
          var green: Int32 = 8192
          var blue: Int32 = 8192
          var at = unsafe Int(start[x]) * 3
          for k in 0..<count {
            let weight = unsafe weights[x &* count &+ k]
            unsafe red &+= weight &* Int32(source[at])
            unsafe green &+= weight &* Int32(source[at &+ 1])
            unsafe blue &+= weight &* Int32(source[at &+ 2])
            at &+= 3
          }
          unsafe target[x &* 3] = UInt8(truncatingIfNeeded: red >> 14)
          unsafe target[x &* 3 &+ 1] = UInt8(truncatingIfNeeded: green >> 14)
          unsafe target[x &* 3 &+ 2] = UInt8(truncatingIfNeeded: blue >> 14)
        }
      }
    }
  }

  private static func blendRows(
    _ rows: UnsafeBufferPointer<UInt8>, _ first: Int, _ taps: Taps, _ y: Int,
    _ target: UnsafeMutableBufferPointer<UInt8>
  ) {
    let rowBytes = target.count
    // Rows without a weight are left out: growing pictures need two of the three, or one.
    var used: [(row: Int, weight: Int32)] = []
    for k in 0..<taps.count where taps.weights[y * taps.count + k] != 0 {
      used.append((first + k, taps.weights[y * taps.count + k]))
    }
    if used.count <= 2 {
      let (a, b) = (used[0], used[used.count - 1])
      let weightB = used.count == 2 ? b.weight : 0
      let weightA = 16384 - weightB
      let (startA, startB) = (a.row * rowBytes, b.row * rowBytes)
      for x in 0..<rowBytes {
        let sum = unsafe weightA &* Int32(rows[startA &+ x]) &+ weightB &* Int32(rows[startB &+ x])
        unsafe target[x] = UInt8(truncatingIfNeeded: (sum &+ 8192) >> 14)
      }
    } else {
      for x in 0..<rowBytes {
        var sum: Int32 = 8192
        for (row, weight) in used { unsafe sum &+= weight &* Int32(rows[row &* rowBytes &+ x]) }
        unsafe target[x] = UInt8(truncatingIfNeeded: sum >> 14)
      }
    }
  }

  /// The part of a picture at `x`, `y`.
  package static func cropped(
    _ image: PixelImage, x: Int, y: Int, width: Int, height: Int
  ) -> PixelImage {
    precondition(
      x >= 0 && y >= 0 && x + width <= image.width && y + height <= image.height,
      "\(width)x\(height) at \(x), \(y) is not within \(image.width)x\(image.height)")
    if width == image.width, height == image.height { return image }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(width * height * 3)
    for row in y..<y + height {
      let start = (row * image.width + x) * 3
      bytes += image.bytes[start..<start + width * 3]
    }
    return PixelImage(width: width, height: height, bytes: bytes)
  }
}
