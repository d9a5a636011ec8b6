package import Tensors

/// The convolutions of VGG16 (Simonyan and Zisserman 2015, configuration D) with taps behind the
/// last ReLU of each group, under torchvision's names.
package struct VGG16: Module {
  /// Convolutions in each group; 2 × 2 max pooling lies between groups.
  package static let depths = [2, 2, 3, 3, 3]
  /// Output channels of each group.
  package static let widths = [64, 128, 256, 512, 512]

  package struct Layer: Module {
    package var weight: Parameter  // [O, I, 3, 3]
    package var bias: Parameter  // [O]

    package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
      try visitor("weight", &weight)
      try visitor("bias", &bias)
    }
  }

  package var groups: [[Layer]]

  /// - Parameter widths: other channels than VGG16's for a small network of the same form
  package init(widths: [Int] = VGG16.widths) {
    var inputs = 3
    groups = zip(Self.depths, widths).map { depth, width in
      (0..<depth).map { _ in
        defer { inputs = width }
        return Layer(weight: Parameter([width, inputs, 3, 3]), bias: Parameter([width]))
      }
    }
  }

  /// - Parameter x: normalised pictures, [N, 3, H, W]
  /// - Returns: relu1_2, relu2_2, relu3_3, relu4_3, relu5_3
  package func callAsFunction(_ x: Tensor) -> [Tensor] {
    var taps: [Tensor] = []
    for group in groups {
      var y = taps.last.map { Tensor.applying(MaxPooling(), to: $0) } ?? x
      for layer in group {
        y = Tensor.applying(
          BiasActivation.reLU,
          to: Tensor.applying(Convolution(padding: 1), to: y, layer.weight.tensor),
          layer.bias.tensor)
      }
      taps.append(y)
    }
    return taps
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    // torchvision numbers convolutions, ReLUs and poolings through.
    var number = 0
    for group in groups.indices {
      for layer in groups[group].indices {
        try visitor("features.\(number)", &groups[group][layer])
        number += 2
      }
      number += 1
    }
  }
}
