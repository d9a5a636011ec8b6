package import Imaging

/// Colours for a series of pictures, and for each colour of a 32 x 32 x 32 grid the nearest of
/// them. Made once from a recent picture, it keeps the colours of drafts the same from frame to
/// frame, so that nothing shimmers while dragging.
///
/// Most are chosen by the picture (median cut of the colours' variance, after Wu, "Color
/// quantization by dynamic programming and principal analysis", 1992, greatly simplified), the rest
/// are an even lattice, so that a later picture of quite other colours is still recognisable.
package struct DraftPalette: Sendable {
  /// Red, green and blue of each colour.
  package let colors: [SIMD4<UInt8>]
  /// The nearest colour by `red * 1024 + green * 32 + blue`, each of 5 bits.
  let nearest: [UInt8]

  package enum Extent: Hashable, Sendable {
    /// 255 colours.
    case full
    /// 64 colours: fewer and longer runs, for slow links.
    case small

    fileprivate var chosen: Int { self == .full ? 191 : 56 }
    /// Steps of the lattice along each axis.
    fileprivate var steps: Int { self == .full ? 4 : 2 }
  }

  package init(for image: PixelImage, _ extent: Extent = .full) {
    var colors = Self.chooseColors(for: image, count: extent.chosen)
    let steps = extent.steps
    func level(_ step: Int) -> UInt8 { UInt8(step * 255 / (steps - 1)) }
    for red in 0..<steps {
      for green in 0..<steps {
        for blue in 0..<steps {
          colors.append(SIMD4(level(red), level(green), level(blue), 0))
        }
      }
    }
    self.colors = colors
    nearest = Self.nearestTable(colors)
  }

  /// What a value of the grid stands for, 0 ... 255.
  private static func level(_ bits: Int) -> Int { (bits * 255 + 15) / 31 }

  /// A value's place in the grid.
  @inline(__always)
  static func scaled(_ value: UInt8) -> UInt8 { value &- (value >> 5) }

  private struct Bin {
    var position: SIMD3<Float>
    var weight: Float
  }

  private struct Box {
    var bins: ArraySlice<Bin>
    var weight: Float = 0
    var mean = SIMD3<Float>()
    var variance = SIMD3<Float>()  // times weight

    init(_ bins: ArraySlice<Bin>) {
      self.bins = bins
      for bin in bins {
        weight += bin.weight
        mean += bin.weight * bin.position
      }
      mean /= max(weight, 1)
      for bin in bins {
        let distance = bin.position - mean
        variance += bin.weight * distance * distance
      }
    }

    var splittingAxis: Int {
      variance.x >= variance.y
        ? (variance.x >= variance.z ? 0 : 2) : (variance.y >= variance.z ? 1 : 2)
    }
  }

  private static func chooseColors(
    for image: PixelImage, count chosenCount: Int
  ) -> [SIMD4<UInt8>] {
    var counts = [Int32](repeating: 0, count: 32 * 32 * 32)
    let bytes = image.bytes
    var index = 0
    while index + 2 < bytes.count {
      let red = Int(scaled(bytes[index]) >> 3)
      let green = Int(scaled(bytes[index + 1]) >> 3)
      let blue = Int(scaled(bytes[index + 2]) >> 3)
      counts[red << 10 | green << 5 | blue] += 1
      index += 3
    }
    var bins: [Bin] = []
    for (index, count) in counts.enumerated() where count > 0 {
      bins.append(
        Bin(
          position: SIMD3(
            Float(level(index >> 10)), Float(level(index >> 5 & 31)), Float(level(index & 31))),
          weight: Float(count)))
    }
    var boxes = [Box(bins[...])]
    while boxes.count < chosenCount {
      guard
        let worst = boxes.indices.max(by: { boxes[$0].variance.max() < boxes[$1].variance.max() }),
        boxes[worst].variance.max() > 0
      else { break }
      let box = boxes[worst]
      let axis = box.splittingAxis
      var members = Array(box.bins)
      let middle = members.partition { $0.position[axis] > box.mean[axis] }
      boxes[worst] = Box(members[..<middle])
      boxes.append(Box(members[middle...]))
    }
    return boxes.filter { $0.weight > 0 }.map { box in
      SIMD4(
        UInt8(box.mean.x.rounded()), UInt8(box.mean.y.rounded()), UInt8(box.mean.z.rounded()), 0)
    }
  }

  private static func nearestTable(_ colors: [SIMD4<UInt8>]) -> [UInt8] {
    // Sixteen blue values of the grid at a time, by squared distance.
    var table = [UInt8](repeating: 0, count: 32 * 32 * 32)
    var low = SIMD16<Int32>()
    for bits in 0..<16 { low[bits] = Int32(level(bits)) }
    var high = SIMD16<Int32>()
    for bits in 0..<16 { high[bits] = Int32(level(bits + 16)) }
    let reds = colors.map { Int32($0.x) }
    let greens = colors.map { Int32($0.y) }
    let blues = colors.map { Int32($0.z) }
    for red in 0..<32 {
      for green in 0..<32 {
        var bestLow = SIMD16<Int32>(repeating: .max)
        var bestHigh = bestLow
        var indexLow = SIMD16<Int32>()
        var indexHigh = SIMD16<Int32>()
        for color in 0..<colors.count {
          let dr = Int32(level(red)) &- reds[color]
          let dg = Int32(level(green)) &- greens[color]
          let base = SIMD16<Int32>(repeating: dr &* dr &+ dg &* dg)
          let blue = SIMD16<Int32>(repeating: blues[color])
          let index = SIMD16<Int32>(repeating: Int32(color))
          let distanceLow = base &+ (low &- blue) &* (low &- blue)
          let distanceHigh = base &+ (high &- blue) &* (high &- blue)
          let nearerLow = distanceLow .< bestLow
          let nearerHigh = distanceHigh .< bestHigh
          bestLow.replace(with: distanceLow, where: nearerLow)
          bestHigh.replace(with: distanceHigh, where: nearerHigh)
          indexLow.replace(with: index, where: nearerLow)
          indexHigh.replace(with: index, where: nearerHigh)
        }
        for blue in 0..<16 {
          table[red << 10 | green << 5 | blue] = UInt8(indexLow[blue])
          table[red << 10 | green << 5 | blue | 16] = UInt8(indexHigh[blue])
        }
      }
    }
    return table
  }
}
