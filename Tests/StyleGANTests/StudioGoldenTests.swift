import BundledModel
import Checkpoints
import Foundation
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// The embedded model against numbers computed independently from the same file. Replacing the
/// model replaces Tests/Fixtures/studio.golden.npz.
@Suite struct StudioGoldenTests {
  private static let golden = TestFixtures.committed("studio.golden.npz").path

  @Test func reproducesItsGoldenArrays() throws {
    let model = try unsafe ModelFile.load(bytes: BundledModel.bytes, name: BundledModel.name)
    let generator = model.generator
    let arrays = try NPZArchive.load(path: Self.golden)
    let seeds = try #require(try arrays.array("seeds").integers)
    let z = try arrays.array("z").doubles
    let zDim = generator.configuration.zDim
    for (row, seed) in seeds.enumerated() {
      var state = NumPyRandomState(seed: UInt32(seed))
      #expect((0..<zDim).map { _ in state.randn() } == Array(z[row * zDim..<(row + 1) * zDim]))
    }
    let w = generator.map(z: Tensor(z.map(Float.init), shape: [seeds.count, zDim]), classIndices: nil)
    #expect(relativeError(w, try arrays.array("w").tensor) < 1e-5)
    #expect(generator.wAverage.values == (try arrays.array("w_avg").tensor.values))

    let wDim = generator.configuration.wDim
    func picture(_ row: Int, psi: Float, smile: Float) throws -> Tensor {
      let average = generator.wAverage.values
      let direction = try #require(model.directions.first { $0.name == "smile" }).vector.values
      let sample = w.values[row * wDim..<(row + 1) * wDim]
      let moved = zip(zip(average, sample), direction).map {
        $0.0 + psi * ($0.1 - $0.0) + smile * $1
      }
      let numWs = generator.configuration.numWs
      let ws = Tensor(Array(repeating: moved, count: numWs).flatMap { $0 }, shape: [numWs, wDim])
      return try #require(
        generator.synthesize(ws: ws, noise: .none, upTo: nil, isCancelled: { false }))
    }
    for (name, row, psi, smile) in [
      ("img", 0, Float(1), Float(0)), ("img_psi07", 2, 0.7, 0), ("img_psi07_smile15", 2, 0.7, 1.5),
    ] {
      let expected = try arrays.array(name).tensor
      let error = relativeError(try picture(row, psi: psi, smile: smile), expected)
      #expect(error < 1e-4, "\(name)")
    }
  }
}
