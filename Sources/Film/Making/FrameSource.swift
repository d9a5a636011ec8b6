package import Imaging
package import Latents
package import StyleGAN
import Tensors

/// Renders frames of a film on the calling thread.
package struct FrameSource: Sendable {
  private let model: any LatentModel
  private let isCancelled: @Sendable () -> Bool

  /// - Parameter isCancelled: asked before each frame and between its layers.
  package init(_ model: any LatentModel, isCancelled: @escaping @Sendable () -> Bool) {
    self.model = model
    self.isCancelled = isCancelled
  }

  /// The picture of a frame, `side` pixels a side.
  /// - Parameter upTo: a smaller resolution of the network, to see less of it sooner.
  /// - Returns: nil where it was cancelled.
  package func image(_ frame: TimelinePath.Frame, side: Int, upTo: Int? = nil) -> PixelImage? {
    guard !isCancelled() else { return nil }
    let configuration = model.configuration
    let ws = Tensor(frame.ws, shape: [configuration.numWs, configuration.wDim])
    let output = model.synthesize(
      ws: ws, noise: frame.noise, upTo: upTo, isCancelled: isCancelled)
    return output.map { PixelImage(networkOutput: $0).scaled(width: side, height: side) }
  }
}
