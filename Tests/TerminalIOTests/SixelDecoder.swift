import Imaging

/// Reads sixels back, as a terminal would: enough of DEC's definition for what encoders write.
struct SixelDecoder {
  enum Failure: Error, Equatable {
    case noIntroducer, noTerminator, noRasterAttributes
    case unexpected(Character)
    case outside(x: Int, y: Int)
  }

  private(set) var width = 0
  private(set) var height = 0
  private(set) var parameters = ""
  /// Colours by register, in percent.
  private(set) var registers: [Int: (Int, Int, Int)] = [:]
  /// Registers by pixel, nil where nothing was painted.
  private(set) var pixels: [Int?] = []

  init(_ bytes: [UInt8]) throws {
    guard bytes.starts(with: [0x1b, 0x50]) else { throw Failure.noIntroducer }
    guard bytes.suffix(2) == [0x1b, 0x5c] else { throw Failure.noTerminator }
    var body = bytes.dropFirst(2).dropLast(2)
    guard let start = body.firstIndex(of: UInt8(ascii: "q")) else { throw Failure.noIntroducer }
    parameters = String(decoding: body[..<start], as: UTF8.self)
    body = body[(start + 1)...]

    var x = 0
    var y = 0
    var color = 0
    func numbers() -> [Int] {
      var list = [0]
      while let byte = body.first {
        if byte == UInt8(ascii: ";") {
          list.append(0)
        } else if (0x30...0x39).contains(byte) {
          list[list.count - 1] = list[list.count - 1] * 10 + Int(byte - 0x30)
        } else {
          break
        }
        body.removeFirst()
      }
      return list
    }
    while let byte = body.popFirst() {
      switch byte {
      case UInt8(ascii: "\""):
        let list = numbers()
        guard list.count == 4 else { throw Failure.noRasterAttributes }
        (width, height) = (list[2], list[3])
        pixels = Array(repeating: nil, count: width * height)
      case UInt8(ascii: "#"):
        let list = numbers()
        color = list[0]
        if list.count == 5 { registers[color] = (list[2], list[3], list[4]) }
      case UInt8(ascii: "$"): x = 0
      case UInt8(ascii: "-"): (x, y) = (0, y + 6)
      case UInt8(ascii: "!"), 63...126:
        var count = 1
        var sixel = byte
        if byte == UInt8(ascii: "!") {
          count = numbers()[0]
          sixel = body.popFirst() ?? 0
          guard (63...126).contains(sixel) else {
            throw Failure.unexpected(Character(Unicode.Scalar(sixel)))
          }
        }
        guard width > 0 else { throw Failure.noRasterAttributes }
        for _ in 0..<count {
          for bit in 0..<6 where (sixel - 63) >> UInt8(bit) & 1 == 1 {
            guard x < width, y + bit < height else { throw Failure.outside(x: x, y: y + bit) }
            pixels[(y + bit) * width + x] = color
          }
          x += 1
        }
      case 0x0a, 0x0d: break
      default: throw Failure.unexpected(Character(Unicode.Scalar(byte)))
      }
    }
  }

  /// Whether every pixel has got a colour that was defined.
  var isComplete: Bool { pixels.allSatisfy { $0 != nil && registers[$0!] != nil } }

  var image: PixelImage {
    func byte(_ percent: Int) -> UInt8 { UInt8((percent * 255 + 50) / 100) }
    return PixelImage(
      width: width, height: height,
      bytes: pixels.flatMap { register -> [UInt8] in
        let color = register.flatMap { registers[$0] } ?? (0, 0, 0)
        return [byte(color.0), byte(color.1), byte(color.2)]
      })
  }
}
