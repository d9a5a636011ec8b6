import Foundation
import Latents
import StyleGAN
import Testing

@Suite struct TimelineTests {
  private func timeline(_ seeds: UInt32...) -> Timeline {
    Timeline(
      name: "walk", model: ModelReference(name: "toy", sha256: "abc"),
      keyframes: seeds.map { Timeline.Keyframe(name: "seed \($0)", recipe: Recipe(latent: .seed($0))) })
  }

  private func read(_ text: String) throws(TimelineError) -> Timeline {
    try Timeline(json: Array(text.utf8), file: "walk.json") { name throws(PresetError) in
      guard name == "morning" else {
        throw PresetError(file: "library", reason: .noSuchPreset(name: name))
      }
      return Preset(
        name: "morning", model: ModelReference(name: "toy"),
        recipe: Recipe(latent: .seed(42), edits: [Edit(direction: "smile", strength: 2)]))
    }
  }

  private func words(_ text: String) -> String? {
    do {
      _ = try read(text)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func writesAndReads() throws {
    var film = timeline(1, 2)
    film.isLoop = true
    film.interpolation = .slerp
    film.rowRules = [RowRule(rows: .fine, interpolation: .still)]
    film.easing = .inOut
    film.frameRate = FrameRate(30000, per: 1001)
    film.frameCount = 77
    film.psi = Track(from: 0.5, to: 1)
    film.sweeps = [Sweep(direction: "smile", track: Track([-3, 0, 3]), rows: .coarse)]
    film.noise = .loop(seed: 7)
    film.keyframes[1].hold = 0.5
    film.keyframes[1].duration = 1.25
    film.keyframes[1].easing = .out
    film.keyframes[1].recipe = Recipe(latent: .ws((0..<16).map { Float($0) / 3 }, rows: 2))
    let again = try read(film.json)
    #expect(again.json == film.json)
    #expect(again.keyframes.map(\.recipe) == film.keyframes.map(\.recipe))
    #expect(again.keyframes[1].easing == .out)
    #expect(again.psi == film.psi && again.sweeps == film.sweeps && again.noise == film.noise)
    #expect(again.frameRate == film.frameRate && again.frames == 77)
  }

  @Test func keepsWhatItDoesNotKnow() throws {
    let film = try read(
      """
      {"mien-timeline": 1, "music": {"file": "a.ogg"}, "model": {"name": "toy", "x": 1},
       "keyframes": [{"latent": {"seed": 1}, "mood": "calm"}]}
      """)
    #expect(film.json.contains(#""music": {"file": "a.ogg"}"#))
    #expect(film.json.contains(#""mood": "calm""#))
    #expect(film.name == "walk")
    #expect(film.keyframes[0].duration == Timeline.usualDuration)
  }

  @Test func aKeyframeMayNameAPreset() throws {
    let film = try read(
      """
      {"mien-timeline": 1, "model": {"name": "toy"}, "keyframes": [
        {"preset": "morning"}, {"preset": "morning", "edits": [], "hold": 1}]}
      """)
    #expect(film.keyframes[0].recipe.edits.count == 1)
    #expect(film.keyframes[1].recipe.edits.isEmpty)
    #expect(film.keyframes[1].recipe.latent == .seed(42))
    #expect(film.keyframes[1].hold == 1)
    #expect(!film.json.contains("preset"))
  }

  @Test func errorsNameTheField() {
    let start = #"{"mien-timeline": 1, "model": {"name": "toy"}, "keyframes": "#
    #expect(words("[]") == "walk.json: not a timeline: it has no field \"mien-timeline\"")
    #expect(
      words(#"{"mien-timeline": 2}"#)
        == "walk.json: the timeline has format version 2, this program reads version 1")
    #expect(words(#"{"mien-timeline": 1}"#) == "walk.json: the field keyframes is missing")
    #expect(words(start + "7}") == "walk.json: keyframes is a number, expected a list")
    #expect(
      words(start + #"[{"preset": "dusk"}]}"#)
        == "walk.json: keyframes[0].preset: library: there is no preset named \"dusk\"")
    #expect(
      words(start + #"[], "ease": "fast"}"#)
        == "walk.json: ease: \"fast\" is not one of none, in, out, in-out")
    #expect(
      words(start + #"[], "fps": 0}"#)
        == "walk.json: fps: 0 is not a frame rate such as 30 or \"30000/1001\"")
    #expect(
      words(start + #"[{"latent": {"seed": -1}}]}"#)?.contains("keyframes[0].latent.seed") == true)
  }

  @Test func countsFrames() {
    var film = timeline(1, 2, 3)
    #expect(film.frames == 120)
    film.isLoop = true
    #expect(film.frames == 180)
    film.keyframes[0].hold = 1
    #expect(film.frames == 210)
    film.frameCount = 12
    #expect(film.frames == 12)
    film.keyframes = []
    #expect(throws: TimelineError.Reason.noKeyframes) { try film.validate() }
  }

  @Test func refusesWhatMeansNothing() {
    var film = timeline(1, 2)
    film.frameCount = 0
    #expect(throws: TimelineError.Reason.noFrames) { try film.validate() }
    film.frameCount = nil
    film.keyframes[1].duration = -1
    #expect(throws: TimelineError.Reason.time(keyframe: 2, what: "duration", seconds: -1)) {
      try film.validate()
    }
    film.keyframes[1].duration = 1
    film.isConstantSpeed = true
    film.easing = .in
    #expect(throws: TimelineError.Reason.easedConstantSpeed) { try film.validate() }
    film.easing = .none
    film.psi = Track(from: .nan, to: 1)
    #expect(throws: TimelineError.Reason.notFinite("psi")) { try film.validate() }
  }
}
