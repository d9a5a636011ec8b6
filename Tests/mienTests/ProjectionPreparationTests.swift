import ArgumentParser
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
    // A face as most are, or a sampled one may be as near as what the encoder sees.
    var state = NumPyRandomState(seed: 3)
    let z = Tensor(state.standardNormal(configuration.zDim), shape: [1, configuration.zDim])
    let mean = loaded.generator.wAverage.reshaped([1, configuration.wDim])
    let w = mean + (loaded.generator.map(z: z, classIndices: nil) - mean) * 0.7
    let ws = Tensor.applying(
      Broadcast(to: [1, configuration.numWs, w.shape[1]]), to: w.reshaped([1, 1, w.shape[1]]))
    let picture = loaded.generator.picture(ws: ws, noise: loaded.generator.noiseInputs(.const))
    try Data(PNG.encode(PixelImage(networkOutput: picture))).write(to: URL(filePath: path))
    photo = try Photo(path: path)
    let side = Double(configuration.resolution)
    crop = PhotoCrop(x: 0.48 * side, y: 0.51 * side, size: side, angle: 3)
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
        #expect(reached.w.values.allSatisfy { $0.isFinite })
        #expect(reached.target.width == loaded.configuration.resolution)
        #expect(asked <= allowed + 2)
      }
    }
  }
}
