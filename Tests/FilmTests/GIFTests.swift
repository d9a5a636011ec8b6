import Imaging
import Testing

@testable import Film

struct GIFTests {
  /// A decoder by the specification, for comparison: every frame as it is on the screen.
  struct Decoder {
    var frames: [[UInt8]] = []
    var delays: [Int] = []
    var isEndless = false
    var comment = ""
    let width: Int
    let palette: [UInt8]

    init(_ file: [UInt8]) {
      func number(_ at: Int) -> Int { Int(file[at]) | Int(file[at + 1]) << 8 }
      width = number(6)
      palette = Array(file[13..<13 + 768])
      var screen = [UInt8](repeating: 0, count: width * number(8))
      var at = 13 + 768
      var transparent: UInt8?
      func blocks() -> [UInt8] {
        var bytes: [UInt8] = []
        while file[at] != 0 {
          bytes += file[at + 1...at + Int(file[at])]
          at += 1 + Int(file[at])
        }
        at += 1
        return bytes
      }
      while file[at] != 0x3b {
        if file[at] == 0x21 {
          let kind = file[at + 1]
          at += 2
          let data = blocks()
          if kind == 0xf9 {
            delays.append(Int(data[1]) | Int(data[2]) << 8)
            transparent = data[0] & 1 == 1 ? data[3] : nil
          } else if kind == 0xff {
            isEndless = data.starts(with: Array("NETSCAPE2.0".utf8)) && data[12] == 0
          } else if kind == 0xfe {
            comment = String(decoding: data, as: UTF8.self)
          }
          continue
        }
        let (x, y, w) = (number(at + 1), number(at + 3), number(at + 5))
        let depth = Int(file[at + 10])
        at += 11
        for (index, color) in Decoder.decompress(blocks(), depth: depth).enumerated()
        where color != transparent {
          screen[(y + index / w) * width + x + index % w] = color
        }
        frames.append(screen)
      }
    }

    static func decompress(_ bytes: [UInt8], depth: Int) -> [UInt8] {
      var (bit, width, next) = (0, depth + 1, (1 << depth) + 2)
      var table: [[UInt8]] = []
      var last: [UInt8] = []
      var result: [UInt8] = []
      while bit + width <= bytes.count * 8 {
        var code = 0
        for i in 0..<width { code |= Int(bytes[(bit + i) / 8] >> UInt8((bit + i) % 8) & 1) << i }
        bit += width
        if code == 1 << depth {
          table = (0..<1 << depth).map { [UInt8($0)] } + [[], []]
          (width, next, last) = (depth + 1, (1 << depth) + 2, [])
          continue
        }
        if code == (1 << depth) + 1 { return result }
        let entry = code < table.count ? table[code] : last + [last[0]]
        result += entry
        if !last.isEmpty, next < 4096 {
          table.append(last + [entry[0]])
          next += 1
          if next == 1 << width, width < 12 { width += 1 }
        }
        last = entry
      }
      return result
    }
  }

  private func noise(_ count: Int, _ seed: UInt64, below limit: UInt64) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return UInt8((state >> 33) % limit)
    }
  }

  @Test(arguments: [1, 2, 300, 5000, 70000]) func compressionRoundTrips(count: Int) {
    for limit in [1, 2, 16, 256] as [UInt64] {
      var pixels = noise(count, 7, below: limit)
      if limit == 16 { pixels.sort() }
      let blocks = LZW.compress(pixels)
      var bytes: [UInt8] = []
      var at = 1
      while blocks[at] != 0 {
        bytes += blocks[at + 1...at + Int(blocks[at])]
        at += 1 + Int(blocks[at])
      }
      #expect(at == blocks.count - 1)
      #expect(Decoder.decompress(bytes, depth: 8) == pixels, "\(count) of \(limit)")
    }
  }

  private func ramp(_ shift: UInt8) -> PixelImage {
    var bytes: [UInt8] = []
    for y in 0..<16 {
      for x in 0..<16 {
        bytes.append(UInt8(x * 16))
        bytes.append(UInt8(y * 16))
        bytes.append(x == 3 ? shift : 0)
      }
    }
    return PixelImage(width: 16, height: 16, bytes: bytes)
  }

  @Test func framesShowWhatTheyWere() {
    let images = [ramp(0), ramp(200), ramp(200), ramp(90)]
    let palette = GIFPalette(of: images)
    var writer = GIF.Writer(palette: palette, framesPerSecond: 30)
    var file = GIF.header(side: 16, palette: palette, comment: "a film")
    for (number, image) in images.enumerated() { file += writer.frame(image, number: number) }
    file += GIF.end
    let decoder = Decoder(file)
    #expect(decoder.frames.count == 4)
    #expect(decoder.isEndless)
    #expect(decoder.comment == "a film")
    #expect(decoder.delays == [3, 4, 3, 3])
    for (image, frame) in zip(images, decoder.frames) {
      var error = 0
      for (p, color) in frame.enumerated() {
        for c in 0..<3 {
          let d = Int(decoder.palette[3 * Int(color) + c]) - Int(image.bytes[3 * p + c])
          error += d * d
        }
      }
      #expect(Double(error) / 768 < 60, "mean square error")
    }
  }

  @Test func fewColoursAreExact() {
    let (red, blue): ([UInt8], [UInt8]) = ([200, 30, 30], [30, 30, 200])
    let bytes = (0..<16).flatMap { $0 % 2 == 0 ? red : blue }
    let image = PixelImage(width: 4, height: 4, bytes: bytes)
    let palette = GIFPalette(of: [image])
    #expect(palette.count == 2)
    #expect(palette.index(200, 30, 30) != palette.index(30, 30, 200))
  }

  @Test func delaysAddUp() {
    for rate in [23.976, 25, 30, 50] {
      let total = (0..<600).reduce(0) { $0 + GIF.delay(frame: $1, framesPerSecond: rate) }
      #expect(abs(Double(total) - 60000 / rate) <= 1)
    }
  }
}
