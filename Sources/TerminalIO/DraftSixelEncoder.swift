package import Imaging

/// Sixels for pictures that change many times a second: the colours of a `DraftPalette`, an
/// ordered dither that stands still, and no search for the best. Around a millisecond for
/// 256 x 256 pixels, a sixth of what `SixelEncoder` takes.
///
/// Keeps its working memory from picture to picture.
package struct DraftSixelEncoder: Sendable {
  package let palette: DraftPalette
  private var indices: [UInt8] = []
  private var band = Band()
  private var output: [UInt8] = []

  package init(palette: DraftPalette) {
    self.palette = palette
  }

  package mutating func encode(_ image: PixelImage) -> [UInt8] {
    encode(image, part: .init(x: 0, y: 0, width: image.width, height: image.height))
  }

  /// A part of the picture as one sixel image, from `ESC P` to `ESC \`.
  package mutating func encode(_ image: PixelImage, part: SixelEncoder.Part) -> [UInt8] {
    precondition(part.width > 0 && part.height > 0, "an empty picture has no sixels")
    let used = mapColors(of: image, part: part)
    output.removeAll(keepingCapacity: true)
    output += Array("\u{1b}P0;1;0q\"1;1;\(part.width);\(part.height)".utf8)
    for (color, isUsed) in used.enumerated() where isUsed {
      // Sixel colours are percentages.
      let value = palette.colors[color]
      func percent(_ channel: UInt8) -> Int { (Int(channel) * 100 + 127) / 255 }
      output += Array(
        "#\(color);2;\(percent(value.x));\(percent(value.y));\(percent(value.z))".utf8)
    }
    var y = 0
    while y < part.height {
      let rows = min(6, part.height - y)
      if y > 0 { output.append(UInt8(ascii: "-")) }
      let base = y * part.width
      unsafe indices.withUnsafeBufferPointer { all in
        unsafe band.collect(
          UnsafeBufferPointer(rebasing: all[base..<base + rows * part.width]),
          width: part.width, rows: rows)
      }
      band.write(to: &output, width: part.width, rows: rows)
      y += rows
    }
    output += [0x1b, 0x5c]
    return output
  }

  /// Bayer's 8 x 8 threshold matrix, 0 ... 63, scaled to a step of the grid of colours, 0 ... 7.
  private static let thresholds: [UInt8] = (0..<64).map { index in
    let (x, y) = (index % 8, index / 8)
    var value = 0
    for bit in 0..<3 {
      let (xBit, yBit) = (x >> bit & 1, y >> bit & 1)
      value = value << 2 | (xBit ^ yBit) << 1 | yBit
    }
    return UInt8(value / 8)
  }

  /// Fills `indices`; tells which colours occur.
  private mutating func mapColors(of image: PixelImage, part: SixelEncoder.Part) -> [Bool] {
    let count = part.width * part.height
    if indices.count < count { indices = [UInt8](repeating: 0, count: count) }
    var used = [Bool](repeating: false, count: 256)
    unsafe used.withUnsafeMutableBufferPointer { used in
      unsafe indices.withUnsafeMutableBufferPointer { target in
        unsafe image.bytes.withUnsafeBufferPointer { source in
          unsafe palette.nearest.withUnsafeBufferPointer { nearest in
            unsafe Self.thresholds.withUnsafeBufferPointer { thresholds in
              for y in 0..<part.height {
                var from = ((y + part.y) * image.width + part.x) * 3
                let to = y * part.width
                // By the place in the picture, so that parts of it continue one another.
                let row = ((y + part.y) & 7) * 8
                for x in 0..<part.width {
                  let offset = unsafe thresholds[row &+ ((x &+ part.x) & 7)]
                  let red = unsafe (DraftPalette.scaled(source[from]) &+ offset) >> 3
                  let green = unsafe (DraftPalette.scaled(source[from &+ 1]) &+ offset) >> 3
                  let blue = unsafe (DraftPalette.scaled(source[from &+ 2]) &+ offset) >> 3
                  let color = unsafe nearest[Int(red) << 10 | Int(green) << 5 | Int(blue)]
                  unsafe target[to &+ x] = color
                  unsafe used[Int(color)] = true
                  from &+= 3
                }
              }
            }
          }
        }
      }
    }
    return used
  }
}

