import Imaging
import Testing

struct PPMTests {
  @Test func encodesTheBinaryFormat() {
    let image = PixelImage(width: 2, height: 1, bytes: [1, 2, 3, 4, 5, 6])
    #expect(PPM.encode(image) == Array("P6\n2 1\n255\n".utf8) + [1, 2, 3, 4, 5, 6])
  }

  @Test func roundTrip() throws {
    let image = pattern(width: 9, height: 4)
    #expect(try PPM.decode(PPM.encode(image)) == image)
  }

  @Test func commentsGrayAndOtherDepths() throws {
    #expect(
      try PPM.decode(Array("P5 # gray\n# a comment\n2\t1 15\n".utf8) + [0, 15]).bytes
        == [0, 0, 0, 255, 255, 255])
    #expect(
      try PPM.decode(Array("P6 1 1 65535 ".utf8) + [0x80, 0, 0xff, 0xff, 0, 0]).bytes
        == [128, 255, 0])
  }

  @Test func everyTruncationIsAnError() {
    let file = PPM.encode(pattern(width: 3, height: 2))
    for count in 0..<file.count {
      #expect(throws: PictureError.self, "\(count) of \(file.count) bytes") {
        try PPM.decode(Array(file[..<count]))
      }
    }
  }

  @Test(arguments: [
    ("P3 1 1 255 1 2 3", "not a PPM picture"),
    ("P6 x", "damaged PPM picture: its header has no width"),
    ("P6 1 1 99999999999 ", "damaged PPM picture: its header has no largest sample"),
    ("P6 0 1 255 ", "damaged PPM picture: its header says 0x1 pixels of 0 to 255"),
    ("P6 2 1 255 abc", "damaged PPM picture: 3 bytes of samples where 6 belong"),
    (
      "P6 999999999 999999999 255 ",
      "a picture of 999999999x999999999 pixels is larger than the 67108864 pixels allowed"
    ),
  ])
  func errorsSayWhatWasFound(file: String, words: String) {
    let error = #expect(throws: PictureError.self) { _ = try PPM.decode(Array(file.utf8)) }
    #expect(error?.description == words)
  }
}
