/// How a picture is brought to another size.
package enum Scaling: Sendable {
  /// The nearest pixel: hard edges, nothing mixed.
  case nearest
  /// The mean over the area a new pixel covers; right for shrinking.
  case box
  /// Linear between pixel centres; right for enlarging.
  case bilinear
}

extension PixelImage {
  /// The picture at another size, box-averaged where it shrinks in either direction, bilinear
  /// otherwise.
  package func scaled(width: Int, height: Int) -> PixelImage {
    scaled(
      width: width, height: height,
      by: width < self.width || height < self.height ? .box : .bilinear)
  }

  /// The picture at another size. Arithmetic is in integers, so results are the same everywhere.
  /// - Precondition: both sizes are at least one pixel.
  package func scaled(width: Int, height: Int, by scaling: Scaling) -> PixelImage {
    precondition(
      self.width > 0 && self.height > 0 && width > 0 && height > 0,
      "cannot scale \(self.width)x\(self.height) to \(width)x\(height)")
    if (width, height) == (self.width, self.height) { return self }
    switch scaling {
    case .nearest: return nearest(width: width, height: height)
    case .box: return box(width: width, height: height)
    case .bilinear: return bilinear(width: width, height: height)
    }
  }

  private func nearest(width: Int, height: Int) -> PixelImage {
    // The source column under the centre of each new column, as a byte offset.
    let columns = (0..<width).map { (2 * $0 + 1) * self.width / (2 * width) * 3 }
    var scaled = [UInt8]()
    scaled.reserveCapacity(width * height * 3)
    var line = [UInt8](repeating: 0, count: width * 3)
    var previous = -1
    for y in 0..<height {
      let row = (2 * y + 1) * self.height / (2 * height)
      if row != previous {
        previous = row
        let start = row * self.width * 3
        for (x, column) in columns.enumerated() {
          line[3 * x] = bytes[start + column]
          line[3 * x + 1] = bytes[start + column + 1]
          line[3 * x + 2] = bytes[start + column + 2]
        }
      }
      scaled.append(contentsOf: line)
    }
    return PixelImage(width: width, height: height, bytes: scaled)
  }

  /// Exact areas: in units of 1/new of a source pixel a new pixel spans `old` units, and the
  /// weights of a new pixel sum to old width × old height.
  private func box(width: Int, height: Int) -> PixelImage {
    let rows = Coverage(from: self.height, to: height)
    let columns = Coverage(from: self.width, to: width)
    let total = UInt64(self.width) * UInt64(self.height)
    let stride = self.width * 3
    var sums = [UInt64](repeating: 0, count: stride)
    var scaled = [UInt8](repeating: 0, count: width * height * 3)
    for y in 0..<height {
      for index in 0..<stride { sums[index] = 0 }
      rows.forEach(y) { row, weight in
        let start = row * stride
        for index in 0..<stride { sums[index] &+= UInt64(bytes[start + index]) &* weight }
      }
      for x in 0..<width {
        var (red, green, blue) = (total / 2, total / 2, total / 2)
        columns.forEach(x) { column, weight in
          red &+= sums[3 * column] &* weight
          green &+= sums[3 * column + 1] &* weight
          blue &+= sums[3 * column + 2] &* weight
        }
        let offset = (y * width + x) * 3
        scaled[offset] = UInt8(red / total)
        scaled[offset + 1] = UInt8(green / total)
        scaled[offset + 2] = UInt8(blue / total)
      }
    }
    return PixelImage(width: width, height: height, bytes: scaled)
  }

  private func bilinear(width: Int, height: Int) -> PixelImage {
    let columns = (0..<width).map { LinearTap($0, from: self.width, to: width) }
    var scaled = [UInt8](repeating: 0, count: width * height * 3)
    // The two source rows in use, already stretched to the new width, in 1/256 of a step.
    var upper = (row: -1, values: [UInt32](repeating: 0, count: width * 3))
    var lower = upper
    func stretch(_ row: Int, into line: inout (row: Int, values: [UInt32])) {
      line.row = row
      let start = row * self.width * 3
      for x in 0..<width {
        let tap = columns[x]
        let (left, right) = (start + tap.first * 3, start + tap.second * 3)
        for channel in 0..<3 {
          line.values[3 * x + channel] =
            UInt32(bytes[left + channel]) &* (256 &- tap.weight)
            &+ UInt32(bytes[right + channel]) &* tap.weight
        }
      }
    }
    for y in 0..<height {
      let tap = LinearTap(y, from: self.height, to: height)
      if upper.row != tap.first {
        if lower.row == tap.first { swap(&upper, &lower) } else { stretch(tap.first, into: &upper) }
      }
      if lower.row != tap.second { stretch(tap.second, into: &lower) }
      let start = y * width * 3
      for index in 0..<width * 3 {
        let sum = upper.values[index] &* (256 &- tap.weight) &+ lower.values[index] &* tap.weight
        scaled[start + index] = UInt8(truncatingIfNeeded: (sum &+ 32768) >> 16)
      }
    }
    return PixelImage(width: width, height: height, bytes: scaled)
  }
}

/// How much of each old pixel a new pixel covers, along one side.
private struct Coverage {
  let old: Int
  let new: Int

  init(from old: Int, to new: Int) {
    self.old = old
    self.new = new
  }

  /// The old pixels under new pixel `index` with their weights, which sum to `old`.
  @inline(__always)
  func forEach(_ index: Int, _ body: (Int, UInt64) -> Void) {
    let (start, end) = (index * old, (index + 1) * old)
    for pixel in start / new...(end - 1) / new {
      body(pixel, UInt64(min(end, (pixel + 1) * new) - max(start, pixel * new)))
    }
  }
}

/// The two old pixels a new one lies between, and the share of the second in 1/256.
private struct LinearTap {
  let first: Int
  let second: Int
  let weight: UInt32

  init(_ index: Int, from old: Int, to new: Int) {
    // Centre of the new pixel in old pixels, in 1/256: (index + ½)·old/new − ½.
    let position = max(0, ((2 * index + 1) * old * 128) / new - 128)
    first = min(position / 256, old - 1)
    second = min(first + 1, old - 1)
    weight = UInt32(position % 256)
  }
}
