package import Tensors

/// What two pictures are compared by: their distance is the sum of squared differences of these.
package protocol PerceptualFeatures: Sendable {
  /// As results name it: "LPIPS VGG16", "pyramid".
  var name: String { get }

  /// - Parameter pictures: [N, 3, H, W], nominal range [-1, 1]
  /// - Returns: tensors whose squared differences, summed, are the squared distance; all
  ///   differentiable with respect to the pictures
  func callAsFunction(_ pictures: Tensor) -> [Tensor]
}

extension PerceptualFeatures {
  /// Σ (φ(a) − φ(b))², a scalar, of features already computed.
  package func distance(_ a: [Tensor], _ b: [Tensor]) -> Tensor {
    precondition(a.count == b.count && !a.isEmpty, "features of different networks")
    return zip(a, b).dropFirst().reduce((a[0] - b[0]).squared.sum) {
      $0 + ($1.0 - $1.1).squared.sum
    }
  }
}
