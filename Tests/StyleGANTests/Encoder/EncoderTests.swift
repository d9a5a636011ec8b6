import BundledModel
import Checkpoints
import Files
import Foundation
import Imaging
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// The embedded encoder against its recipe's answers, computed in double from the same weights.
/// Replacing the encoder replaces Tests/Fixtures/encoder.golden.npz.
@Suite struct EncoderTests {
  private let model: Model
  private let encoder: Encoder

  init() throws {
    model = try unsafe ModelFile.load(bytes: BundledModel.bytes, name: BundledModel.name)
    encoder = try EncoderFile.load(
      unsafe Bytes(unsafeStatic: BundledModel.encoderBytes), name: "encoder",
      generator: model.sha256, wDim: model.generator.configuration.wDim)
  }

  @Test func answersAsItsRecipe() throws {
    let golden = try NPZArchive.load(path: TestFixtures.committed("encoder.golden.npz").path)
    let pictures = try golden.array("picture").tensor
    let (count, side) = (pictures.shape[0], pictures.shape[2])
    let (w, pose) = (try golden.array("w").tensor, try golden.array("pose").tensor)
    for index in 0..<count {
      let size = 3 * side * side
      let bytes = pictures.values[index * size..<(index + 1) * size]
      let answer = encoder(
        Tensor(bytes.map { ($0 - 127.5) / 127.5 }, shape: [3, side, side]))
      let width = w.shape[1]
      let expected = Tensor(
        Array(w.values[index * width..<(index + 1) * width]), shape: [width])
      #expect(relativeError(answer.w, expected) < 1e-4)
      let framing = [
        answer.framing.x, answer.framing.y, answer.framing.logScale, answer.framing.turn,
      ]
      for (found, wanted) in zip(framing, pose.values[index * 4..<(index + 1) * 4]) {
        #expect(abs(found - wanted) < 1e-4)
      }
    }
  }

  /// Its start alone: within 0.12 of the picture, for every seed at psi 0.7 whose crop is off by up
  /// to 5 % and 5°.
  @Test func startsNearThePicture() throws {
    let generator = model.generator
    let configuration = generator.configuration
    let average = generator.wAverage.values
    func picture(_ w: [Float]) throws -> Tensor {
      let ws = Tensor(
        (0..<configuration.numWs).flatMap { _ in w }, shape: [configuration.numWs, w.count])
      return try #require(
        generator.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { false }))
    }
    var random = RandomTensors(seed: 3)
    for seed in 0..<20 {
      var state = NumPyRandomState(seed: UInt32(seed))
      let z = Tensor(state.standardNormal(configuration.zDim), shape: [1, configuration.zDim])
      let w = zip(average, generator.map(z: z, classIndices: nil).values).map {
        $0 + 0.7 * ($1 - $0)
      }
      let own = try picture(w)
      let image = PixelImage(networkOutput: own)
      let side = Double(configuration.resolution)
      let crop = PhotoCrop(
        x: side * (0.5 + 0.05 * Double(random.next())),
        y: side * (0.5 + 0.05 * Double(random.next())), size: side,
        angle: 5 * Double(random.next()))
      let found = encoder.find(at: crop) { image.cropped($0, side: configuration.resolution) }
      let difference = zip(try picture(found.w.values).values, own.values)
        .reduce(Float(0)) { $0 + abs($1.0 - $1.1) }
      let mean = difference / Float(own.count)
      #expect(mean < 0.12, "seed \(seed): \(mean)")
    }
  }
}
