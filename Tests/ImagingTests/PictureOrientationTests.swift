import Files
import Foundation
import Imaging
import Testing

struct PictureOrientationTests {
  /// A letter F of 3 × 5, whose eight positions are all different: 1 is ink.
  private let upright = ["111", "100", "110", "100", "100"]

  /// How the letter is stored for each orientation, written out by hand.
  private let stored: [Int: [String]] = [
    1: ["111", "100", "110", "100", "100"],
    2: ["111", "001", "011", "001", "001"],
    3: ["001", "001", "011", "001", "111"],
    4: ["100", "100", "110", "100", "111"],
    5: ["11111", "10100", "10000"],
    6: ["10000", "10100", "11111"],
    7: ["00001", "00101", "11111"],
    8: ["11111", "00101", "00001"],
  ]

  private func picture(_ rows: [String]) -> PixelImage {
    PixelImage(
      width: rows[0].count, height: rows.count,
      bytes: rows.joined().flatMap { [UInt8](repeating: $0 == "1" ? 0 : 255, count: 3) })
  }

  @Test(arguments: 1...8) func everyPositionIsTurnedUpright(number: Int) throws {
    let orientation = try #require(PictureOrientation(rawValue: number))
    let letter = try #require(stored[number])
    #expect(picture(letter).upright(from: orientation) == picture(upright))
  }

  @Test(arguments: 1...8) func theRecordIsFoundInEveryFormat(number: Int) throws {
    let letter = picture(try #require(stored[number]))
    for isLittle in [true, false] {
      let exif = MadePhoto.exif(number, isLittle: isLittle)
      #expect(PictureOrientation(exif: Bytes(exif)).rawValue == number)
      let jpeg = MadePhoto.jpeg(
        MadePhoto.jpeg(letter.scaled(width: letter.width * 16, height: letter.height * 16, by: .nearest)),
        exif: exif)
      let photo = try PhotoFile(Bytes(jpeg))
      #expect(photo.orientation.rawValue == number)
      #expect((photo.fullWidth, photo.fullHeight) == (48, 80))
      let small = photo.image.scaled(width: 3, height: 5, by: .box)
      #expect(zip(small.bytes, picture(upright).bytes).allSatisfy { abs(Int($0) - Int($1)) < 24 })

      // PNG: a chunk before the data, whose checksum libpng does not insist on.
      var png = PNG.encode(letter)
      var chunk = [0, 0, 0, UInt8(exif.count)] + Array("eXIf".utf8) + exif
      chunk += checksum(Array(chunk[4...]))
      png.insert(contentsOf: chunk, at: 33)
      #expect(try PhotoFile(Bytes(png)).image == picture(upright))
    }
  }

  /// CRC-32 as PNG has it, most significant byte first.
  private func checksum(_ bytes: [UInt8]) -> [UInt8] {
    var crc: UInt32 = 0xffff_ffff
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    crc ^= 0xffff_ffff
    return [24, 16, 8, 0].map { UInt8(crc >> $0 & 255) }
  }

  @Test func damagedRecordsMeanUpright() {
    let exif = MadePhoto.exif(6, isLittle: true)
    for count in 0..<exif.count - 2 {
      let found = PictureOrientation(exif: Bytes(Array(exif[..<count])))
      #expect(found == .up || count > exif.count - 4)
    }
    #expect(PictureOrientation(exif: Bytes(MadePhoto.exif(9, isLittle: false))) == .up)
    #expect(PictureOrientation(exif: Bytes(MadePhoto.exif(0, isLittle: false))) == .up)
    // A directory that lies outside.
    #expect(PictureOrientation(exif: Bytes(Array("II*\0".utf8) + [255, 255, 255, 255])) == .up)
  }
}
