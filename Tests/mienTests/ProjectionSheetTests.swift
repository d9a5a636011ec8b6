import Foundation
import Imaging
import Testing

@testable import mien

@Suite struct ProjectionSheetTests {
  private func plain(_ value: UInt8) -> PixelImage {
    PixelImage(width: 8, height: 8, filledWith: (value, value, value))
  }

  @Test func aLineForEachPhoto() throws {
    var sheet = ProjectionSheet()
    #expect(sheet.picture == nil)
    sheet.add(target: plain(10), start: plain(20), found: plain(30))
    sheet.add(target: plain(40), start: plain(50), found: plain(60))
    let picture = try #require(sheet.picture)
    #expect(picture.width == 3 * 8 + 2 * 2 && picture.height == 2 * 8 + 2)
    func value(_ x: Int, _ y: Int) -> UInt8 { picture.bytes[(y * picture.width + x) * 3] }
    #expect([value(4, 4), value(14, 4), value(24, 4)] == [10, 20, 30])
    #expect([value(4, 14), value(14, 14), value(24, 14)] == [40, 50, 60])
  }

  @Test func manyStandBesideOneAnother() throws {
    var sheet = ProjectionSheet()
    for _ in 0..<20 { sheet.add(target: plain(1), start: plain(2), found: plain(3)) }
    let picture = try #require(sheet.picture)
    #expect(picture.width == 12 * 8 + 11 * 2 && picture.height == 5 * 8 + 4 * 2)
  }

  @Test func isWritten() throws {
    let folder = try TemporaryFolder()
    var sheet = ProjectionSheet()
    let path = folder.url.appending(path: "sheet.png").path
    try sheet.write(to: path)
    #expect(!FileManager.default.fileExists(atPath: path))
    sheet.add(target: plain(1), start: plain(2), found: plain(3))
    try sheet.write(to: path)
    let read = try PNG.decode(Array(Data(contentsOf: URL(filePath: path)))).image
    #expect(read.bytes == sheet.picture?.bytes)
  }
}
