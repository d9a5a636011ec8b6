import Latents
import StyleGAN
import Tensors
import Testing

@Suite struct DirectionTests {
  @Test func lengthIsTheScale() {
    let direction = Direction(name: "a", kind: .attribute, vector: [3, 0, -4])
    #expect(direction.scale == 5 && direction.unit == [0.6, 0, -0.8])
    #expect(direction.vector == [3, 0, -4])
    let none = Direction(name: "b", kind: .imported, vector: [0, 0])
    #expect(none.scale == 0 && none.unit == [0, 0])
  }

  @Test func componentsAreNumberedFromOne() {
    let direction = Direction(.pca, number: 3, unit: [0, 1], scale: 2.5)
    #expect(direction.name == "pca 3" && direction.kind == .pca)
    #expect(direction.vector == [0, 2.5] && direction.scale == 2.5)
  }

  @Test func directionsOfAModelKeepTheirUnit() {
    let library = DirectionLibrary(attributes: [
      NamedDirection(
        name: "smile", kind: "attribute", rows: "coarse", r2: 0.5,
        vector: Tensor([0, 2], shape: [2])),
      NamedDirection(
        name: "odd", kind: "newer", rows: "?", r2: nil, vector: Tensor([1, 0], shape: [2])),
    ])
    #expect(library.names == ["smile", "odd"])
    #expect(library["smile"]?.rows == .coarse && library["smile"]?.r2 == 0.5)
    #expect(library["smile"]?.vector == [0, 2] && library["smile"]?.kind == .attribute)
    #expect(library["odd"]?.rows == .all && library["odd"]?.kind == .imported)
  }

  @Test func firstOfANameCounts() {
    var library = DirectionLibrary([Direction(name: "a", kind: .pca, vector: [1])])
    library.add([
      Direction(name: "a", kind: .sefa, vector: [2]),
      Direction(name: "b", kind: .sefa, vector: [3]),
    ])
    #expect(library.names == ["a", "b"])
    #expect(library["a"]?.kind == .pca)
  }
}
