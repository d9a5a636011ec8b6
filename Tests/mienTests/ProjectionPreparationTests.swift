import BundledModel
import Foundation
import Imaging
import Latents
import NN
import StyleGAN
import Tensors
import Testing

@testable import mien

@Suite struct ProjectionPreparationTests {
  private let loaded: LoadedModel
  private let photo: Photo
  private let crop: PhotoCrop
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    loaded = try ModelOption.parse([]).load()
    let path = folder.url.appending(path: "photo.png").path
    let configuration = loaded.configuration
    let z = Tensor(
      (0..<configuration.zDim).map { Float($0 % 5) / 2 - 1 }, shape: [1, configuration.zDim])
    let w = loaded.generator.map(z: z, classIndices: nil)
    let ws = Tensor.applying(
      Broadcast(to: [1, configuration.numWs, w.shape[1]]), to: w.reshaped([1, 1, w.shape[1]]))
    let picture = loaded.generator.picture(ws: ws, noise: loaded.generator.noiseInputs(.const))
    try Data(PNG.encode(PixelImage(networkOutput: picture))).write(to: URL(filePath: path))
    photo = try Photo(path: path)
    crop = PhotoCrop(x: 120, y: 130, size: 256, angle: 3)
  }

  private func prepare(
    usesMean: Bool = false, isCancelled: () -> Bool = { false }
  ) throws -> ProjectionPreparation {
    try ProjectionPreparation(
      loaded, photo: photo, crop: crop, features: PyramidFeatures(),
      settings: .fast(steps: 10), usesMean: usesMean, isCancelled: isCancelled)
  }

  @Test func beginsAtWhatTheEncoderSees() throws {
    let prepared = try prepare()
    #expect(prepared.start == .encoder)
    #expect(prepared.crop != crop)
    #expect(prepared.target.width == loaded.configuration.resolution)
    #expect(prepared.projector.ws.shape[0] == loaded.configuration.numWs)
  }

  @Test func beginsAtTheMeanWhereAsked() throws {
    let prepared = try prepare(usesMean: true)
    #expect(prepared.start == .mean)
    #expect(prepared.crop == crop)
    #expect(prepared.projector.w.values == prepared.projector.start.mean.values)
  }

  /// Whenever it is asked, it ends at once and says how far it came.
  @Test func endsWhenAsked() throws {
    for allowed in [0, 1, 3, 8, 20] {
      var asked = 0
      do {
        _ = try prepare {
          asked += 1
          return asked > allowed
        }
        Issue.record("it was not cancelled")
      } catch let reached as ProjectionPreparation.Cancelled {
        #expect(reached.w.shape == [loaded.configuration.wDim])
        #expect(reached.w.values.allSatisfy(\.isFinite))
        #expect(reached.target.width == loaded.configuration.resolution)
        #expect(asked <= allowed + 2)
      }
    }
  }
}
