import Imaging

/// GIF89a: one palette, ordered dither, and of each frame only what changed.
package enum GIF {
  /// The file up to the first frame: repeated for ever, with a comment.
  static func header(side: Int, palette: GIFPalette, comment: String) -> [UInt8] {
    var file = Array("GIF89a".utf8)
    file += little(side) + little(side)
    // A palette of 256 colours, eight bits a channel; background 0; square pixels.
    file += [0xf7, 0, 0]
    file += palette.colors + Array(repeating: 0, count: 768 - palette.colors.count)
    file += [0x21, 0xff, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
    let words = Array(comment.utf8)
    if !words.isEmpty {
      file += [0x21, 0xfe]
      for start in stride(from: 0, to: words.count, by: 255) {
        let block = words[start..<min(start + 255, words.count)]
        file += [UInt8(block.count)] + block
      }
      file += [0]
    }
    return file
  }

  static let end: [UInt8] = [0x3b]

  /// Hundredths of a second that a frame stays, so that no error adds up.
  static func delay(frame: Int, framesPerSecond: Double) -> Int {
    func end(_ frame: Int) -> Int { Int((Double(frame) * 100 / framesPerSecond).rounded()) }
    return end(frame + 1) - end(frame)
  }

  /// Turns pictures into frames, one after another.
  struct Writer {
    private let palette: GIFPalette
    private let framesPerSecond: Double
    /// What is on the screen.
    private var shown: [UInt8]?

    /// The number that means "as before".
    private static let transparent: UInt8 = 255

    init(palette: GIFPalette, framesPerSecond: Double) {
      self.palette = palette
      self.framesPerSecond = framesPerSecond
    }

    /// The blocks of a frame; the first that is asked for is whole.
    mutating func frame(_ image: PixelImage, number: Int) -> [UInt8] {
      let indices = dithered(image)
      var area = (x: 0, y: 0, width: image.width, height: image.height)
      var pixels = indices
      if let shown {
        area = GIF.changed(from: shown, to: indices, width: image.width, height: image.height)
        pixels = []
        pixels.reserveCapacity(area.width * area.height)
        for y in area.y..<area.y + area.height {
          let row = y * image.width
          for at in row + area.x..<row + area.x + area.width {
            pixels.append(shown[at] == indices[at] ? Writer.transparent : indices[at])
          }
        }
      }
      // Frames are left in place for the next; transparency where there is something before.
      let flags: UInt8 = 1 << 2 | (shown == nil ? 0 : 1)
      shown = indices
      let delay = GIF.delay(frame: number, framesPerSecond: framesPerSecond)
      return [0x21, 0xf9, 4, flags] + GIF.little(delay) + [Writer.transparent, 0]
        + [0x2c] + GIF.little(area.x) + GIF.little(area.y) + GIF.little(area.width)
        + GIF.little(area.height) + [0] + LZW.compress(pixels)
    }

    private func dithered(_ image: PixelImage) -> [UInt8] {
      let (width, height) = (image.width, image.height)
      let spread = palette.spread
      // Offsets of ±spread/2, by the place in a pattern of 8 × 8.
      let pattern = (0..<64).map { (2 * Bayer.matrix[$0] - 63) * spread / 128 }
      let palette = palette
      return unsafe image.bytes.withUnsafeBufferPointer { rgb in
        unsafe [UInt8](unsafeUninitializedCapacity: width * height) { out, count in
          for y in 0..<height {
            for x in 0..<width {
              let p = y * width + x
              let offset = pattern[(y & 7) << 3 | x & 7]
              func channel(_ c: Int) -> Int {
                min(max(unsafe Int(rgb[3 * p + c]) + offset, 0), 255)
              }
              unsafe out[p] = palette.index(channel(0), channel(1), channel(2))
            }
          }
          count = width * height
        }
      }
    }
  }

  /// The smallest rectangle with all pixels that differ; one pixel where none do.
  static func changed(
    from old: [UInt8], to new: [UInt8], width: Int, height: Int
  ) -> (x: Int, y: Int, width: Int, height: Int) {
    var (left, top, right, bottom) = (width, height, -1, -1)
    for y in 0..<height {
      for x in 0..<width where old[y * width + x] != new[y * width + x] {
        left = min(left, x)
        right = max(right, x)
        top = min(top, y)
        bottom = y
      }
    }
    return right < 0 ? (0, 0, 1, 1) : (left, top, right - left + 1, bottom - top + 1)
  }

  private static func little(_ value: Int) -> [UInt8] {
    [UInt8(value & 255), UInt8(value >> 8 & 255)]
  }
}

/// Thresholds 0…63 in an order that looks even at every level (Bayer 1973).
private enum Bayer {
  static let matrix: [Int] = (0..<64).map { place in
    let (x, y) = (place & 7, place >> 3)
    var value = 0
    for bit in 0..<3 {
      let (a, b) = (x >> bit & 1, y >> bit & 1)
      value |= (a ^ b) << (5 - 2 * bit) | b << (4 - 2 * bit)
    }
    return value
  }
}
