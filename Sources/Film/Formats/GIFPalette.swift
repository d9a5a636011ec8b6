package import Imaging

/// The 255 colours that serve all frames of a film, and the nearest of them to any colour.
///
/// One palette for the whole film and an ordered dither: what does not move does not flicker, and
/// repeats for the compression. (One number of a GIF's 256 is kept for "as before".)
package struct GIFPalette: Hashable, Sendable {
  static let limit = 255

  /// R G B, `count` of them.
  package let colors: [UInt8]
  package var count: Int { colors.count / 3 }
  /// Number of the nearest colour for the upper six bits of R, G and B.
  private let nearest: [UInt8]
  /// How far apart neighbouring colours are, in steps of a channel.
  let spread: Int

  /// - Parameter colors: R G B, 1 to 255 of them.
  init(colors: [UInt8]) {
    precondition(!colors.isEmpty && colors.count % 3 == 0 && colors.count <= 3 * GIFPalette.limit)
    self.colors = colors
    let points = stride(from: 0, to: colors.count, by: 3).map {
      Point(colors[$0], colors[$0 + 1], colors[$0 + 2])
    }
    nearest = GIFPalette.table(points)
    spread = GIFPalette.spread(points)
  }

  /// The palette of pictures that stand for a film: cut at medians, then moved to where the colours
  /// are (Lloyd).
  package init(of images: [PixelImage]) {
    var counts: [Int: Int] = [:]
    for image in images {
      for p in stride(from: 0, to: image.bytes.count, by: 3) {
        let key =
          Int(image.bytes[p]) << 16 | Int(image.bytes[p + 1]) << 8 | Int(image.bytes[p + 2])
        counts[key & 0xfcfcfc, default: 0] += 1
      }
    }
    // In a fixed order, so that the palette is the same in every run.
    let samples = counts.sorted { $0.key < $1.key }.map { key, count in
      (
        point: Point(UInt8(key >> 16) | 2, UInt8(key >> 8 & 255) | 2, UInt8(key & 255) | 2),
        weight: Float(count)
      )
    }
    var centers = GIFPalette.medianCut(samples)
    for _ in 0..<6 { centers = GIFPalette.moved(centers, to: samples) }
    self.init(
      colors: centers.flatMap { center in
        [center.r, center.g, center.b].map { UInt8(min(max($0.rounded(), 0), 255)) }
      })
  }

  func index(_ r: Int, _ g: Int, _ b: Int) -> UInt8 {
    nearest[(r >> 2) << 12 | (g >> 2) << 6 | b >> 2]
  }

  // MARK: Making one

  private typealias Sample = (point: Point, weight: Float)

  /// A colour; distances weigh the channels about as eyes do.
  private struct Point {
    var r: Float
    var g: Float
    var b: Float

    init(_ r: UInt8, _ g: UInt8, _ b: UInt8) { (self.r, self.g, self.b) = (Float(r), Float(g), Float(b)) }
    init(r: Float, g: Float, b: Float) { (self.r, self.g, self.b) = (r, g, b) }

    func distance(to other: Point) -> Float {
      let (dr, dg, db) = (r - other.r, g - other.g, b - other.b)
      return 2 * dr * dr + 4 * dg * dg + 1.5 * db * db
    }

    subscript(channel: Int) -> Float { channel == 0 ? r : channel == 1 ? g : b }
  }

  private static func medianCut(_ samples: [Sample]) -> [Point] {
    struct Box {
      var samples: [Sample]
      var channel = 0
      var error: Float = 0

      init(_ samples: [Sample]) {
        self.samples = samples
        let weight = samples.reduce(0) { $0 + $1.weight }
        for (c, gain) in zip(0..<3, [2, 4, 1.5] as [Float]) {
          let mean = samples.reduce(0) { $0 + $1.point[c] * $1.weight } / weight
          let spread = samples.reduce(0) {
            $0 + ($1.point[c] - mean) * ($1.point[c] - mean) * $1.weight
          }
          if spread * gain > error { (channel, error) = (c, spread * gain) }
        }
      }

      var mean: Point {
        var (r, g, b, total): (Float, Float, Float, Float) = (0, 0, 0, 0)
        for sample in samples {
          r += sample.point.r * sample.weight
          g += sample.point.g * sample.weight
          b += sample.point.b * sample.weight
          total += sample.weight
        }
        return Point(r: r / total, g: g / total, b: b / total)
      }
    }
    var boxes = [Box(samples)]
    while boxes.count < limit {
      guard let worst = boxes.indices.max(by: { boxes[$0].error < boxes[$1].error }),
        boxes[worst].error > 0
      else { break }
      let channel = boxes[worst].channel
      let sorted = boxes[worst].samples.sorted { $0.point[channel] < $1.point[channel] }
      let half = sorted.reduce(0) { $0 + $1.weight } / 2
      var sum: Float = 0
      var cut = 0
      while cut < sorted.count - 1, sum + sorted[cut].weight <= half || cut == 0 {
        sum += sorted[cut].weight
        cut += 1
      }
      boxes[worst] = Box(Array(sorted[..<cut]))
      boxes.append(Box(Array(sorted[cut...])))
    }
    return boxes.map(\.mean)
  }

  private static func nearestCenter(_ point: Point, _ centers: [Point]) -> Int {
    var (best, least) = (0, Float.infinity)
    for (index, center) in centers.enumerated() {
      let distance = point.distance(to: center)
      if distance < least { (best, least) = (index, distance) }
    }
    return best
  }

  private static func moved(_ centers: [Point], to samples: [Sample]) -> [Point] {
    var sums = Array(
      repeating: (r: Float(0), g: Float(0), b: Float(0), n: Float(0)), count: centers.count)
    for sample in samples {
      let index = nearestCenter(sample.point, centers)
      // Not so that large plain areas take every colour: the root of how often it is there.
      let weight = sample.weight.squareRoot()
      sums[index].r += sample.point.r * weight
      sums[index].g += sample.point.g * weight
      sums[index].b += sample.point.b * weight
      sums[index].n += weight
    }
    return zip(centers, sums).map { center, sum in
      sum.n > 0 ? Point(r: sum.r / sum.n, g: sum.g / sum.n, b: sum.b / sum.n) : center
    }
  }

  private static func table(_ points: [Point]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 1 << 18) { table, count in
      for key in 0..<1 << 18 {
        let point = Point(
          UInt8(key >> 12) << 2 | 2, UInt8(key >> 6 & 63) << 2 | 2, UInt8(key & 63) << 2 | 2)
        unsafe table[key] = UInt8(nearestCenter(point, points))
      }
      count = 1 << 18
    }
  }

  private static func spread(_ points: [Point]) -> Int {
    guard points.count > 1 else { return 0 }
    let gaps = points.indices.map { index -> Float in
      points.indices.reduce(Float.infinity) { least, other in
        other == index ? least : min(least, points[index].distance(to: points[other]))
      }
    }
    // 7.5 is the sum of the channels' weights.
    return min(32, Int((gaps.sorted()[gaps.count / 2] / 7.5).squareRoot().rounded()))
  }
}
