import Checkpoints
import Foundation
import NN
import StyleGAN
import Tensors
import TestFixtures
import Testing
import Training

/// Every loss and the gradient of every parameter against the reference's, second order included.
/// Values within 1e-4, norms of gradients within 2e-3 of max(norm, 1e-3 of the largest).
@Suite(.enabled(if: TestFixtures.shared != nil, "the golden fixtures are not beside the repository"))
struct LossesGoldenTests {
  private let golden: NPZArchive
  private let names: [String: [String]]
  private let generator: Generator
  private let discriminator: Discriminator

  init() throws {
    let shared = try #require(TestFixtures.shared)
    let folder = shared.appending(path: "losses")
    golden = try NPZArchive.load(path: folder.appending(path: "golden.npz").path)
    names = try JSONDecoder().decode(
      [String: [String]].self,
      from: Data(contentsOf: folder.appending(path: "param_names.json")))
    let snapshot = try TrainingSnapshot(
      path: shared.appending(path: "sg2ada_skip/network.pkl").path)
    generator = try snapshot.rawGenerator()
    discriminator = try snapshot.discriminator()
  }

  private func array(_ name: String) throws -> Tensor { try golden.array(name).tensor }

  /// One activation of these networks lies within a rounding of zero: with the sums of other
  /// instructions it falls on the other side of its kink, which moves second-order values at once
  /// (path lengths by 7e-4, alike with AVX2 and SSE4.1).
  private static let slack: Float = Blocking.preferred == 16 ? 1 : 10

  private func expect(_ a: Tensor, _ name: String, within tolerance: Float = 1e-4) throws {
    let tolerance = tolerance * Self.slack
    let error = relativeError(a, try array(name).reshaped(a.shape))
    #expect(error < tolerance, "\(name): \(error)")
  }

