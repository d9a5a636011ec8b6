import Film
import Testing

struct FilmFormatTests {
  @Test func endings() throws {
    #expect(try FilmFormat(path: "a.mp4") == .mp4)
    #expect(try FilmFormat(path: "a.b.WEBM", codec: .av1) == .webm(.av1))
    #expect(try FilmFormat(path: "x/a.gif") == .gif)
    #expect(try FilmFormat(path: "a.png") == .apng)
    #expect(try FilmFormat(path: "a.y4m") == .y4m)
    #expect(try FilmFormat(path: "frames") == .frames)
    #expect(try FilmFormat(path: "frames.mp4/") == .frames)
    #expect(throws: FilmError.unknownEnding(path: "a.avi", ending: "avi")) {
      try FilmFormat(path: "a.avi")
    }
  }

  @Test func refusesWhatDoesNotFit() throws {
    func validate(_ format: FilmFormat, side: Int, perSecond: Double = 30) throws(FilmError) {
      try format.validate(side: side, frames: 10, rate: ("\(perSecond)", perSecond))
    }
    #expect(throws: FilmError.oddSide(255, .mp4)) { try validate(.mp4, side: 255) }
    #expect(throws: FilmError.oddSide(33, .y4m)) { try validate(.y4m, side: 33) }
    try validate(.gif, side: 255)
    #expect(throws: FilmError.side(2, limit: 4...8192)) { try validate(.gif, side: 2) }
    #expect(throws: FilmError.rate("60.0", .gif, limit: 50)) {
      try validate(.gif, side: 64, perSecond: 60)
    }
    #expect(
      FilmError.oddSide(255, .mp4).description.hasSuffix("254 or 256, not 255"))
    #expect(
      FilmError.noProgram(.mp4).description
        == "MP4 is written by the program ffmpeg, which was not found; install it, or choose .gif, "
        + ".png (APNG), .y4m or a folder of PNGs")
  }
}
