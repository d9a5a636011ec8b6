package import Imaging
package import TUI

/// Pictures out of printable ASCII, for terminals without colours: a character for the lightness
/// of a cell.
package enum ASCIIArt {
  /// From dark to light on a dark screen, by the ink of common terminal fonts.
  private static let ramp = Array(" .'`,:;-~+=<>i!lI?1)(|tfjrxnuvczXYUJCLQ0OZmwqpdbkhao*#MW&8%B@$")
    .filter { $0 != "`" && $0 != "'" }.map(String.init)

  /// - Returns: `size.rows * size.columns` cells, row by row. The picture's own range of lightness
  ///   is stretched over that of the characters.
  package static func cells(
    _ image: PixelImage, size: Size, onLightBackground: Bool = false
  ) -> [Cell] {
    guard size.columns > 0, size.rows > 0 else { return [] }
    let grid = PictureScaler.scaled(image, width: size.columns, height: size.rows)
    let lightness = (0..<size.columns * size.rows).map { index -> Int in
      let (red, green, blue) = (
        Int(grid.bytes[index * 3]), Int(grid.bytes[index * 3 + 1]), Int(grid.bytes[index * 3 + 2])
      )
      return (54 * red + 183 * green + 19 * blue) / 256  // Rec. 709
    }
    // The extreme fiftieth on either side may be clipped: one highlight must not darken the rest.
    let sorted = lightness.sorted()
    let darkest = sorted[sorted.count / 50]
    let lightest = max(darkest + 32, sorted[sorted.count - 1 - sorted.count / 50])
    return lightness.map { value in
      let relative = max(0, min(lightest - darkest, value - darkest))
      let step = relative * (ramp.count - 1) / (lightest - darkest)
      return Cell(ramp[onLightBackground ? ramp.count - 1 - step : step])
    }
  }
}
