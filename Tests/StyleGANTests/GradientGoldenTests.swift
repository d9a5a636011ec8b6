import Checkpoints
import Foundation
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// Gradients of a network's definition against the reference implementation's: of the mean squared
/// difference between pictures and a target, with respect to ws and to every noise map.
@Suite struct GradientGoldenTests {
  private static let files =
    [
      "sg2ada_skip", "sg2ada_cond", "sg2ada_fp16", "sg2ada_resnet", "sg2ada_orig",
      "sg3repo_sg2_gray", "tf_sg2_skip", "tf_sg2_resnet", "tf_ada_cond",
    ].map { ($0, "network.pkl") } + [
      ("rosinality", "converted_zip.pt"), ("sg1_plain", "network_tf.pkl"),
      ("sg1_fused", "network_tf.pkl"),
    ]

  @Test(arguments: files.filter { TestFixtures.network($0.0) != nil })
  func matchTheReference(folder: String, file: String) throws {
    let network = try GoldenNetwork(folder, file: file)
    let target = try network.golden("target")
    let all = try network.golden("ws")
    let samples = target.shape[0]
    let ws = Tensor(
      Array(all.values.prefix(samples * all.count / all.shape[0])),
      shape: [samples, all.shape[1], all.shape[2]]
    ).variable
    let noise = network.generator.storedNoise.map(\.variable)
    let picture = network.generator.picture(ws: ws, noise: NoiseInputs(maps: noise))
    let loss = (picture - target).squared.mean
    let expected = try network.golden("loss").values[0]
    #expect(abs(loss.scalar - expected) <= 1e-5 * expected)

    let gradients = Tensor.gradients(of: loss, withRespectTo: [ws] + noise)
    try compare(gradients[0], try network.golden("grad_ws"), "\(folder) ws")
    for (index, gradient) in gradients.dropFirst().enumerated() {
      let resolution = gradient.shape[0].trailingZeroBitCount
      let layer = index % 2 == 1 ? "conv0" : "conv1"
      let names = ["grad_noise_\(index)", "grad_noise_b\(1 << resolution).\(layer)"]
      let name = try #require(names.first { network.arrays.names.contains($0) })
      try compare(
        gradient, try network.golden(name).reshaped(gradient.shape), "\(folder) \(name)")
    }
  }

  @Test(arguments: ["sg3_t", "sg3_r", "sg3_t_cond"].filter { TestFixtures.network($0) != nil })
  func matchTheReferenceInStyleGAN3(folder: String) throws {
    let network = try GoldenNetwork(folder, file: "network.pkl")
    let targets = try network.golden("target")
    let all = try network.golden("ws")
    let samples = targets.shape[0]
    let (rows, size) = (all.count / all.shape[0], targets.count / samples)
    var gradients: [Float] = []
    var losses: Float = 0
    // Its magnitudes are of one picture at a time.
    for sample in 0..<samples {
      let ws = Tensor(
        Array(all.values[sample * rows..<(sample + 1) * rows]),
        shape: [1, all.shape[1], all.shape[2]]
      ).variable
      let picture = network.generator.picture(ws: ws, noise: NoiseInputs(maps: []))
      let target = Tensor(
        Array(targets.values[sample * size..<(sample + 1) * size]), shape: picture.shape)
      let loss = (picture - target).squared.mean * (1 / Float(samples))
      losses += loss.scalar
      gradients += Tensor.gradients(of: loss, withRespectTo: [ws])[0].values
    }
    let expected = try network.golden("loss").values[0]
    #expect(abs(losses - expected) <= 1e-5 * expected)
    let golden = try network.golden("grad_ws")
    try compare(Tensor(gradients, shape: golden.shape), golden, "\(folder) ws")
  }

  /// The fixtures' tolerance: an activation close to a kink may fall on the other side.
  private func compare(_ a: Tensor, _ b: Tensor, _ what: String) throws {
    let error = relativeError(a, b)
    #expect(error < 2e-3, "\(what): \(error)")
    let difference = (a - b).squared.sum.scalar.squareRoot()
    let norm = b.squared.sum.scalar.squareRoot()
    #expect(difference <= 1e-3 * norm, "\(what): relative L2 \(difference / norm)")
  }
}
