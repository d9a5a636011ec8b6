import Latents
import StyleGAN
import Tensors
import Testing

@Suite struct TimelinePathTests {
  private let model = ToyModel()
  private let directions = DirectionLibrary([
    Direction(name: "smile", kind: .attribute, rows: .coarse, vector: [1, 0, 0, 0, 0, 0, 0, 0]),
    Direction(
      name: "turn", kind: .imported, space: .z, vector: [1, 0, 0, 0, 0, 0, 0, 0]),
  ])

  private func timeline(_ recipes: [Recipe]) -> Timeline {
    Timeline(
      name: "walk", model: ModelReference(name: "toy"),
      keyframes: recipes.map { Timeline.Keyframe(name: "k", recipe: $0, duration: 1) })
  }

  private func seeds(_ seeds: UInt32...) -> Timeline {
    timeline(seeds.map { Recipe(latent: .seed($0)) })
  }

  private func path(_ timeline: Timeline) throws(TimelineError.Reason) -> TimelinePath {
    try TimelinePath(timeline, model: model, directions: directions)
  }

  private func ws(_ recipe: Recipe) throws -> [Float] {
    try recipe.ws(model: model, directions: directions).values
  }

  private func distance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test(arguments: [Interpolation.linear, .slerp, .spline])
  func meetsItsKeyframesExactly(way: Interpolation) throws {
    var film = timeline([
      Recipe(
        latent: .seed(1), truncation: Truncation(psi: 0.7),
        edits: [Edit(direction: "smile", strength: 2, rows: .coarse)]),
      Recipe(latent: .seed(2), mix: [Mix(latent: .seed(9), rows: .fine)]),
      Recipe(latent: .seed(3)),
    ])
    film.interpolation = way
    film.isLoop = true
    let path = try path(film)
    for (index, keyframe) in film.keyframes.enumerated() {
      #expect(path.ws(at: Double(index)) == (try ws(keyframe.recipe)))
    }
    #expect(path.ws(at: 3) == path.ws(at: 0))
  }

  @Test func linearIsTheMiddle() throws {
    var film = seeds(1, 2)
    film.interpolation = .linear
    let (a, b) = (try ws(Recipe(latent: .seed(1))), try ws(Recipe(latent: .seed(2))))
    let middle = zip(a, b).map { ($0 + $1) / 2 }
    #expect(distance(try path(film).ws(at: 0.5), middle) < 1e-5)
  }

  @Test func slerpIsTheMappedGreatCircle() throws {
    var film = seeds(1, 2)
    film.interpolation = .slerp
    let path = try path(film)
    let (a, b) = (
      Latent<Z>(seed: 1, dimension: 8).values, Latent<Z>(seed: 2, dimension: 8).values
    )
    // Half way on the circle is the sum, of a length that lies between.
    let dot = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    let cosine =
      dot / (a.reduce(0) { $0 + $1 * $1 } * b.reduce(0) { $0 + $1 * $1 }).squareRoot()
    let weight = 1 / (2 * (1 + cosine)).squareRoot()
    let z = zip(a, b).map { ($0 + $1) * weight }
    let w = model.map(z: Latent<Z>(z).tensor, classIndices: nil).values
    #expect(distance(Array(path.ws(at: 0.5)[0..<8]), w) < 1e-3)
  }

  @Test func splineHasNoCorners() throws {
    var film = seeds(1, 2, 3, 4)
    film.isLoop = true
    film.keyframes[1].duration = 2.5
    let path = try path(film)
    func velocity(_ time: Double) -> [Float] {
      zip(path.ws(at: time + 1e-3), path.ws(at: time)).map { ($0 - $1) / 1e-3 }
    }
    for key in [1.0, 3.5, 4.5] {
      let (before, after) = (velocity(key - 1e-3), velocity(key))
      #expect(distance(before, after) < 0.1, "a corner at \(key)")
    }
    // Around the seam as well.
    #expect(distance(velocity(5.5 - 1e-3), velocity(0)) < 0.1)
    film.interpolation = .linear
    let corners = try self.path(film)
    let (before, after) = (
      zip(corners.ws(at: 1), corners.ws(at: 0.999)).map { ($0 - $1) / 1e-3 },
      zip(corners.ws(at: 1.001), corners.ws(at: 1)).map { ($0 - $1) / 1e-3 }
    )
    #expect(distance(before, after) > 0.5)
  }

