import Foundation
import TestFixtures
import Tensors
import Testing

@testable import Portrait

/// The networks against PyTorch's evaluation of the same weights
/// (Sources/CFaceFinder/recipe/golden.py).
struct FaceNetworksTests {
  private struct Golden: Decodable {
    var finder: [Float]
    var marker: [Float]
  }

  /// A picture that both sides compute.
  private func picture(height: Int, width: Int) -> Tensor {
    var values: [Float] = []
    for channel in 0..<3 {
      for y in 0..<height {
        for x in 0..<width {
          values.append(Float(sin(0.21 * Double(x) + 0.13 * Double(y) + Double(channel))))
        }
      }
    }
    return Tensor(values, shape: [1, 3, height, width])
  }

  @Test func agreeWithPyTorch() throws {
    let file = TestFixtures.committed("faces/networks.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
    let networks = try FaceNetworks.embedded()
    let found = networks.find(picture(height: 40, width: 48))
    #expect(found.shape == [1, 7, 5, 6])
    for (value, expected) in zip(found.values, golden.finder) {
      #expect(abs(value - expected) < 1e-3 * max(1, abs(expected)))
    }
    let marked = networks.mark(picture(height: 96, width: 96))
    #expect(marked.count == 11)
    for (value, expected) in zip(marked, golden.marker) {
      #expect(abs(value - expected) < 1e-3 * max(1, abs(expected)))
    }
  }
}
