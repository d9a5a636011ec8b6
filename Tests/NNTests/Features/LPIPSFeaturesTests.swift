import Glibc
import NN
import Tensors
import TestFixtures
import Testing

@Suite struct LPIPSFeaturesTests {
  /// sin(0.37 i + phase) · scale: values anyone can make again.
  private func wave(_ shape: Shape, _ phase: Double, _ scale: Double) -> Tensor {
    Tensor((0..<shape.count).map { Float(sin(Double($0) * 0.37 + phase) * scale) }, shape: shape)
  }

  /// A narrow VGG16 with waves for weights.
  private func narrow() throws -> LPIPSFeatures {
    let widths = [4, 6, 8, 8, 8]
    var features = LPIPSFeatures(widths: widths)
    let shapes = Dictionary(
      uniqueKeysWithValues: ParameterCensus(of: features).entries.map { ($0.name, $0.shape) })
    let convolutions = ParameterCensus(of: features).entries.map(\.name)
      .filter { $0.hasSuffix("weight") && $0.hasPrefix("features") }
    var loader = ParameterLoader { name in
      let shape = shapes[name]!
      if name.hasPrefix("lin") {
        let level = Double(String(name.dropFirst(3).prefix(1)))!
        return Tensor(wave(shape, level, 0.5).values.map { abs($0) }, shape: shape)
      }
      let layer = Double(
        convolutions.firstIndex(of: name.replacing("bias", with: "weight"))!)
      if name.hasSuffix("bias") { return wave(shape, layer + 0.5, 0.1) }
      return wave(shape, layer, (2 / Double(shape[1] * 9)).squareRoot() * 1.4)
    }
    try features.visit(&loader)
    return features
  }

  /// Against PyTorch in float64 with the same waves: distance and norm of its gradient.
  @Test func matchesAnotherImplementation() throws {
    let features = try narrow()
    let a = wave([1, 3, 32, 32], 0.1, 0.8).variable
    let b = wave([1, 3, 32, 32], 1.3, 0.8)
    let distance = features.distance(features(a), features(b))
    #expect(abs(distance.scalar - 0.40490806) < 1e-5)
    let gradient = Tensor.gradients(of: distance, withRespectTo: [a])[0]
    #expect(abs(gradient.squared.sum.scalar.squareRoot() - 0.41832016) < 1e-4)
  }

  @Test func namesAreTorchvisions() {
    let names = ParameterCensus(of: LPIPSFeatures()).entries.map(\.name)
    let numbers = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]
    #expect(
      names
        == numbers.flatMap { ["features.\($0).weight", "features.\($0).bias"] }
        + (0..<5).map { "lin\($0).weight" })
    #expect(ParameterCensus(of: VGG16()).trainedCount == 14_714_688)
  }

  @Test func aPictureIsNoDistanceFromItself() throws {
    let features = try narrow()
    let a = wave([1, 3, 32, 32], 0.1, 0.8)
    #expect(features.distance(features(a), features(a)).scalar == 0)
  }

  /// The fast passes, blocked and on tiles, against the definition.
  @Test(arguments: [16, 48]) func fastPassesAreTheDefinition(side: Int) throws {
    var features = LPIPSFeatures(widths: [8, 20, 24, 32, 16])
    let shapes = Dictionary(
      uniqueKeysWithValues: ParameterCensus(of: features).entries.map { ($0.name, $0.shape) })
    var random = RandomTensors(seed: 4)
    var loader = ParameterLoader { name in
      let shape = shapes[name]!
      let values = random.tensor(shape)
      if name.hasPrefix("lin") { return values.squared }
      return values * (shape.rank == 4 ? (6 / Float(shape[1] * 9)).squareRoot() : 0.1)
    }
    try features.visit(&loader)
    let a = random.tensor([1, 3, side, side]).variable
    let goal = random.tensor([1, 3, side, side])
    let distance = features.distance(features(a), features(goal))
    let gradient = Tensor.gradients(of: distance, withRespectTo: [a])[0]
    let other = random.tensor([1, 3, side, side])
    var found: [(String, (distance: Float, gradient: Tensor))] = []
    let blocked = BlockedLPIPS(features, target: goal)
    // Nothing of another picture may be left.
    _ = blocked(other)
    found.append(("blocked", blocked(a.constant)))
    if TiledLayer.isAvailable {
      let tiled = TiledLPIPS(features, target: goal)
      _ = tiled(other)
      found.append(("tiled", tiled(a.constant)))
    }
    for (name, fast) in found {
      let error = abs(fast.distance - distance.scalar) / distance.scalar
      #expect(error < 1e-3, "\(name) \(error)")
      let difference = (fast.gradient - gradient).squared.sum.scalar
      let size = gradient.squared.sum.scalar
      // An activation close to a kink may fall on the other side.
      let ofGradient = (difference / size).squareRoot()
      #expect(ofGradient < 5e-3, "\(name) \(ofGradient)")
    }
  }
}
