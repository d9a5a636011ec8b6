import Foundation
import Imaging
import TestFixtures
import Testing

/// A picture in which every byte is different from its neighbours.
func pattern(width: Int, height: Int) -> PixelImage {
  PixelImage(
    width: width, height: height,
    bytes: (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 251) })
}

struct PNGTests {
  @Test(arguments: [(1, 1), (7, 5), (64, 33)])
  func roundTrip(size: (Int, Int)) throws {
    let image = pattern(width: size.0, height: size.1)
    let file = PNG.encode(image)
    let contents = try PNG.decode(file)
    #expect(contents.image == image)
    #expect(contents.text.isEmpty)
    #expect(PNG.encode(image) == file)
  }

  @Test func grayIsStoredInOneChannel() throws {
    let image = PixelImage(width: 2, height: 1, bytes: [9, 9, 9, 200, 200, 200])
    let file = PNG.encode(image, samples: .gray)
    #expect(file[25] == 0)  // IHDR colour type
    #expect(try PNG.decode(file).image == image)
  }

  @Test func textSurvivesAndChunkKindFollowsTheCharacters() throws {
    let file = PNG.encode(
      pattern(width: 2, height: 2),
      text: [("mien", #"{"mien": 1}"#), ("Title", "Größe 顔 🙂"), ("empty", "")])
    let contents = try PNG.decode(file)
    #expect(
      contents.text == [
        PNG.Text(keyword: "mien", value: #"{"mien": 1}"#),
        PNG.Text(keyword: "Title", value: "Größe 顔 🙂"),
        PNG.Text(keyword: "empty", value: ""),
      ])
    #expect(contents.text(for: "Title") == "Größe 顔 🙂")
    #expect(contents.text(for: "absent") == nil)
    let bytes = Data(file)
    #expect(bytes.range(of: Data("tEXtmien\0".utf8)) != nil)
    #expect(bytes.range(of: Data("iTXtTitle\0".utf8)) != nil)
  }

  @Test func latin1CompressedAndInternationalTextIsRead() throws {
    let contents = try decode(
      """
      iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgBwAACQAIjau5AQAAAAp0RVh0VGl0bGUA\
      Y2Fm6QCrM3oAAAATelRYdHoAAHicKy4sTU2tSk0BAA+eA2fv6H8AAAAAHWlUWHRpAAEAZGUAVGl0ZWwAeJxLLzq87fD8\
      1CIAFKMEjNvMBSIAAAAASUVORK5CYII=
      """)
    #expect(
      contents.text.map { [$0.keyword, $0.value] } == [
        ["Title", "café"], ["z", "squeezed"], ["i", "größer"],
      ])
  }

  @Test(arguments: [
    // 8-bit gray, 1-bit gray, 16-bit gray, 16-bit RGB
    (
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR42mPg+gUAAREBBdovlbwAAAAASUVORK5CYII=",
      [10, 10, 10, 250, 250, 250] as [UInt8]
    ),
    (
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABAQAAAAAzmykZAAAACklEQVR42mNYAAAAogChcQXLQQAAAABJRU5ErkJggg==",
      [255, 255, 255, 0, 0, 0, 255, 255, 255]
    ),
    (
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR42mNoYPj/HwAFAgJ/yQDWdQAAAABJRU5ErkJggg==",
      [128, 128, 128, 255, 255, 255]
    ),
    (
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABEAIAAADA54+dAAAAD0lEQVR42mNgZGxo+PcPAAaMAv94A6xNAAAAAElFTkSuQmCC",
      [1, 128, 254]
    ),
    // RGBA: opaque red; clear; half of (0, 100, 200). Palette with a clear entry. Gray with a key.
    (
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABCAYAAAAb4BS0AAAAEklEQVR42mP4z8AARECQcqIBABg0A6vUAH6eAAAAAElFTkSuQmCC",
      [255, 0, 0, 255, 255, 255, 127, 177, 227]
    ),
    (
      """
      iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAMAAADD/I+4AAAABlBMVEUBAgMEBQaVU29IAAAAAnRSTlP/AOW3MEoAAAALSURB\
      VHjaY2BkAAAABQACQsJEnwAAAABJRU5ErkJggg==
      """,
      [255, 255, 255, 1, 2, 3]
    ),
    (
      """
      iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAAnRSTlMACpZGJCYAAAALSURBVHjaY+ASAQAAKwAfBMjwwgAA\
      AABJRU5ErkJggg==
      """,
      [255, 255, 255, 20, 20, 20]
    ),
  ])
  func everyColourTypeBecomesRGB(base64: String, bytes: [UInt8]) throws {
    #expect(try decode(base64).image.bytes == bytes)
  }

  @Test func everyTruncationIsAnError() {
    let file = PNG.encode(pattern(width: 5, height: 4), text: [("mien", "recipe")])
    for count in 0..<file.count {
      #expect(throws: PictureError.self, "\(count) of \(file.count) bytes") {
        try PNG.decode(Array(file[..<count]))
      }
    }
  }

  @Test func everyFlippedByteIsAnErrorOrHarmless() throws {
    let image = pattern(width: 5, height: 4)
    let file = PNG.encode(image, text: [("mien", "recipe")])
    for index in file.indices {
      var damaged = file
      damaged[index] ^= 0x55
      // CRCs guard every chunk: what is read is right, or (a damaged text chunk) left out.
      if let contents = try? PNG.decode(damaged) {
        #expect(contents.image == image)
        #expect(contents.text.isEmpty || contents.text(for: "mien") == "recipe")
      }
    }
  }

  @Test func errorsSayWhatWasFound() {
    expect("not a PNG picture") { try PNG.decode(Array("GIF89a: no picture".utf8)) }
    expect("not a PNG picture") { try PNG.decode([]) }
    expect("damaged PNG picture: the file ends too early") {
      try PNG.decode(Array(PNG.encode(pattern(width: 1, height: 1)).dropLast()))
    }
    // The header of a picture of 100000x100000 and one empty row.
    expect("a picture of 100000x100000 pixels is larger than the 67108864 pixels allowed") {
      try decode(
        """
        iVBORw0KGgoAAAANSUhEUgABhqAAAYagCAIAAAAnMJyfAAAACUlEQVR4nGMAAAABAAFe/335AAAAAElF\
        TkSuQmCC
        """)
    }
    expect("a picture of 3x2 pixels is larger than the 5 pixels allowed") {
      try PNG.decode(PNG.encode(pattern(width: 3, height: 2)), pixelLimit: 5)
    }
  }

  @Test(.enabled(if: TestFixtures.shared != nil, "needs the shared fixtures"))
  func aFileOfAnotherEncoderIsRead() throws {
    let folder = try #require(TestFixtures.shared)
    let data = try Data(contentsOf: folder.appending(path: "sg2ada_skip/seed0000.png"))
    let image = try PNG.decode(Array(data)).image
    #expect((image.width, image.height) == (64, 64))
    #expect(Set(image.bytes).count > 100)
  }

  private func decode(_ base64: String) throws -> PNG.Contents {
    try PNG.decode(Array(#require(Data(base64Encoded: base64))))
  }

  private func expect(_ words: String, from body: () throws -> some Any) {
    let error = #expect(throws: PictureError.self) { _ = try body() }
    #expect(error?.description == words)
  }
}
