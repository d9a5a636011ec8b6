import StyleGAN
package import Tensors

/// The random numbers of a projection: unit normal noise on w for every step, and the first noise
/// maps. Each step's come from a seed of their own, so a resumed projection needs no more than its
/// step number to go on with the same ones.
package struct ProjectionDraws: Sendable {
  /// The noise on w of a step: `count` values.
  package let latentNoise: @Sendable (_ step: Int, _ count: Int) -> [Float]
  /// The first noise maps, of these shapes.
  package let maps: @Sendable (_ shapes: [Shape]) -> [Tensor]

  package init(
    latentNoise: @escaping @Sendable (_ step: Int, _ count: Int) -> [Float],
    maps: @escaping @Sendable (_ shapes: [Shape]) -> [Tensor]
  ) {
    self.latentNoise = latentNoise
    self.maps = maps
  }

  package static func seeded(_ seed: UInt32) -> ProjectionDraws {
    ProjectionDraws(
      latentNoise: { step, count in
        var state = NumPyRandomState(seed: seed &+ UInt32(truncatingIfNeeded: step) &+ 1)
        return state.standardNormal(count)
      },
      maps: { shapes in
        var state = NumPyRandomState(seed: seed)
        return shapes.map { Tensor(state.standardNormal($0.count), shape: $0) }
      })
  }
}
