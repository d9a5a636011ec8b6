import Foundation
import Tensors
import TestFixtures
import Testing

@Suite struct SimilarityResamplingTests {
  private var random = RandomTensors(seed: 5)

  /// A picture whose slopes do not jump much from pixel to pixel.
  private func smooth(side: Int, phase: Float) -> Tensor {
    Tensor(
      (0..<2 * side * side).map { i in
        let (c, y, x) = (i / (side * side), i / side % side, i % side)
        return sin(0.4 * Float(x) + phase + Float(c)) + cos(0.3 * Float(y) - phase)
      }, shape: [1, 2, side, side])
  }

  private func seen(_ x: Tensor, _ pose: [Float], behind: Tensor) -> Tensor {
    Tensor.applying(SimilarityResampling(), to: x, Tensor(pose, shape: [4]), behind)
  }

  @Test mutating func theIdentityChangesNothing() {
    let x = random.tensor([1, 3, 8, 8])
    let y = seen(x, [0, 0, 0, 0], behind: Tensor(zeros: x.shape))
    #expect(relativeError(y, x) < 1e-5)
  }

  /// Half a side to the right: the left half is what lies behind, the right one the picture's left.
  @Test mutating func movesAndShowsWhatIsBehind() {
    let (x, behind) = (random.tensor([1, 1, 8, 8]), random.tensor([1, 1, 8, 8]))
    let y = seen(x, [1, 0, 0, 0], behind: behind).values
    for row in 0..<8 {
      for column in 0..<8 {
        let expected =
          column < 4 ? behind.values[row * 8 + column] : x.values[row * 8 + column - 4]
        #expect(abs(y[row * 8 + column] - expected) < 1e-5)
      }
    }
  }

  /// A quarter turn clockwise: what was on top is on the right.
  @Test mutating func turnsClockwise() {
    let x = random.tensor([1, 1, 4, 4])
    let y = seen(x, [0, 0, 0, .pi / 2], behind: Tensor(zeros: x.shape)).values
    for row in 0..<4 {
      for column in 0..<4 {
        #expect(abs(y[column * 4 + 3 - row] - x.values[row * 4 + column]) < 1e-5)
      }
    }
  }

  @Test mutating func scatteringIsTheTranspose() {
    let (x, dy) = (random.tensor([1, 2, 9, 9]), random.tensor([1, 2, 9, 9]))
    let pose = Tensor([0.13, -0.2, 0.1, 0.15], shape: [4])
    let forward = Tensor.applying(
      SimilarityResampling(), to: x, pose, Tensor(zeros: x.shape))
    let back = Tensor.applying(SimilarityScattering(), to: dy, pose)
    let (a, b) = ((forward * dy).sum.scalar, (x * back).sum.scalar)
    #expect(abs(a - b) < 1e-4 * max(1, abs(a)))
  }

  /// Against differences of values, the pose too.
  @Test func gradients() {
    let side = 16
    let (x, behind) = (smooth(side: side, phase: 0.2), smooth(side: side, phase: 0.9))
    let weight = smooth(side: side, phase: 2)
    func loss(_ x: Tensor, _ pose: Tensor, _ behind: Tensor) -> Tensor {
      (Tensor.applying(SimilarityResampling(), to: x, pose, behind) * weight).sum
    }
    let pose = Tensor([0.031, -0.043, 0.021, 0.037], shape: [4]).variable
    let (vx, vb) = (x.variable, behind.variable)
    let found = Tensor.gradients(of: loss(vx, pose, vb), withRespectTo: [vx, pose, vb])
    for i in 0..<4 {
      func value(_ h: Float) -> Float {
        var values = pose.values
        values[i] += h
        return loss(x, Tensor(values, shape: [4]), behind).scalar
      }
      let expected = (value(2e-3) - value(-2e-3)) / 4e-3
      #expect(abs(found[1].values[i] - expected) < 0.03 * abs(expected) + 0.3, "pose \(i)")
    }
    // The value is linear in both pictures, so a step along the gradient is exact.
    let moved = loss(x + found[0], pose.constant, behind + found[2]).scalar
    let before = loss(x, pose.constant, behind).scalar
    let expected = (found[0].squared.sum + found[2].squared.sum).scalar
    #expect(abs(moved - before - expected) < 1e-3 * expected)
  }
}
