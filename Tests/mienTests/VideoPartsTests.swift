import Film
import Latents
import Testing

@testable import mien

struct VideoPartsTests {
  @Test func progressLines() {
    #expect(
      FilmProgress.line(done: 0, total: 120, made: 0, elapsed: .zero)
        == "video  0/120 ────────────────────────")
    #expect(
      FilmProgress.line(done: 40, total: 120, made: 20, elapsed: .seconds(5))
        == "video  40/120 ━━━━━━━━────────────────  4/s  0:20 left")
    #expect(FilmProgress.time(3661) == "1:01:01")
  }

  @Test func keyframes() {
    let plain = KeyframeArgument("morning")
    #expect(plain.edits.isEmpty)
    let edited = KeyframeArgument("42+smile=2+age=-1.5")
    #expect(
      edited.edits == [
        Edit(direction: "smile", strength: 2), Edit(direction: "age", strength: -1.5),
      ])
    // A plus that belongs to a name.
    #expect(KeyframeArgument("a+b").edits.isEmpty)
    #expect(KeyframeArgument("a+b=x").edits.isEmpty)
  }

  @Test func sweeps() throws {
    #expect(
      try Sweep(parsing: "smile:-3:3")
        == Sweep(direction: "smile", track: Track(from: -3, to: 3)))
    #expect(
      try Sweep(parsing: "sefa 1:0:2:0@coarse")
        == Sweep(direction: "sefa 1", track: Track([0, 2, 0]), rows: .coarse))
    for text in ["smile", "smile:1", "smile:a:b", ":1:2", "smile:1:2@x", "smile:1:nan"] {
      #expect(throws: Failure.self, "\(text)") { try Sweep(parsing: text) }
    }
    #expect(try RowRule(parsing: "fine=still") == RowRule(rows: .fine, interpolation: .still))
    #expect(throws: Failure.self) { try RowRule(parsing: "fine") }
  }

  @Test func destinations() throws {
    #expect(try FilmDestination("a.mp4", codec: nil).kind == .film(.mp4))
    #expect(try FilmDestination("a.webm", codec: .av1).kind == .film(.webm(.av1)))
    #expect(try FilmDestination("-", codec: nil).isStream)
    #expect(try FilmDestination("a.json", codec: nil).kind == .timeline)
    #expect(try FilmDestination("frames/", codec: nil).output == .folder("frames"))
    #expect(try FilmDestination("x/walk.mp4", codec: nil).title == "walk")
    #expect(throws: Failure.self) { try FilmDestination("a.mp4", codec: .av1) }
    #expect(throws: Failure.self) { try FilmDestination("a.avi", codec: nil) }
  }
}
