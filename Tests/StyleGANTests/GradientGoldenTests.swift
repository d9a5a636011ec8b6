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

  /// The fixtures' tolerance: an activation close to a kink may fall on the other side.
  private func compare(_ a: Tensor, _ b: Tensor, _ what: String) throws {
    let error = relativeError(a, b)
    #expect(error < 2e-3, "\(what): \(error)")
    let difference = (a - b).squared.sum.scalar.squareRoot()
    let norm = b.squared.sum.scalar.squareRoot()
    #expect(difference <= 1e-3 * norm, "\(what): relative L2 \(difference / norm)")
  }
}
