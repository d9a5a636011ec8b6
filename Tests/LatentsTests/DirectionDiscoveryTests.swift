import Checkpoints
import Foundation
import Latents
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// The mathematics against NumPy on small made-up data, and the laws of discovery on a toy.
@Suite struct DirectionDiscoveryTests {
  private let golden: NPZArchive

  init() throws {
    golden = try NPZArchive.load(path: TestFixtures.committed("directions/small.npz").path)
  }

  private func values(_ name: String) throws -> [Float] { try golden.array(name).tensor.values }

  @Test func principalComponents() throws {
    let statistics = LatentStatistics(samples: try golden.array("samples").tensor)
    let found = try #require(PrincipalComponents(statistics, count: 24))
    let components = try values("components")
    #expect(relativeError(statistics.mean, try values("mean")) < 1e-6)
    #expect(relativeError(found.deviations, try values("stdevs")) < 1e-6)
    for (index, vector) in found.vectors.enumerated() {
      // With the sign, which is fixed.
      let expected = Array(components[index * 24..<index * 24 + 24])
      #expect(relativeError(vector, expected) < 1e-5)
      #expect(abs(statistics.deviation(along: vector) - found.deviations[index]) < 1e-9)
    }
  }

  @Test(arguments: [false, true])
  func closedFormFactorization(normalized: Bool) throws {
    // 40 channels, 15 + 15 + 10 on the first three rows.
    let weights = try values("weights")
    let styles = [0..<15, 15..<30, 30..<40].map {
      Tensor(Array(weights[$0.lowerBound * 24..<$0.upperBound * 24]), shape: [$0.count, 24])
    }
    let model = ToyModel(width: 24, styles: styles)
    let found = try #require(
      ClosedFormFactorization(
        model, rows: LayerRange(0...2), normalized: normalized, count: 24))
    let prefix = normalized ? "normalized" : "sefa"
    let eigenvalues = try values(prefix + "_eigenvalues")
    let eigenvectors = try values(prefix + "_eigenvectors")
    #expect(relativeError(found.eigenvalues, eigenvalues) < 1e-6)
    for index in 0..<24 where isSeparate(eigenvalues, index) {
      let expected = Array(eigenvectors[index * 24..<index * 24 + 24])
      #expect(relativeError(found.vectors[index], expected) < 1e-4)
    }
  }

  @Test func rowsChooseTheWeights() throws {
    let model = ToyModel(width: 6)
    let all = try #require(ClosedFormFactorization(model, count: 6))
    let coarse = try #require(ClosedFormFactorization(model, rows: .coarse, count: 6))
    #expect(all.eigenvalues[0] > coarse.eigenvalues[0])
    #expect(ClosedFormFactorization(model, rows: LayerRange(50...60), count: 6) == nil)
  }

  @Test func vectorsAreOrthonormalAndSigned() throws {
    let found = try #require(ClosedFormFactorization(ToyModel(width: 13), count: 99))
    #expect(found.vectors.count == 13)
    for (i, a) in found.vectors.enumerated() {
      #expect(a.max { abs($0) < abs($1) }! > 0)
      for (j, b) in found.vectors.enumerated() {
        let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-12)
      }
    }
  }

  @Test func weightsThatAreNoNumbersGiveNothing() {
    let model = ToyModel(
      width: 2, styles: [Tensor([1, .nan, 0, 1], shape: [2, 2])])
    #expect(ClosedFormFactorization(model, count: 2) == nil)
  }

  @Test func samplingIsTheStreamOfOneSeed() throws {
    // Two whole batches and a part of a third give what all samples give at once.
    let model = ToyModel(width: 5, classes: 3)
    let count = 1203
    var random = NumPyRandomState(seed: 9)
    let z = Tensor(random.standardNormal(count * 5), shape: [count, 5])
    let whole = LatentStatistics(
      samples: model.map(z: z, classIndices: (0..<count).map { $0 % 3 }))
    let sampled = try #require(LatentStatistics.sampling(model, count: count, seed: 9))
    #expect(zip(whole.mean, sampled.mean).allSatisfy { abs($0 - $1) < 1e-9 })
    let direction = [0.6, 0, 0, 0, 0.8]
    #expect(abs(whole.deviation(along: direction) - sampled.deviation(along: direction)) < 1e-9)
  }

  @Test func componentsAreInUnitsOfW() throws {
    let model = ToyModel(width: 8)
    let discovery = DirectionDiscovery(sefaCount: 3, pcaCount: 20, sampleCount: 2000, seed: 4)
    let components = try #require(discovery.components(of: model))
    #expect(components.map(\.name) == (1...3).map { "sefa \($0)" } + (1...8).map { "pca \($0)" })
    let statistics = try #require(LatentStatistics.sampling(model, count: 2000, seed: 4))
    for component in components {
      let length = component.unit.reduce(0) { $0 + Double($1 * $1) }.squareRoot()
      #expect(abs(length - 1) < 1e-6)
      let deviation = statistics.deviation(along: component.unit.map(Double.init))
      #expect(abs(deviation - Double(component.scale)) < 1e-5 * deviation)
      #expect(component.vector == component.unit.map { $0 * component.scale })
      #expect(component.rows == .all && component.r2 == nil)
    }
    let scales = components.suffix(8).map(\.scale)
    #expect(scales == scales.sorted(by: >))
  }

  @Test func tellsHowFarItIs() {
    var shares: [Double] = []
    _ = DirectionDiscovery(sampleCount: 2000).components(of: ToyModel()) { shares.append($0) }
    #expect(shares.first == 0 && shares.last == 1)
    #expect(shares == shares.sorted() && shares.count > 5)
  }

  @Test func stopsWhenCancelled() {
    let model = ToyModel()
    let never = DirectionDiscovery().components(of: model, isCancelled: { true })
    #expect(never == nil && model.calls.count == 0)
    let early = DirectionDiscovery().components(of: model, isCancelled: { model.calls.count >= 2 })
    #expect(early == nil && model.calls.count == 2)
  }
}
