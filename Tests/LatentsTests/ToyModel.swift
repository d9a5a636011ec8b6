import StyleGAN
import Tensors

/// A procedural stand-in for a generator: an affine mapping network, made-up style weights and a
/// picture that shows the rows of ws, so that tests of the latent layer run in microseconds.
struct ToyModel: LatentModel {
  let configuration: GeneratorConfiguration
  let wAverage: Tensor
  private let mapping: [Float]
  private let styles: [Tensor]?
  /// Counts how often `map` runs.
  let calls = CallCounter()

  /// - Parameter styles: the style weight of each row, made up where nil.
  init(resolution: Int = 128, width: Int = 8, classes: Int = 0, styles: [Tensor]? = nil) {
    self.styles = styles
    var configuration = GeneratorConfiguration(
      resolution: resolution, zDim: width, wDim: width, mappingLayers: 1,
      blockChannels: GeneratorConfiguration.channels(resolution: resolution, base: 512, max: 16))
    configuration.cDim = classes
    self.configuration = configuration
    var random = NumPyRandomState(seed: 77)
    mapping = random.standardNormal(width * width)
    wAverage = Tensor(random.standardNormal(width), shape: [width])
  }

  func map(z: Tensor, classIndices: [Int]?) -> Tensor {
    calls.increment()
    let width = configuration.wDim
    let values = z.values
    var w: [Float] = []
    for sample in 0..<z.shape[0] {
      for row in 0..<width {
        var sum: Float = Float(classIndices?[sample] ?? 0)
        for column in 0..<width {
          sum += mapping[row * width + column] * values[sample * width + column]
        }
        w.append(sum)
      }
    }
    return Tensor(w, shape: [z.shape[0], width])
  }

  func synthesize(
    ws: Tensor, noise: NoiseMode, upTo: Int?, isCancelled: () -> Bool
  ) -> Tensor? {
    let side = upTo ?? configuration.resolution
    let values = ws.values
    let pixels = (0..<3 * side * side).map { values[$0 % values.count] }
    return Tensor(pixels, shape: [3, side, side])
  }

  func styleWeights(row: Int) -> [Tensor] {
    if let styles { return row < styles.count ? [styles[row]] : [] }
    var random = NumPyRandomState(seed: UInt32(1000 + row))
    let width = configuration.wDim
    return [Tensor(random.standardNormal(12 * width), shape: [12, width])]
  }
}
