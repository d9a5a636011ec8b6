import Files
import Imaging
import Portrait
import StyleGAN
import Tensors

/// A photo to project, read from a file.
struct Photo {
  let path: String
  let file: PhotoFile
  /// Of the file.
  let sha256: String

  init(path: String) throws {
    self.path = path
    let mapped = try MappedFile(path: path)
    sha256 = SHA256.hex(of: mapped)
    do {
      file = try PhotoFile(mapped.bytes)
    } catch {
      throw Failure.failed("\(path): \(error)")
    }
  }

  /// The square to project, in pixels of the file.
  /// - Parameter face: which of several, 1 the largest
  func crop(_ choice: CropOption, face: Int?, for generator: Generator) throws -> PhotoCrop {
    switch choice {
    case .given(let crop): return crop
    case .auto:
      let mean = PixelImage(networkOutput: generator.meanPicture)
      let alignment = FaceAlignment(finder: FaceFinder(), meanPicture: mean)
      do {
        return try alignment.crop(of: file, face: face)
      } catch {
        throw Failure.failed("\(path): \(error)")
      }
    }
  }

  /// A square of the file at `side` × `side` pixels.
  func target(_ crop: PhotoCrop, side: Int) -> PixelImage {
    file.image.cropped(file.reduced(crop), side: side)
  }

  /// Which pixels of such a square show the file and not what lies beyond its edges; nil where all do.
  func visible(_ crop: PhotoCrop, side: Int) -> [Float]? {
    crop.visiblePixels(width: file.fullWidth, height: file.fullHeight, side: side)
  }
}

extension Generator {
  /// Of the tracked mean of w, with the stored noise.
  var meanPicture: Tensor {
    let mean = wAverage
    let rows = Tensor(
      Array(repeatElement(mean.values, count: configuration.numWs).joined()),
      shape: [1, configuration.numWs, mean.count])
    return picture(ws: rows, noise: NoiseInputs(maps: storedNoise))
  }
}
