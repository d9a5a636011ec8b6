package import Imaging

/// How different two pictures look: the root mean square of what differs at full, half and quarter
/// size, 0…255. Fine noise counts little, moved shapes count at every size.
package enum PictureDistance {
  /// Pictures are compared at this many pixels a side at most.
  package static let side = 128

  /// A picture ready to be compared with others.
  package struct View: Sendable {
    fileprivate let sizes: [PixelImage]

    package init(_ image: PixelImage) {
      var side = min(image.width, PictureDistance.side)
      var sizes = [image.scaled(width: side, height: side)]
      for _ in 0..<2 where side >= 8 {
        side /= 2
        sizes.append(sizes[sizes.count - 1].scaled(width: side, height: side))
      }
      self.sizes = sizes
    }
  }

  /// - Precondition: pictures of one size.
  package static func between(_ a: View, _ b: View) -> Double {
    var sum = 0.0
    for (a, b) in zip(a.sizes, b.sizes) { sum += meanSquare(a.bytes, b.bytes) }
    return (sum / Double(a.sizes.count)).squareRoot()
  }

  private static func meanSquare(_ a: [UInt8], _ b: [UInt8]) -> Double {
    precondition(a.count == b.count && !a.isEmpty, "pictures of different sizes")
    var sum = 0
    for i in a.indices {
      let difference = Int(a[i]) &- Int(b[i])
      sum &+= difference &* difference
    }
    return Double(sum) / Double(a.count)
  }
}
