import Latents
import StyleGAN
import Tensors

/// Which part of a picture the generator still has from the one before: it keeps activations, and
/// computes only what lies behind the first row of ws that changed.
struct KeptWork {
  private struct Made {
    var ws: Tensor
    var noise: NoiseMode
    var precision: SynthesisPrecision
    /// Pixels a side of the largest picture made of these rows.
    var resolution: Int
  }
  private var made: Made?
  private let configuration: GeneratorConfiguration

  init(_ configuration: GeneratorConfiguration) { self.configuration = configuration }

  /// The resolution of the first block that has to be computed, `rung.resolution` at most.
  func firstBlock(of ws: Tensor, _ noise: NoiseMode, _ rung: Rung) -> Int {
    guard configuration.previewResolutions.count > 1, let before = made,
      before.precision >= rung.precision, before.noise == noise, before.ws.shape == ws.shape
    else { return 4 }
    let width = configuration.wDim
    let values = ws.values
    let changed = zip(values, before.ws.values).enumerated().first { $1.0 != $1.1 }?.offset
    // A convolution that reads row r belongs to block (r + 1) / 2.
    let block = changed.map { 4 << (($0 / width + 1) / 2) } ?? .max
    return min(block, before.resolution * 2, rung.resolution)
  }

  /// Tells what has been made; a picture given up half way leaves it open what there is.
  mutating func record(_ ws: Tensor, _ noise: NoiseMode, _ rung: Rung, isWhole: Bool) {
    guard isWhole else {
      made = nil
      return
    }
    if let made, made.noise == noise, made.precision >= rung.precision,
      made.resolution >= rung.resolution, made.ws.values == ws.values
    {
      return
    }
    made = Made(ws: ws, noise: noise, precision: rung.precision, resolution: rung.resolution)
  }
}
