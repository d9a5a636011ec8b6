import Dispatch
package import Imaging

/// Sixels for pictures that change many times a second: the colours of a `DraftPalette`, an
/// ordered dither that stands still, and no search for the best. Around a millisecond for
/// 256 x 256 pixels, a tenth of what `SixelEncoder` takes.
///
/// Keeps its working memory from picture to picture. The bands of a larger picture are shared by
/// two threads.
package struct DraftSixelEncoder: Sendable {
  package let palette: DraftPalette
  /// Colours by pixel, and each thread's part of the bands.
  private var indices: [UInt8] = []
  private var shares = [Share(), Share()]
  private var output: [UInt8] = []
  private let threads: Int

  /// Pictures with fewer bands are not worth waking a second thread for.
  private static let fewBands = 24

  package init(palette: DraftPalette, threads: Int = 2) {
    precondition((1...2).contains(threads), "\(threads) threads")
    self.palette = palette
    self.threads = threads
  }

  package mutating func encode(_ image: PixelImage) -> [UInt8] {
    encode(image, part: .init(x: 0, y: 0, width: image.width, height: image.height))
  }

  /// A part of the picture as one sixel image, from `ESC P` to `ESC \`.
  /// - Parameter coarseness: 2 shows every second pixel of every second row twice as large: fewer
  ///   bytes, for slow links.
  package mutating func encode(
    _ image: PixelImage, part: SixelEncoder.Part, coarseness: Int = 1
  ) -> [UInt8] {
    precondition(part.width > 0 && part.height > 0, "an empty picture has no sixels")
    precondition(coarseness == 1 || coarseness == 2, "a coarseness of \(coarseness)")
    let count = part.width * part.height
    if indices.count < count { indices = [UInt8](repeating: 0, count: count) }
    let bands = (part.height + 5) / 6
    let isShared = threads == 2 && bands >= Self.fewBands
    let middle = isShared ? bands / 2 : bands
    let palette = palette
    unsafe indices.withUnsafeMutableBufferPointer { indices in
      unsafe shares.withUnsafeMutableBufferPointer { shares in
        nonisolated(unsafe) let indices = unsafe indices
        nonisolated(unsafe) let shares = unsafe shares
        let run: @Sendable (Int) -> Void = { index in
          unsafe shares[index].encode(
            image, part, bands: index == 0 ? 0..<middle : middle..<bands, palette: palette,
            coarseness: coarseness, indices: indices)
        }
        // They touch different rows of the indices, and nothing else in common.
        if isShared {
          DispatchQueue.concurrentPerform(iterations: 2, execute: run)
        } else {
          run(0)
        }
      }
    }

    output.removeAll(keepingCapacity: true)
    output += Array("\u{1b}P0;1;0q\"1;1;\(part.width);\(part.height)".utf8)
    for color in 0..<256
    where shares[0].used[color] || (isShared && shares[1].used[color]) {
      // Sixel colours are percentages.
      let value = palette.colors[color]
      func percent(_ channel: UInt8) -> Int { (Int(channel) * 100 + 127) / 255 }
      output += Array(
        "#\(color);2;\(percent(value.x));\(percent(value.y));\(percent(value.z))".utf8)
    }
    output += shares[0].output
    if isShared {
      output.append(UInt8(ascii: "-"))
      output += shares[1].output
    }
    output += [0x1b, 0x5c]
    return output
  }
}

/// Consecutive bands of a picture, and the memory for them.
private struct Share: Sendable {
  private(set) var used: [Bool] = []
  private(set) var output: [UInt8] = []
  private var band = Band()

  mutating func encode(
    _ image: PixelImage, _ part: SixelEncoder.Part, bands: Range<Int>, palette: DraftPalette,
    coarseness: Int, indices: UnsafeMutableBufferPointer<UInt8>
  ) {
    used = [Bool](repeating: false, count: 256)
    output.removeAll(keepingCapacity: true)
    for index in bands {
      let rows = index * 6..<min(index * 6 + 6, part.height)
      unsafe mapColors(of: image, part, rows, palette, coarseness, to: indices)
      if index > bands.lowerBound { output.append(UInt8(ascii: "-")) }
      let pixels = unsafe UnsafeBufferPointer(
        rebasing: indices[rows.lowerBound * part.width..<rows.upperBound * part.width])
      unsafe band.collect(pixels, width: part.width, rows: rows.count)
      band.write(to: &output, width: part.width, rows: rows.count)
    }
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

  /// Fills these rows of `indices`, and notes which colours occur.
  private mutating func mapColors(
    of image: PixelImage, _ part: SixelEncoder.Part, _ rows: Range<Int>, _ palette: DraftPalette,
    _ coarseness: Int, to indices: UnsafeMutableBufferPointer<UInt8>
  ) {
    // The bits of a place that do not count in a coarse picture.
    let mask = coarseness - 1
    unsafe used.withUnsafeMutableBufferPointer { used in
      unsafe image.bytes.withUnsafeBufferPointer { source in
        unsafe palette.nearest.withUnsafeBufferPointer { nearest in
          unsafe Self.thresholds.withUnsafeBufferPointer { thresholds in
            for y in rows {
              let line = (y + part.y) & ~mask
              let to = y * part.width
              let row = ((line / coarseness) & 7) * 8
              for x in 0..<part.width {
                let column = (x &+ part.x) & ~mask
                let from = (line &* image.width &+ column) &* 3
                let offset = unsafe thresholds[row &+ ((column >> mask) & 7)]
                let red = unsafe (DraftPalette.scaled(source[from]) &+ offset) >> 3
                let green = unsafe (DraftPalette.scaled(source[from &+ 1]) &+ offset) >> 3
                let blue = unsafe (DraftPalette.scaled(source[from &+ 2]) &+ offset) >> 3
                let color = unsafe nearest[Int(red) << 10 | Int(green) << 5 | Int(blue)]
                unsafe indices[to &+ x] = color
                unsafe used[Int(color)] = true
              }
            }
          }
        }
      }
    }
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
