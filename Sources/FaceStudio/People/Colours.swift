import CFaceStudio
import Glibc

typealias Colour = SIMD3<Double>

/// Colours of people and things, linear RGB.
enum Colours {
  /// From sRGB, 0…255.
  static func linear(_ r: Double, _ g: Double, _ b: Double) -> Colour {
    func decode(_ c: Double) -> Double {
      let x = c / 255
      return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4)
    }
    return Colour(decode(r), decode(g), decode(b))
  }

  /// From OKLab (Ottosson 2020), clipped to what a matt surface can be.
  static func oklab(_ lightness: Double, _ a: Double, _ b: Double) -> Colour {
    func cube(_ x: Double) -> Double { x * x * x }
    let l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
    let m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
    let s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
    let c = Colour(
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)
    return c.clamped(lowerBound: Colour(repeating: 0.002), upperBound: Colour(repeating: 0.95))
  }

  /// A place on a path of colours, 0…1.
  static func along(_ path: [Colour], _ t: Double) -> Colour {
    let x = min(max(t, 0), 1) * Double(path.count - 1)
    let i = min(Int(x), path.count - 2)
    return mix(path[i], path[i + 1], x - Double(i))
  }

  static func mix(_ a: Colour, _ b: Colour, _ t: Double) -> Colour { a + (b - a) * t }

  /// A grey of this radiance, warmer with t.
  static func tinted(_ radiance: Double, _ t: Double) -> Colour {
    Colour(radiance * (1 + 0.22 * t), radiance, radiance * (1 - 0.30 * t))
  }

  /// Dimmed so that no channel exceeds a limit.
  static func limited(_ c: Colour, _ limit: Double) -> Colour { c * min(1, limit / c.max()) }

  static let hair: [Colour] = [
    linear(14, 12, 11), linear(30, 21, 16), linear(48, 32, 22), linear(78, 52, 35),
    linear(112, 80, 53), linear(148, 112, 76), linear(188, 150, 106), linear(218, 192, 152),
  ]
  static let eyes: [Colour] = [
    linear(48, 28, 17), linear(74, 44, 24), linear(100, 66, 34), linear(112, 92, 50),
    linear(100, 112, 76), linear(108, 126, 124), linear(100, 132, 158), linear(136, 164, 184),
  ]
}

extension Colour {
  var raw: studio_rgb { studio_rgb(r: Float(x), g: Float(y), b: Float(z)) }
}
