import Imaging
import TUI
import TerminalIO
import Testing

@Suite struct CharacterPicturesTests {
  @Test func halfBlocksHaveTwoPixelsACell() {
    let picture = PixelImage(
      width: 2, height: 2, bytes: [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])
    let cells = HalfBlocks.cells(picture, size: Size(columns: 2, rows: 1), depth: .trueColor)
    #expect(
      cells == [
        Cell("▀", style: CellStyle(foreground: .rgb(255, 0, 0), background: .rgb(0, 0, 255))),
        Cell("▀", style: CellStyle(foreground: .rgb(0, 255, 0), background: .rgb(255, 255, 255))),
      ])
  }

  @Test func ditheringKeepsTheMean() {
    let picture = TestPictures.filled(16, 16, (120, 120, 120))
    let cells = HalfBlocks.cells(picture, size: Size(columns: 8, rows: 4), depth: .palette256)
    var sum = 0
    for cell in cells {
      for color in [cell.style.foreground, cell.style.background] {
        if case .rgb(let red, _, _) = color { sum += Int(red) }
      }
    }
    #expect(abs(sum / (2 * cells.count) - 120) <= 2)
  }

  @Test func asciiGetsDenserWithLightness() {
    let ramp = PixelImage(
      width: 8, height: 1,
      bytes: (0..<8).flatMap { i -> [UInt8] in
        [UInt8](repeating: UInt8(i * 36), count: 3)
      })
    let dark = ASCIIArt.cells(ramp, size: Size(columns: 8, rows: 1)).map(\.text).joined()
    let light = ASCIIArt.cells(ramp, size: Size(columns: 8, rows: 1), onLightBackground: true)
      .map(\.text).joined()
    #expect(dark.first == " ")
    #expect(dark.last == "$")
    #expect(light.first == "$" && light.last == " ")
    #expect(dark.utf8.allSatisfy { (0x20...0x7e).contains($0) })
  }

  @Test func asciiPictureOfABall() {
    let cells = ASCIIArt.cells(TestPictures.ball(64, 64), size: Size(columns: 24, rows: 12))
    let text = (0..<12).map { row in cells[row * 24..<row * 24 + 24].map(\.text).joined() }
      .joined(separator: "\n")
    #expect(text == Self.ball, "\n\(text)")
  }

  static let ball = #"""
           ...,::;;--~~~+==<
     ..,,::;::,-+~-~=<>>>i!!
    ;--~~~-~lrczuf1i>!lI???1
    ==<>>-.)Ck#awCzvutl)(||t
    !!ll!~|Jp*W&M*kpOzIIjjrr
    ?1))!tQqdbaW$$$Wqc!-xuvv
    |ttfIjOpdbaW$$$8qc!;vXYY
    rxxxf>xQp*W&WM*bZz?|JCCC
    vvczz1~t0aM*d0UYzrjC0OOZ
    YYUUUUx)tzCCzx|?|zOmwwqp
    CCLQQ0O0Yx(tjtrXZppdbbbk
    OOZZmmwwqpqpppbkkkhaaao*
    """#

  @Test(arguments: [ColorDepth.trueColor, .palette256, .palette16, .none])
  func cellsAreWrittenInTheColorsThereAre(_ depth: ColorDepth) {
    var writer = CellWriter(depth: depth)
    writer.move(to: Point(column: 4, row: 2))
    let style = CellStyle(foreground: .rgb(255, 0, 0), background: .rgb(0, 95, 135))
    writer.put(Cell("▀", style: style))
    writer.put(Cell("▀", style: style))
    writer.endStyle()
    let colors =
      switch depth {
      case .trueColor: "\u{1b}[38;2;255;0;0m\u{1b}[48;2;0;95;135m"
      case .palette256: "\u{1b}[38;5;196m\u{1b}[48;5;24m"
      case .palette16: "\u{1b}[91m\u{1b}[100m"
      case .none: ""
      }
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "\u{1b}[3;5H\(colors)▀▀\u{1b}[m")
  }

  @Test func reductionFindsTheColorsThatExist() {
    for red in [0, 95, 135, 175, 215, 255] as [UInt8] {
      for green in [0, 95, 135, 175, 215, 255] as [UInt8] {
        let index = ColorReduction.palette256(red, green, 95)
        #expect((16...255).contains(index))
        if red != green {
          #expect((index - 16) / 36 == [0, 95, 135, 175, 215, 255].firstIndex(of: red))
        }
      }
    }
    #expect(ColorReduction.palette256(8, 8, 8) == 232)
    #expect(ColorReduction.palette256(128, 128, 128) == 244)
    #expect(ColorReduction.basic(250, 10, 10) == 9)
    #expect(ColorReduction.basic(250, 10, 10, count: 8) == 1)
  }
}
