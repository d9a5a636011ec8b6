import Latents
import StyleGAN
import Tensors
import Testing

/// The order of meaning and the laws of each step, on a toy.
@Suite struct RecipeTests {
  let model = ToyModel()
  let directions = DirectionLibrary([
    Direction(name: "up", kind: .attribute, vector: [1, 0, 0, 0, 0, 0, 0, 0]),
    Direction(name: "slant", kind: .attribute, vector: [0.5, -1, 2, 0, 0, 0, 0, 3]),
  ])

  private func ws(_ recipe: Recipe) throws -> [[Float]] {
    let tensor = try recipe.ws(model: model, directions: directions)
    #expect(tensor.shape == [model.configuration.numWs, model.configuration.wDim])
    let values = tensor.values
    return (0..<tensor.shape[0]).map { Array(values[$0 * 8..<$0 * 8 + 8]) }
  }

  private func w(_ seed: UInt32) -> [Float] {
    model.map(z: Latent<Z>(seed: seed, dimension: 8).tensor, classIndices: nil).values
  }

  @Test func untruncatedSeedIsItsMapping() throws {
    let rows = try ws(Recipe(latent: .seed(42)))
    #expect(rows.count == 12)
    #expect(rows.allSatisfy { $0 == w(42) })
  }

  @Test func psiZeroIsTheAverage() throws {
    let rows = try ws(Recipe(latent: .seed(42), truncation: Truncation(psi: 0)))
    #expect(rows.allSatisfy { $0 == model.wAverage.values })
  }

  @Test(arguments: [-0.7, 0.3, 0.5, 0.7, 1.3] as [Float])
  func psiIsLinear(psi: Float) throws {
    let rows = try ws(Recipe(latent: .seed(3), truncation: Truncation(psi: psi)))
    for (value, (w, average)) in zip(rows[0], zip(w(3), model.wAverage.values)) {
      #expect(abs(value - (average + psi * (w - average))) < 1e-5)
    }
  }

  @Test func cutoffLeavesLaterRows() throws {
    let truncation = Truncation(psi: 0, cutoff: 5)
    let rows = try ws(Recipe(latent: .seed(1), truncation: truncation))
    #expect(rows[..<5].allSatisfy { $0 == model.wAverage.values })
    #expect(rows[5...].allSatisfy { $0 == w(1) })
    let beyond = try ws(Recipe(latent: .seed(1), truncation: Truncation(psi: 0, cutoff: 99)))
    #expect(beyond.allSatisfy { $0 == model.wAverage.values })
    let none = try ws(Recipe(latent: .seed(1), truncation: Truncation(psi: 0, cutoff: 0)))
    #expect(none.allSatisfy { $0 == w(1) })
  }

  @Test func pointOfWIsTruncatedAndWPlusIsNot() throws {
    let truncation = Truncation(psi: 0)
    let point = try ws(Recipe(latent: .w(w(9)), truncation: truncation))
    #expect(point.allSatisfy { $0 == model.wAverage.values })
    let values = (0..<96).map(Float.init)
    let projection = try ws(Recipe(latent: .ws(values, rows: 12), truncation: truncation))
    #expect(projection.flatMap(\.self) == values)
    #expect(LatentSource.seed(1).isTruncated && !LatentSource.ws(values, rows: 12).isTruncated)
  }

  @Test func mixedSeedIsTruncatedLikeTheFaceBelow() throws {
    let truncation = Truncation(psi: 0.7)
    let mixed = try ws(
      Recipe(
        latent: .seed(1), truncation: truncation,
        mix: [Mix(latent: .seed(2), rows: LayerRange(0...3))]))
    let a = try ws(Recipe(latent: .seed(1), truncation: truncation))
    let b = try ws(Recipe(latent: .seed(2), truncation: truncation))
    #expect(Array(mixed[..<4]) == Array(b[..<4]))
    #expect(Array(mixed[4...]) == Array(a[4...]))
  }

  @Test func mixedProjectionIsUsedAsItIs() throws {
    let values = (0..<96).map(Float.init)
    let mixed = try ws(
      Recipe(
        latent: .seed(1), truncation: Truncation(psi: 0.2),
        mix: [Mix(latent: .ws(values, rows: 12), rows: .fine)]))
    #expect(mixed[8...].flatMap(\.self) == Array(values[64...]))
  }

  @Test func mixingWeightZeroIsIdentityAndHalfIsTheMiddle() throws {
    let plain = try ws(Recipe(latent: .seed(1)))
    let zero = try ws(
      Recipe(latent: .seed(1), mix: [Mix(latent: .seed(2), rows: .all, weight: 0)]))
    #expect(zero == plain)
    let half = try ws(
      Recipe(latent: .seed(1), mix: [Mix(latent: .seed(2), rows: .all, weight: 0.5)]))
    for (value, (a, b)) in zip(half[6], zip(w(1), w(2))) {
      #expect(abs(value - (a + b) / 2) < 1e-5)
    }
  }

  @Test func laterMixCoversEarlier() throws {
    let rows = try ws(
      Recipe(
        latent: .seed(1),
        mix: [Mix(latent: .seed(2), rows: .all), Mix(latent: .seed(3), rows: .middle)]))
    #expect(rows[3] == w(2) && rows[4] == w(3) && rows[7] == w(3) && rows[8] == w(2))
  }

