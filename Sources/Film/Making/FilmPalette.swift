import Imaging
import Latents
package import StyleGAN

extension GIFPalette {
  /// The colours of a film, from small pictures spread over it.
  /// - Returns: nil where it was cancelled.
  package init?(of plan: FilmPlan, model: any LatentModel, isCancelled: @escaping @Sendable () -> Bool) {
    let count = min(plan.frames, 24)
    let sizes = model.configuration.previewResolutions
    let size = sizes.last { $0 <= 128 } ?? sizes[0]
    let source = FrameSource(model, isCancelled: isCancelled)
    var images: [PixelImage] = []
    for index in 0..<count {
      let frame = plan.frame(plan.frames * index / count)
      guard let image = source.image(frame, side: min(size, 128), upTo: size) else { return nil }
      images.append(image)
    }
    self.init(of: images)
  }
}
