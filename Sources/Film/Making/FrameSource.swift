package import Imaging
package import Latents
package import StyleGAN
import Tensors

/// Renders frames; one that is the same as another not long ago is not rendered again.
package struct FrameSource {
  private let model: any LatentModel
  private let isCancelled: () -> Bool
  private var known: [TimelinePath.Frame: PixelImage] = [:]
  /// The one unused longest first.
  private var order: [TimelinePath.Frame] = []
  private var bytes = 0
  /// Frames that the generator made.
  package private(set) var rendered = 0

  private static let byteLimit = 96 << 20

  /// - Parameter isCancelled: asked before each frame and between its layers.
  package init(_ model: any LatentModel, isCancelled: @escaping () -> Bool) {
    self.model = model
    self.isCancelled = isCancelled
  }

  /// The picture of a frame, `side` pixels a side.
  /// - Parameter upTo: a smaller resolution of the network, to see less of it sooner.
  /// - Returns: nil where it was cancelled.
  package mutating func image(
    _ frame: TimelinePath.Frame, side: Int, upTo: Int? = nil
  ) -> PixelImage? {
    guard !isCancelled() else { return nil }
    if upTo == nil, let image = known[frame] {
      if order.last != frame {
        order.removeAll { $0 == frame }
        order.append(frame)
      }
      return image
    }
    let configuration = model.configuration
    let ws = Tensor(frame.ws, shape: [configuration.numWs, configuration.wDim])
    guard
      let output = model.synthesize(
        ws: ws, noise: frame.noise, upTo: upTo, isCancelled: isCancelled)
    else { return nil }
    let image = PixelImage(networkOutput: output).scaled(width: side, height: side)
    guard upTo == nil else { return image }
    rendered += 1
    remember(frame, image)
    return image
  }

  private mutating func remember(_ frame: TimelinePath.Frame, _ image: PixelImage) {
    known[frame] = image
    order.append(frame)
    bytes += image.bytes.count
    while bytes > FrameSource.byteLimit, order.count > 1 {
      bytes -= known.removeValue(forKey: order.removeFirst())?.bytes.count ?? 0
    }
  }
}
