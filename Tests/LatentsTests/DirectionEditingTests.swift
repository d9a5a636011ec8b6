import Latents
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// What edits along directions of Z, W and W+ do, relative and absolute.
@Suite struct DirectionEditingTests {
  private let model = ToyModel()
  private let e0: [Float] = [2, 0, 0, 0, 0, 0, 0, 0]

  private func ws(_ recipe: Recipe, _ directions: Direction...) throws -> [[Float]] {
    let values = try recipe.ws(model: model, directions: DirectionLibrary(directions)).values
    return stride(from: 0, to: values.count, by: 8).map { Array(values[$0..<$0 + 8]) }
  }

  @Test func aWPlusDirectionMovesEachRowItsOwnWay() throws {
    let vector = (0..<96).map { Float($0) }
    let direction = Direction(
      name: "d", kind: .imported, space: .wPlus, vector: vector, vectorRows: 12)
    let base = try ws(Recipe(latent: .seed(3)))
    let moved = try ws(
      Recipe(
        latent: .seed(3), edits: [Edit(direction: "d", strength: 0.5, rows: LayerRange(2...4))]),
      direction)
    for row in 0..<12 {
      for column in 0..<8 {
        let step: Float = (2...4).contains(row) ? 0.5 * vector[row * 8 + column] : 0
        #expect(moved[row][column] == base[row][column] + step)
      }
    }
  }

  @Test func absoluteEditsLeadToOnePlace() throws {
    let direction = Direction(name: "d", kind: .imported, vector: e0, editing: .absolute)
    for strength: Float in [-1, 0, 1.5] {
      for seed: UInt32 in [1, 2] {
        let base = try ws(Recipe(latent: .seed(seed)))
        let moved = try ws(
          Recipe(
            latent: .seed(seed), edits: [Edit(direction: "d", strength: strength, rows: .coarse)]),
          direction)
        for row in 0..<12 {
          #expect(
            abs(moved[row][0] - (row < 4 ? 2 * strength : base[row][0])) < 1e-5)
          #expect(moved[row][1...] == base[row][1...])
        }
      }
    }
  }

  @Test func absolutePositionsCountFromTheCentre() throws {
    let direction = Direction(
      name: "d", kind: .imported, vector: e0, editing: .absolute,
      center: [10, 20, 30, 40, 50, 60, 70, 80])
    let moved = try ws(
      Recipe(latent: .seed(1), edits: [Edit(direction: "d", strength: 1)]), direction)
    #expect(moved.allSatisfy { abs($0[0] - 12) < 1e-5 })
  }

  @Test func editsCountInOrder() throws {
    let absolute = Direction(name: "a", kind: .imported, vector: e0, editing: .absolute)
    let relative = Direction(name: "r", kind: .imported, vector: e0)
    let steps = [Edit(direction: "r", strength: 1), Edit(direction: "a", strength: 1)]
    let last = try ws(Recipe(latent: .seed(1), edits: steps), absolute, relative)
    #expect(abs(last[0][0] - 2) < 1e-5)
    let first = try ws(Recipe(latent: .seed(1), edits: steps.reversed()), absolute, relative)
    #expect(abs(first[0][0] - 4) < 1e-5)
  }

  @Test func aDirectionOfZMovesZ() throws {
    let direction = Direction(name: "z", kind: .imported, space: .z, vector: e0)
    let truncation = Truncation(psi: 0.5, cutoff: 8)
    let base = try ws(Recipe(latent: .seed(4), truncation: truncation))
    let moved = try ws(
      Recipe(
        latent: .seed(4), truncation: truncation,
        edits: [Edit(direction: "z", strength: 1.5, rows: LayerRange(6...9))]),
      direction)
    var z = Latent<Z>(seed: 4, dimension: 8).values
    z[0] += 3
    let w = model.map(z: Tensor(z, shape: [1, 8]), classIndices: nil).values
    let expected = truncation.apply(
      to: Latent<W>(w), average: Latent<W>(model.wAverage.values), rows: 12)
    for row in 0..<12 {
      let there = (6...9).contains(row) ? Array(expected[row: row]) : base[row]
      #expect(zip(moved[row], there).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    #expect(moved[6] != base[6])
  }

  @Test func absoluteInZ() throws {
    let direction = Direction(
      name: "z", kind: .imported, space: .z, vector: e0, editing: .absolute)
    let moved = try ws(
      Recipe(latent: .seed(4), edits: [Edit(direction: "z", strength: 1)]), direction)
    var z = Latent<Z>(seed: 4, dimension: 8).values
    z[0] = 2
    let w = model.map(z: Tensor(z, shape: [1, 8]), classIndices: nil).values
    #expect(zip(moved[0], w).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func whatDoesNotFitIsRefused() throws {
    func error(_ recipe: Recipe, _ direction: Direction) -> LatentError? {
      do {
        _ = try recipe.ws(model: model, directions: DirectionLibrary([direction]))
        return nil
      } catch { return error }
    }
    let edits = [Edit(direction: "d", strength: 1)]
    let z = Direction(name: "d", kind: .imported, space: .z, vector: e0)
    #expect(
      error(Recipe(latent: .w(e0), edits: edits), z) == .noZ(direction: "d"))
    let rows = Direction(
      name: "d", kind: .imported, space: .wPlus, vector: e0 + e0, vectorRows: 2)
    #expect(
      error(Recipe(latent: .seed(0), edits: edits), rows)
        == .directionRows("d", found: 2, expected: 12))
    let narrow = Direction(name: "d", kind: .imported, vector: [1, 2])
    #expect(
      error(Recipe(latent: .seed(0), edits: edits), narrow)
        == .width(what: "the direction \"d\"", found: 2, expected: 8))
  }

  @Test func conditionsAreLeftAlone() throws {
    let direction = Direction(name: "d", kind: .imported, vector: [1, 2, 3])
    let a = Direction(name: "a", kind: .imported, vector: [5, 0, 0])
    let b = Direction(name: "b", kind: .imported, vector: [1, 1, 0])
    let free = try #require(direction.orthogonal(to: [a, b]))
    #expect(abs(free.unit[0]) < 1e-6 && abs(free.unit[1]) < 1e-6 && abs(free.unit[2] - 1) < 1e-6)
    #expect(abs(free.scale - direction.scale) < 1e-5)
    #expect(direction.orthogonal(to: [direction]) == nil)
    #expect(direction.orthogonal(to: [a, a]) == nil)
    #expect(direction.orthogonal(to: [])?.unit == direction.unit)
  }
}