  private func expectGradients(
    _ gradients: [Tensor], of found: [String], loss: String
  ) throws {
    let expected = try array("\(loss)_gradnorm").values
    let order = try #require(names[loss])
    #expect(Set(order) == Set(found))
    let largest = expected.max() ?? 0
    for (name, gradient) in zip(found, gradients) {
      let norm = gradient.squared.sum.scalar.squareRoot()
      let wanted = expected[try #require(order.firstIndex(of: name))]
      #expect(
        abs(norm - wanted) <= 2e-3 * Self.slack * max(wanted, 1e-3 * largest),
        "\(loss) \(name): \(norm) for \(wanted)")
      let full = "\(loss)_grad/\(name)"
      if golden.names.contains(full) {
        let values = try array(full).reshaped(gradient.shape)
        let difference = (gradient - values).squared.sum.scalar.squareRoot()
        #expect(
          difference <= 2e-3 * max(wanted, 1e-3 * largest), "\(full) differs by \(difference)")
      }
    }
  }

  /// The generator's two networks with variables for parameters.
  private struct Networks {
    var mapping: MappingNetwork
    var synthesis: SynthesisNetwork
    var collector = VariableCollector()
    let rows: Int

    init(_ generator: Generator) throws {
      mapping = generator.mapping
      guard case .styleGAN2(let network) = generator.synthesis else { throw WrongFamily() }
      synthesis = network
      rows = generator.configuration.numWs
      collector("mapping", &mapping)
      collector("synthesis", &synthesis)
    }

    func ws(_ z: Tensor) -> Tensor {
      let w = mapping(z: z, classes: nil)
      return Tensor.applying(
        Broadcast(to: [w.shape[0], rows, w.shape[1]]),
        to: w.reshaped([w.shape[0], 1, w.shape[1]]))
    }

    func pictures(_ ws: Tensor) -> Tensor {
      synthesis.picture(ws: ws, noise: NoiseInputs(.const, resolutions: []))
    }
  }
  private struct WrongFamily: Error {}

  @Test func generatorLoss() throws {
    let networks = try Networks(generator)
    let fake = networks.pictures(networks.ws(try array("z")))
    try expect(fake, "fake")
    let scores = discriminator(fake)
    try expect(scores, "d_logits_fake")
    let losses = AdversarialLoss.generator(fakeScores: scores)
    try expect(losses, "gmain_per_sample")
    let loss = losses.mean
    try expect(loss, "gmain_loss")
    let gradients = Tensor.gradients(of: loss, withRespectTo: networks.collector.variables)
    try expectGradients(gradients, of: networks.collector.names, loss: "gmain")
  }

  @Test func pathLength() throws {
    let networks = try Networks(generator)
    let z = try array("z")
    let count = try array("pl_noise").shape[0]
    let first = Tensor(Array(z.values.prefix(count * z.shape[1])), shape: [count, z.shape[1]])
    var regularisation = PathLength(mean: try array("pl_mean_before").scalar)
    let ws = networks.ws(first)
    let penalty = regularisation.penalty(
      pictures: networks.pictures(ws), ws: ws, noise: try array("pl_noise"))
    try expect(penalty, "pl_penalty_per_sample")
    try expect(Tensor([regularisation.mean], shape: []), "pl_mean_after")
    let loss = penalty.mean * regularisation.weight
    try expect(loss, "pl_loss")
    let gradients = Tensor.gradients(of: loss, withRespectTo: networks.collector.variables)
    try expectGradients(gradients, of: networks.collector.names, loss: "pl")
  }

  private func trackedDiscriminator() -> (Discriminator, VariableCollector) {
    var network = discriminator
    var collector = VariableCollector()
    network.visit(&collector)
    return (network, collector)
  }

  @Test func discriminatorLoss() throws {
    let (network, collector) = trackedDiscriminator()
    let real = network(try array("real"))
    try expect(real, "d_logits_real")
    let losses = AdversarialLoss.discriminator(
      realScores: real, fakeScores: network(try array("fake")))
    try expect(losses, "dmain_per_sample")
    try expect(losses.mean, "dmain_loss")
    let gradients = Tensor.gradients(of: losses.mean, withRespectTo: collector.variables)
    try expectGradients(gradients, of: collector.names, loss: "dmain")
  }

  @Test func r1() throws {
    let (network, collector) = trackedDiscriminator()
    let penalty = GradientPenalty.r1({ network($0) }, real: try array("real"))
    try expect(penalty, "r1_penalty_per_sample")
    let loss = penalty.mean * (try array("r1_gamma").scalar / 2)
    try expect(loss, "r1_loss")
    let gradients = Tensor.gradients(of: loss, withRespectTo: collector.variables)
    try expectGradients(gradients, of: collector.names, loss: "r1")
  }

  @Test func wassersteinWithGradientPenalty() throws {
    let (network, collector) = trackedDiscriminator()
    let real = try array("real")
    let fake = try array("fake")
    let penalty = GradientPenalty.interpolated(
      { network($0) }, real: real, fake: fake, mixing: try array("gp_epsilon"))
    try expect(penalty, "gp_penalty_per_sample")
    let gp = penalty.mean * 10
    try expect(gp, "gp_loss")
    let ofPenalty = Tensor.gradients(of: gp, withRespectTo: collector.variables)
    try expectGradients(ofPenalty, of: collector.names, loss: "gp")
    let losses = WassersteinLoss.discriminator(
      realScores: network(real), fakeScores: network(fake), penalty: penalty)
    try expect(losses, "wgangp_d_per_sample")
    try expect(losses.mean, "wgangp_d_loss")
    let gradients = Tensor.gradients(of: losses.mean, withRespectTo: collector.variables)
    try expectGradients(gradients, of: collector.names, loss: "wgangp_d")
  }

  /// The minibatch deviation sees the batch it is given.
  @Test func scoresDependOnTheBatch() throws {
    let real = try array("real")
    for (count, name) in [(4, "d_logits_real_first4"), (1, "d_logits_real_single")] {
      let part = Tensor(
        Array(real.values.prefix(count * real.count / real.shape[0])),
        shape: Shape([count] + real.shape.dimensions.dropFirst()))
      try expect(discriminator(part), name)
    }
  }
}
