import CNcurses
import TUI

/// Colours for ncurses, which knows them by number and in pairs of foreground and background.
///
/// With 24-bit colours the numbers 16 ... 255 are places of our own: the first 240 colours a
/// program uses get one each, and `rewritten` puts the real colour where ncurses wrote the number.
/// That needs no special terminfo entry, which few systems have installed.
final class NcursesPalette {
  let hasColors: Bool
  let reservedPair = 1
  private let depth: ColorDepth
  private let basicCount: Int
  private var places: [Int] = []  // 24-bit values from place 16 on
  private var placeByColor: [Int: Int] = [:]
  private var pairs: [Int: Int] = [:]

  /// - Precondition: ncurses has a screen.
  init(depth: ColorDepth) {
    hasColors = depth != .none && has_colors() && start_color() == OK
    guard hasColors else {
      (self.depth, basicCount) = (.none, 0)
      return
    }
    use_default_colors()
    let count = Int(mien_color_count())
    basicCount = count >= 16 ? 16 : 8
    self.depth = count >= 256 ? depth : .palette16
    init_extended_pair(Int32(reservedPair), -1, -1)
  }

  private func number(_ color: CellStyle.Color) -> Int {
    guard case .rgb(let red, let green, let blue) = color else { return -1 }
    switch depth {
    case .none: return -1
    case .palette16: return ColorReduction.basic(red, green, blue, count: basicCount)
    case .palette256: return ColorReduction.palette256(red, green, blue)
    case .trueColor:
      let value = Int(red) << 16 | Int(green) << 8 | Int(blue)
      if let place = placeByColor[value] { return place }
      let place = places.count < 240 ? 16 + places.count : nearestPlace(value)
      if places.count < 240 { places.append(value) }
      placeByColor[value] = place
      return place
    }
  }

  private func nearestPlace(_ value: Int) -> Int {
    func distance(_ other: Int) -> Int {
      [16, 8, 0].reduce(0) { sum, shift in
        let difference = (value >> shift & 255) - (other >> shift & 255)
        return sum + difference * difference
      }
    }
    return 16 + (places.indices.min { distance(places[$0]) < distance(places[$1]) } ?? 0)
  }

  /// The number of the pair; 0 is the terminal's own colours.
  func pair(_ foreground: CellStyle.Color, _ background: CellStyle.Color) -> Int {
    guard hasColors, foreground != .standard || background != .standard else { return 0 }
    let (front, back) = (number(foreground), number(background))
    let key = (front + 1) << 16 | (back + 1)
    if let pair = pairs[key] { return pair }
    // Beyond what the terminal has, its own colours: readable at least.
    let pair = pairs.count + 2
    guard pair < Int(mien_pair_count()) else { return 0 }
    init_extended_pair(Int32(pair), Int32(front), Int32(back))
    pairs[key] = pair
    return pair
  }

  /// ncurses' output with our places replaced by the colours they stand for.
  func rewritten(_ bytes: [UInt8]) -> [UInt8] {
    guard depth == .trueColor, !places.isEmpty else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count * 2)
    var index = 0
    while index < bytes.count {
      if let (replacement, length) = place(in: bytes, at: index) {
        result += replacement
        index += length
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  /// A colour by number, `38;5;n` or `48;5;n`, that begins here within `ESC [ … m`.
  private func place(in bytes: [UInt8], at start: Int) -> ([UInt8], Int)? {
    guard start > 0, start + 5 < bytes.count,
      bytes[start] == 0x33 || bytes[start] == 0x34,  // 3 or 4
      bytes[start + 1] == 0x38, bytes[start + 2] == 0x3b,  // 8;
      bytes[start + 3] == 0x35, bytes[start + 4] == 0x3b,  // 5;
      bytes[start - 1] == 0x3b
        || (start > 1 && bytes[start - 1] == 0x5b && bytes[start - 2] == 0x1b)
    else { return nil }
    var end = start + 5
    var number = 0
    while end < bytes.count, (0x30...0x39).contains(bytes[end]), end < start + 8 {
      number = number * 10 + Int(bytes[end] - 0x30)
      end += 1
    }
    guard places.indices.contains(number - 16) else { return nil }
    let value = places[number - 16]
    let text = ";2;\(value >> 16);\(value >> 8 & 255);\(value & 255)"
    return ([bytes[start], bytes[start + 1]] + Array(text.utf8), end - start)
  }
}