  @Test func holdsStay() throws {
    var film = seeds(1, 2)
    film.keyframes[0].hold = 2
    let path = try path(film)
    #expect(path.schedule.length == 3)
    #expect(path.ws(at: 0) == path.ws(at: 1.9))
    #expect(path.ws(at: 2) == path.ws(at: 0))
    #expect(path.ws(at: 2.5) != path.ws(at: 0))
  }

  @Test func rowsGoTheirOwnWay() throws {
    var film = seeds(1, 2)
    film.interpolation = .linear
    film.rowRules = [RowRule(rows: .fine, interpolation: .still)]
    let path = try path(film)
    let fine = model.configuration.rowGroups.fine.lowerBound * 8
    let (start, middle) = (path.ws(at: 0), path.ws(at: 0.5))
    #expect(Array(start[fine...]) == Array(middle[fine...]))
    #expect(Array(start[..<fine]) != Array(middle[..<fine]))
    #expect(Array(path.ws(at: 1)[fine...]) == Array(start[fine...]))
  }

  @Test func psiTracksAreTruncation() throws {
    var film = seeds(1)
    film.keyframes[0].recipe.edits = [Edit(direction: "smile", strength: 1, rows: .coarse)]
    film.psi = Track(from: 0, to: 1)
    let path = try path(film)
    for psi in [0, 0.25, 0.5, 1] as [Float] {
      var recipe = film.keyframes[0].recipe
      recipe.truncation.psi = psi
      #expect(distance(path.ws(at: Double(psi)), try ws(recipe)) < 1e-5)
    }
  }

  @Test func sweepsMoveTheirRows() throws {
    var film = seeds(1)
    film.sweeps = [Sweep(direction: "smile", track: Track(from: -3, to: 3))]
    let path = try path(film)
    let plain = try ws(Recipe(latent: .seed(1)))
    let coarse = model.configuration.rowGroups.coarse.upperBound * 8
    #expect(abs(path.ws(at: 0)[0] - (plain[0] - 3)) < 1e-5)
    #expect(abs(path.ws(at: 1)[0] - (plain[0] + 3)) < 1e-5)
    #expect(path.ws(at: 0.5)[0] == plain[0])
    #expect(Array(path.ws(at: 0)[coarse...]) == Array(plain[coarse...]))
  }

  @Test func noiseTurns() throws {
    var film = seeds(1, 2)
    film.noise = .loop(seed: 3)
    let path = try path(film)
    #expect(
      path.frame(at: 0, turn: 0.25).noise == .turning(NoiseCircle(seed: 3), share: 0.25))
    film.noise = .none
    #expect(try self.path(film).frame(at: 0, turn: 0).noise == NoiseMode.none)
  }

  @Test func refusesBeforeAnythingIsRendered() throws {
    var film = timeline([
      Recipe(latent: .seed(1)), Recipe(latent: .w(Array(repeating: 0.5, count: 8))),
    ])
    film.interpolation = .slerp
    #expect(throws: TimelineError.Reason.noZ(keyframe: 2, name: "k")) { try path(film) }
    film.interpolation = .linear
    film.sweeps = [Sweep(direction: "turn", track: Track(from: 0, to: 1))]
    #expect(throws: TimelineError.Reason.sweepOfZ(direction: "turn")) { try path(film) }
    film.sweeps = [Sweep(direction: "frown", track: Track(from: 0, to: 1))]
    #expect(
      throws: TimelineError.Reason.sweep(
        .unknownDirection("frown", known: ["smile", "turn"]))
    ) { try path(film) }
    film.sweeps = []
    film.keyframes[1].recipe.latent = .w([1])
    #expect(
      throws: TimelineError.Reason.recipe(
        keyframe: 2, name: "k", .width(what: "the latent", found: 1, expected: 8))
    ) { try path(film) }
  }
}