  @Test func editsComeAfterTruncationAndMixing() throws {
    let rows = try ws(
      Recipe(
        latent: .seed(1), truncation: Truncation(psi: 0),
        mix: [Mix(latent: .seed(2), rows: .all)],
        edits: [Edit(direction: "up", strength: 2, rows: .coarse)]))
    var moved = model.wAverage.values
    moved[0] += 2
    #expect(rows[..<4].allSatisfy { $0 == moved })
    #expect(rows[4...].allSatisfy { $0 == model.wAverage.values })
  }

  @Test func editsAddUpLinearly() throws {
    let edits = [
      Edit(direction: "up", strength: 0.5), Edit(direction: "slant", strength: -1.5),
      Edit(direction: "up", strength: 1, rows: .fine),
    ]
    let plain = try ws(Recipe(latent: .seed(8)))
    let edited = try ws(Recipe(latent: .seed(8), edits: edits))
    let slant = try #require(directions["slant"]).vector
    for row in 0..<12 {
      for column in 0..<8 {
        let up: Float = column == 0 ? (row < 8 ? 0.5 : 1.5) : 0
        let expected = plain[row][column] + up - 1.5 * slant[column]
        #expect(abs(edited[row][column] - expected) < 1e-5)
      }
    }
    let zero = try ws(Recipe(latent: .seed(8), edits: [Edit(direction: "up", strength: 0)]))
    #expect(zero == plain)
  }

  @Test func classesShiftTheMapping() throws {
    let conditional = ToyModel(classes: 3)
    let first = try Recipe(latent: .seed(1)).ws(model: conditional, directions: directions).values
    let zero = try Recipe(latent: .seed(1, classIndex: 0))
      .ws(model: conditional, directions: directions).values
    let two = try Recipe(latent: .seed(1, classIndex: 2))
      .ws(model: conditional, directions: directions).values
    #expect(first == zero)
    #expect(zip(zero, two).allSatisfy { abs($1 - $0 - 2) < 1e-5 })
  }

  // MARK: What makes no sense

  private func error(_ recipe: Recipe) -> LatentError? {
    do {
      _ = try recipe.ws(model: model, directions: directions)
      return nil
    } catch {
      return error
    }
  }

  @Test func unknownDirection() {
    let error = error(Recipe(latent: .seed(1), edits: [Edit(direction: "smlie", strength: 1)]))
    #expect(error == .unknownDirection("smlie", known: ["up", "slant"]))
    #expect(error?.description == "the model has no direction \"smlie\"; it has up, slant")
  }

  @Test func rowsOutsideTheModel() {
    let rows = LayerRange(3...12)
    let expected = LatentError.rowsOutsideModel(rows, rows: 12)
    #expect(
      error(Recipe(latent: .seed(1), mix: [Mix(latent: .seed(2), rows: rows)])) == expected)
    #expect(
      error(Recipe(latent: .seed(1), edits: [Edit(direction: "up", strength: 1, rows: rows)]))
        == expected)
    #expect(expected.description == "the rows 3-12 do not fit the model, which has rows 0-11")
  }

  @Test func latentsOfTheWrongSize() {
    #expect(
      error(Recipe(latent: .w([1, 2]))) == .width(what: "the latent", found: 2, expected: 8))
    let short = [Float](repeating: 0, count: 80)
    #expect(error(Recipe(latent: .ws(short, rows: 10))) == .rowCount(found: 10, expected: 12))
    #expect(
      error(Recipe(latent: .ws(short, rows: 12)))
        == .width(what: "the latent", found: 80, expected: 96))
    let wide = DirectionLibrary([Direction(name: "wide", kind: .imported, vector: [1, 2])])
    #expect(throws: LatentError.width(what: "the direction \"wide\"", found: 2, expected: 8)) {
      try Recipe(latent: .seed(1), edits: [Edit(direction: "wide", strength: 1)])
        .ws(model: model, directions: wide)
    }
  }

  @Test func classesOfTheWrongNumber() {
    #expect(error(Recipe(latent: .seed(1, classIndex: 0))) == .classIndex(0, classes: 0))
    #expect(throws: LatentError.classIndex(3, classes: 3)) {
      try Recipe(latent: .seed(1), mix: [Mix(latent: .seed(1, classIndex: 3), rows: .all)])
        .ws(model: ToyModel(classes: 3), directions: directions)
    }
  }

  @Test func valuesThatAreNoNumbers() {
    #expect(
      error(Recipe(latent: .seed(1), truncation: Truncation(psi: .nan))) == .notFinite("psi"))
    #expect(
      error(Recipe(latent: .w([.infinity, 0, 0, 0, 0, 0, 0, 0])))
        == .notFinite("a value of the latent"))
    #expect(
      error(Recipe(latent: .seed(1), edits: [Edit(direction: "up", strength: .infinity)]))
        == .notFinite("the strength of \"up\""))
    #expect(
      error(Recipe(latent: .seed(1), mix: [Mix(latent: .seed(2), rows: .all, weight: 1.5)]))
        == .weight(1.5))
  }
}
