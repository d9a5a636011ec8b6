/// 24-bit colours as the nearest of those a terminal has.
package enum ColorReduction {
  /// The six levels of the colour cube of xterm's 256 colours.
  static let cubeLevels = [0, 95, 135, 175, 215, 255]

  /// xterm's own values of the 16 basic colours; terminals differ, none by much.
  static let basic: [(Int, Int, Int)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
    (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255),
    (255, 0, 255), (0, 255, 255), (255, 255, 255),
  ]

  private static func distance(_ a: (Int, Int, Int), _ b: (Int, Int, Int)) -> Int {
    let (red, green, blue) = (a.0 - b.0, a.1 - b.1, a.2 - b.2)
    // The eye is most sensitive to green, least to blue.
    return 3 * red * red + 4 * green * green + 2 * blue * blue
  }

  /// 16 ... 255: the cube or the greys, whichever is nearer. The first 16 are left out, since
  /// people give them colours of their own.
  package static func palette256(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int {
    let color = (Int(red), Int(green), Int(blue))
    func step(_ value: Int) -> Int { value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40 }
    let (r, g, b) = (step(color.0), step(color.1), step(color.2))
    let cube = (cubeLevels[r], cubeLevels[g], cubeLevels[b])
    let mean = (color.0 + color.1 + color.2) / 3
    let greyStep = max(0, min(23, (mean - 3) / 10))
    let grey = 8 + 10 * greyStep
    return distance(color, (grey, grey, grey)) < distance(color, cube)
      ? 232 + greyStep : 16 + 36 * r + 6 * g + b
  }

  /// 0 ... `count - 1` of the basic colours, `count` being 8 or 16.
  package static func basic(_ red: UInt8, _ green: UInt8, _ blue: UInt8, count: Int = 16) -> Int {
    let color = (Int(red), Int(green), Int(blue))
    return (0..<count).min { distance(color, basic[$0]) < distance(color, basic[$1]) } ?? 0
  }

  /// The colour of a number of `palette256`.
  static func color256(_ number: Int) -> SIMD4<Int> {
    if number >= 232 {
      let grey = 8 + 10 * (number - 232)
      return SIMD4(grey, grey, grey, 0)
    }
    let cube = number - 16
    return SIMD4(cubeLevels[cube / 36], cubeLevels[cube / 6 % 6], cubeLevels[cube % 6], 0)
  }

  /// The colour of a number of `basic`.
  static func color16(_ number: Int) -> SIMD4<Int> {
    SIMD4(basic[number].0, basic[number].1, basic[number].2, 0)
  }
}
