import Foundation
import Imaging
import TUI
import TerminalIO
import Testing

@Suite struct PictureProtocolsTests {
  @Test func kittySendsChunksThatMakeUpThePixels() throws {
    let picture = TestPictures.noise(70, 41)
    let text = String(decoding: KittyGraphics.transmit(picture, id: 9), as: UTF8.self)
    let sequences = text.components(separatedBy: "\u{1b}\\").dropLast()
    var data = ""
    for (index, sequence) in sequences.enumerated() {
      let halves = sequence.dropFirst("\u{1b}_G".count).split(separator: ";", maxSplits: 1)
      let keys = Set(halves[0].split(separator: ",").map(String.init))
      #expect(halves[1].count <= 4096)
      #expect(keys.contains(index == sequences.count - 1 ? "m=0" : "m=1"))
      #expect(keys.contains("q=2"), "no answers, which nobody would read")
      if index == 0 {
        #expect(keys.isSuperset(of: ["a=t", "f=24", "s=70", "v=41", "i=9"]))
      } else {
        #expect(keys.count == 2)
      }
      data += halves[1]
    }
    #expect(sequences.count == 3)
    #expect(try #require(Data(base64Encoded: data)) == Data(picture.bytes))
  }

  @Test func kittyPlacesPartsWithoutMovingTheCursor() {
    let bytes = KittyGraphics.place(
      id: 3, placement: 2, part: .init(x: 1, y: 2, width: 30, height: 40),
      over: Size(columns: 5, rows: 6))
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == "\u{1b}_Ga=p,i=3,p=2,x=1,y=2,w=30,h=40,c=5,r=6,C=1,q=2\u{1b}\\")
  }

  @Test(arguments: 0..<7)
  func iTermSendsTheFile(_ extra: Int) throws {
    let png = PNG.encode(TestPictures.ball(8, 8)) + Array(repeating: 7, count: extra)
    let text = String(
      decoding: ITermGraphics.show(png: png, over: Size(columns: 4, rows: 2)), as: UTF8.self)
    #expect(text.hasPrefix("\u{1b}]1337;File=inline=1;size=\(png.count);width=4;height=2;"))
    #expect(text.hasSuffix("\u{7}"))
    let data = text.dropLast().split(separator: ":", maxSplits: 1)[1]
    #expect(try #require(Data(base64Encoded: String(data))) == Data(png))
  }
}
