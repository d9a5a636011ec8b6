import StyleGAN
import Synchronization
import Tensors

/// A disc whose place and colours are w: made in microseconds, and different everywhere.
struct ToyModel: LatentModel {
  var configuration = GeneratorConfiguration(
    resolution: 32, zDim: 8, wDim: 8, mappingLayers: 1, blockChannels: [8, 8, 8, 8])
  /// Called before each picture.
  var willDraw: @Sendable () -> Void = {}

  var wAverage: Tensor { Tensor(zeros: [8]) }

  func map(z: Tensor, classIndices: [Int]?) -> Tensor {
    Tensor(z.values.map { $0 / (1 + abs($0)) }, shape: z.shape)
  }

  func synthesize(
    ws: Tensor, noise: NoiseMode, upTo: Int?, isCancelled: () -> Bool
  ) -> Tensor? {
    if isCancelled() { return nil }
    willDraw()
    let side = upTo ?? configuration.resolution
    let w = ws.values
    var picture = [Float](repeating: 0, count: 3 * side * side)
    for y in 0..<side {
      for x in 0..<side {
        let u = (Float(x) + 0.5) / Float(side) * 2 - 1 - w[0] * 0.5
        let v = (Float(y) + 0.5) / Float(side) * 2 - 1 - w[1] * 0.5
        let inside = max(0, min(1, (0.6 - (u * u + v * v).squareRoot()) * 8))
        for channel in 0..<3 {
          picture[(channel * side + y) * side + x] =
            inside * w[2 + channel] - (1 - inside) * 0.3 * w[5 + channel]
        }
      }
    }
    return Tensor(picture, shape: [3, side, side])
  }

  func styleWeights(row: Int) -> [Tensor] { [] }
}

/// Counts pictures, and stops after some.
final class Counter: Sendable {
  private let value = Mutex(0)
  var count: Int { value.withLock { $0 } }
  func add() { value.withLock { $0 += 1 } }
}
