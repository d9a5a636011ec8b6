package import Imaging

/// A picture as video has it: lightness at full, two colour differences at half the resolution.
///
/// BT.709 matrix, limited range (16…235, 16…240), chroma sited at the left of each pair of pixels
/// as MPEG-2 and H.264 expect. In whole numbers, so that it is the same everywhere.
package struct LumaChroma: Hashable, Sendable {
  package let width: Int
  package let height: Int
  /// Y, then Cb, then Cr, row by row.
  package let bytes: [UInt8]

  /// - Precondition: even sides.
  package init(_ image: PixelImage) {
    let (width, height) = (image.width, image.height)
    precondition(width.isMultiple(of: 2) && height.isMultiple(of: 2), "odd sides")
    self.width = width
    self.height = height
    let half = width / 2
    let (lumaCount, chromaCount) = (width * height, half * (height / 2))
    bytes = unsafe image.bytes.withUnsafeBufferPointer { rgb in
      unsafe [UInt8](unsafeUninitializedCapacity: lumaCount + 2 * chromaCount) { out, count in
        for p in 0..<lumaCount {
          let (r, g, b) = unsafe (Int32(rgb[3 * p]), Int32(rgb[3 * p + 1]), Int32(rgb[3 * p + 2]))
          let y = 11966 &* r &+ 40254 &* g &+ 4064 &* b &+ (16 << 16 + 1 << 15)
          unsafe out[p] = UInt8(truncatingIfNeeded: y >> 16)
        }
        // Two rows summed, then (1, 2, 1) around the even columns: eighths.
        var sums = [Int32](repeating: 0, count: 3 * (width + 2))
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          for y in 0..<height / 2 {
            let (upper, lower) = (2 * y * width * 3, (2 * y + 1) * width * 3)
            for i in 0..<3 * width {
              unsafe sums[i + 3] = Int32(rgb[upper + i]) &+ Int32(rgb[lower + i])
            }
            for c in 0..<3 { unsafe sums[c] = sums[c + 3] }
            for x in 0..<half {
              func eighths(_ c: Int) -> Int32 {
                let at = 6 * x + c
                return unsafe sums[at] &+ 2 &* sums[at + 3] &+ sums[at + 6]
              }
              let (r, g, b) = (eighths(0), eighths(1), eighths(2))
              let middle: Int32 = (128 << 19) + (1 << 18)
              let cb = -6596 &* r &- 22189 &* g &+ 28785 &* b &+ middle
              let cr = 28785 &* r &- 26146 &* g &- 2639 &* b &+ middle
              let place = lumaCount + y * half + x
              unsafe out[place] = UInt8(truncatingIfNeeded: cb >> 19)
              unsafe out[place + chromaCount] = UInt8(truncatingIfNeeded: cr >> 19)
            }
          }
        }
        count = lumaCount + 2 * chromaCount
      }
    }
  }
}
