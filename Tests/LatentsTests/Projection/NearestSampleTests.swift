import BundledModel
import Latents
import NN
import StyleGAN
import Tensors
import Testing

@Suite struct NearestSampleTests {
  @Test func isNearerThanTheMean() throws {
    let generator = try unsafe ModelFile.load(bytes: BundledModel.bytes, name: "studio").generator
    let configuration = generator.configuration
    let z = Tensor(
      (0..<configuration.zDim).map { $0 % 3 == 0 ? 1 : -0.8 }, shape: [1, configuration.zDim])
    let w = generator.map(z: z, classIndices: nil).values
    let ws = Tensor(
      (0..<configuration.numWs).flatMap { _ in w }, shape: [configuration.numWs, w.count])
    let target = try #require(
      generator.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { false }))
    let features = PyramidFeatures()
    let mean = NearestSample(of: generator, features: features, target: target, count: 1)
    #expect(mean.w.values == generator.wAverage.values)
    let nearest = NearestSample(of: generator, features: features, target: target, count: 24)
    #expect(nearest.distance < mean.distance)
    let again = NearestSample(of: generator, features: features, target: target, count: 24)
    #expect(again.w.values == nearest.w.values)
    #expect(nearest.candidate == nil)
    // Proposed, the right one is chosen.
    let proposed = NearestSample(
      of: generator, features: features, target: target, count: 4,
      candidates: [generator.wAverage, Tensor(w, shape: [w.count])])
    #expect(proposed.candidate == 1)
    #expect(proposed.w.values == w)
    // Cancelled, the nearest so far is kept.
    var looked = 0
    let cancelled = NearestSample(
      of: generator, features: features, target: target, candidates: [generator.wAverage],
      isCancelled: {
        looked += 1
        return looked > 2
      })
    #expect(looked == 3)
    #expect(cancelled.distance <= mean.distance)
  }
}
