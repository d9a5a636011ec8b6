import Foundation
import Latents
import StyleGAN
import Synchronization
import Tensors

@testable import Editor

/// A face drawn by hand: eight numbers of w move its parts, the first rows of ws its shape and the
/// last its colours. Good enough to see which row did what, and made in microseconds.
struct ToyModel: LatentModel {
  var configuration = GeneratorConfiguration(
    resolution: 64, zDim: 8, wDim: 8, mappingLayers: 2, blockChannels: [8, 8, 8, 8, 8])
  /// Called with the size of a picture before it is made.
  var willDraw: @Sendable (Int) -> Void = { _ in }
  /// The same with its precision.
  var willDrawRung: @Sendable (Rung) -> Void = { _ in }
  var hasDrafts = false

  var wAverage: Tensor { Tensor(zeros: [8]) }

  func map(z: Tensor, classIndices: [Int]?) -> Tensor {
    Tensor(z.values.map { tanh($0) }, shape: z.shape)
  }

  func synthesize(
    ws: Tensor, noise: NoiseMode, upTo: Int?, isCancelled: () -> Bool
  ) -> Tensor? {
    let size = upTo ?? configuration.resolution
    willDraw(size)
    let values = ws.values
    let (shape, color) = (Array(values[0..<8]), Array(values[values.count - 8..<values.count]))
    var picture = [Float](repeating: 0, count: 3 * size * size)
    for y in 0..<size {
      if isCancelled() { return nil }
      for x in 0..<size {
        let u = (Float(x) + 0.5) / Float(size) * 2 - 1 - shape[2] * 0.1
        let v = (Float(y) + 0.5) / Float(size) * 2 - 1
        let radius = (u * u + v * v).squareRoot()
        let isEye = abs(abs(u) - 0.3) < 0.08 && abs(v + 0.25) < 0.08 + 0.03 * shape[3]
        let isMouth = abs(v - 0.4 + shape[0] * 0.3 * (u * u - 0.1)) < 0.05 && abs(u) < 0.45
        let level: Float = radius > 0.85 ? -0.6 : isEye || isMouth ? -0.9 : 0.6
        for channel in 0..<3 {
          picture[(channel * size + y) * size + x] =
            level + (radius > 0.85 ? 0 : 0.1 * color[4 + channel])
        }
      }
    }
    return Tensor(picture, shape: [3, size, size])
  }

  func synthesize(
    ws: Tensor, noise: NoiseMode, upTo: Int?, precision: SynthesisPrecision,
    isCancelled: () -> Bool
  ) -> Tensor? {
    willDrawRung(Rung(upTo ?? configuration.resolution, precision))
    return synthesize(ws: ws, noise: noise, upTo: upTo, isCancelled: isCancelled)
  }

  func styleWeights(row: Int) -> [Tensor] {
    [Tensor((0..<64).map { $0 % 9 == 0 ? Float(8 - $0 / 9) : 0 }, shape: [8, 8])]
  }

  static let attributeNames = [
    "smile", "age", "yaw", "eyes open", "skin tone", "hair lightness", "glasses", "mouth open",
  ]

  /// One attribute for each number of w.
  static let directions = DirectionLibrary(
    attributeNames.enumerated().map { index, name in
      Direction(
        name: name, kind: .attribute, rows: .all,
        vector: (0..<8).map { $0 == index ? 0.5 : 0 }, r2: 0.5)
    })

  static let components: [Direction] =
    (1...10).map {
      Direction(name: "sefa \($0)", kind: .sefa, vector: Array(repeating: 0.1, count: 8))
    }
    + (1...10).map {
      Direction(name: "pca \($0)", kind: .pca, vector: Array(repeating: 0.1, count: 8))
    }
}
