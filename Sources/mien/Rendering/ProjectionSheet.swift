import Files
import Imaging
import Latents

/// What projections found, on one picture: a line for each photo with its crop, where it began and
/// what was found.
struct ProjectionSheet {
  private var images: [PixelImage] = []

  mutating func add(_ result: ProjectionRun.Result, of run: ProjectionRun) {
    add(
      target: result.target, start: run.image(result.start),
      found: run.image(result.best.ws, noise: result.best.noise))
  }

  mutating func add(target: PixelImage, start: PixelImage, found: PixelImage) {
    images += [target, start, found]
  }

  /// Photos stand below one another, beside one another from the fifth on.
  var picture: PixelImage? {
    guard !images.isEmpty else { return nil }
    let photos = images.count / 3
    let columns = photos <= 4 ? 1 : photos <= 10 ? 2 : 4
    return ContactSheet.compose(images, columns: columns * 3, gutter: 2)
  }

  func write(to path: String) throws {
    guard let picture else { return }
    try AtomicFile.write(PNG.encode(picture), to: path)
  }
}