/// Six rows of a picture as sixels: for each colour that occurs, the columns it occurs in.
private struct Band: Sendable {
  /// A column in which a colour occurs, and in which of the six rows; linked by colour.
  struct Entry {
    var column: Int32
    var next: Int32
    var mask: UInt8
  }
  private var entries: [Entry] = []
  /// First and last entry by colour, -1 without.
  private var first = [Int32](repeating: -1, count: 256)
  private var last = [Int32](repeating: -1, count: 256)
  private var pixels = [Int32](repeating: 0, count: 256)
  /// Colours in the order of their first column.
  private var present: [UInt8] = []

  mutating func collect(_ indices: UnsafeBufferPointer<UInt8>, width: Int, rows: Int) {
    if entries.count < width * 6 {
      entries = Array(repeating: Entry(column: 0, next: -1, mask: 0), count: width * 6)
    }
    for color in present {
      first[Int(color)] = -1
      pixels[Int(color)] = 0
    }
    present.removeAll(keepingCapacity: true)
    var count = 0
    unsafe entries.withUnsafeMutableBufferPointer { entries in
      unsafe first.withUnsafeMutableBufferPointer { first in
        unsafe last.withUnsafeMutableBufferPointer { last in
          unsafe pixels.withUnsafeMutableBufferPointer { pixels in
            for column in 0..<width {
              var bit: UInt8 = 1
              var at = column
              for _ in 0..<rows {
                let color = unsafe Int(indices[at])
                unsafe pixels[color] &+= 1
                if unsafe first[color] < 0 {
                  unsafe first[color] = Int32(count)
                  present.append(UInt8(color))
                } else if unsafe entries[Int(last[color])].column == Int32(column) {
                  unsafe entries[Int(last[color])].mask |= bit
                  bit <<= 1
                  at &+= width
                  continue
                } else {
                  unsafe entries[Int(last[color])].next = Int32(count)
                }
                unsafe entries[count] = Entry(column: Int32(column), next: -1, mask: bit)
                unsafe last[color] = Int32(count)
                count &+= 1
                bit <<= 1
                at &+= width
              }
            }
          }
        }
      }
    }
  }

  func write(to output: inout [UInt8], width: Int, rows: Int) {
    // The most frequent colour is painted over the whole band; the others then cover it. A solid
    // run takes six bytes, where the colour's own columns would take hundreds.
    var ground = 0
    for color in present where pixels[Int(color)] > pixels[ground] { ground = Int(color) }
    var writer = RunWriter(output: output)
    output = []  // moved, not copied
    writer.select(UInt8(ground))
    writer.put(UInt8((1 << rows) - 1), count: width)
    for color in present where Int(color) != ground {
      writer.carriageReturn()
      writer.select(color)
      var column = 0
      var mask: UInt8 = 0
      var run = 0
      var entry = Int(first[Int(color)])
      while entry >= 0 {
        let next = entries[entry]
        let start = Int(next.column)
        if run > 0, next.mask == mask, column == start {
          run &+= 1
        } else {
          writer.put(mask, count: run)
          writer.put(0, count: start &- column)
          mask = next.mask
          run = 1
        }
        column = start &+ 1
        entry = Int(next.next)
      }
      writer.put(mask, count: run)
    }
    output = writer.output
  }
}

/// Writes runs of equal sixels.
private struct RunWriter {
  var output: [UInt8]

  mutating func carriageReturn() { output.append(UInt8(ascii: "$")) }

  mutating func select(_ color: UInt8) {
    output.append(UInt8(ascii: "#"))
    number(Int(color))
  }

  mutating func put(_ mask: UInt8, count: Int) {
    guard count > 0 else { return }
    let sixel = mask &+ 63
    switch count {
    case 1: output.append(sixel)
    case 2...3: for _ in 0..<count { output.append(sixel) }
    default:
      output.append(UInt8(ascii: "!"))
      number(count)
      output.append(sixel)
    }
  }

  private mutating func number(_ value: Int) {
    if value >= 1000 { output.append(UInt8(48 + value / 1000 % 10)) }
    if value >= 100 { output.append(UInt8(48 + value / 100 % 10)) }
    if value >= 10 { output.append(UInt8(48 + value / 10 % 10)) }
    output.append(UInt8(48 + value % 10))
  }
}
