import Foundation
import Tensors
import Testing

@testable import StyleGAN

struct FourierFeaturesTests {
  private let features = FourierFeatures(
    frequencies: [(0.7, -0.4), (1.9, 1.1), (0.1, 0.2), (-2.6, 0.3)],
    phases: [0.1, 0.4, 0.7, 0.2],
    transform: [0.9, -0.2, 0.1, 0.2, 1.1, -0.3, 0, 0, 1], size: 6, rate: 6, bandwidth: 2)

  private func value(_ t: [Float], _ weights: Tensor) -> Double {
    let waves = features.forward([Tensor(t, shape: [1, 4])])
    return zip(waves.values, weights.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  @Test func theGradientIsThatOfDifferences() {
    let t: [Float] = [0.8, -0.5, 0.3, 0.2]
    var state = NumPyRandomState(seed: 4)
    let weights = Tensor(state.standardNormal(4 * 36), shape: [1, 4, 6, 6])
    let variable = Tensor(t, shape: [1, 4]).variable
    let sum = (Tensor.applying(features, to: variable) * weights).sum
    let gradient = Tensor.gradients(of: sum, withRespectTo: [variable])[0].values
    for index in 0..<4 {
      var (above, below) = (t, t)
      above[index] += 5e-3
      below[index] -= 5e-3
      let difference = (value(above, weights) - value(below, weights)) / 0.01
      #expect(abs(difference - Double(gradient[index])) < 5e-3 * max(1, abs(difference)))
    }
  }

  /// The third wave lies below the bandwidth, the second between it and half the rate.
  @Test func wavesBeyondTheBandwidthFade() {
    let waves = features.forward([Tensor([1, 0, 0, 0], shape: [1, 4])]).values
    func highest(_ channel: Int) -> Float {
      waves[channel * 36..<(channel + 1) * 36].map(abs).max() ?? 0
    }
    #expect(highest(1) < 0.9)
    #expect(highest(0) > 0.95)
  }
}
