package import Imaging
package import NN
package import Tensors

/// A small network that guesses the w of a picture, and how the picture is framed, in one pass: where
/// a projection begins. Trained on the pictures of one generator, of use with no other.
///
/// 3 × 3 convolutions with leaky ReLU (gain √2), some with a mean of 2 × 2 pixels behind them, then
/// two fully connected layers.
package struct Encoder: Module {
  package struct Shape: Hashable, Sendable {
    /// Pixels a side of what it sees.
    package var side: Int
    /// Output channels of each convolution.
    package var widths: [Int]
    /// The convolutions that are halved behind.
    package var pooled: Set<Int>
    /// Of the first fully connected layer.
    package var hidden: Int
    package var wDim: Int

    package init(side: Int, widths: [Int], pooled: Set<Int>, hidden: Int, wDim: Int) {
      self.side = side
      self.widths = widths
      self.pooled = pooled
      self.hidden = hidden
      self.wDim = wDim
    }

    /// Elements behind the last convolution.
    var flat: Int {
      let last = side >> pooled.count
      return (widths.last ?? 3) * last * last
    }
  }

  /// A weight with its bias, [O, I, 3, 3] or [O, I].
  package struct Layer: Module {
    package var weight: Parameter
    package var bias: Parameter

    init(_ shape: Tensors.Shape) {
      weight = Parameter(shape)
      bias = Parameter([shape[0]])
    }

    package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
      try visitor("weight", &weight)
      try visitor("bias", &bias)
    }

    func connected(_ x: Tensor, _ activation: BiasActivation) -> Tensor {
      Tensor.applying(
        activation,
        to: Tensor.applying(MatrixProduct(transposesSecond: true), to: x, weight.tensor),
        bias.tensor)
    }
  }

  /// What it makes of a picture.
  package struct Answer: Sendable {
    /// [w_dim]
    package var w: Tensor
    /// From the generator's framing to the picture's: the generator's pixel p is seen at
    /// `framing(p)`.
    package var framing: Similarity
  }

  package let shape: Shape
  package var convolutions: [Layer]
  package var hidden: Layer
  package var w: Layer
  package var pose: Layer

  package init(_ shape: Shape) {
    self.shape = shape
    let inputs = [3] + shape.widths
    convolutions = zip(inputs, shape.widths).map { Layer([$1, $0, 3, 3]) }
    hidden = Layer([shape.hidden, shape.flat])
    w = Layer([shape.wDim, shape.hidden])
    pose = Layer([4, shape.hidden])
  }

  /// - Parameter picture: [3, R, R] on [-1, 1], R the network's side times a power of two
  package func callAsFunction(_ picture: Tensor) -> Answer {
    precondition(
      picture.shape.rank == 3 && picture.shape[0] == 3 && picture.shape[1] == picture.shape[2],
      "a picture of \(picture.shape)")
    var x = picture.reshaped([1, 3, picture.shape[1], picture.shape[2]])
    while x.shape[2] > shape.side { x = Tensor.applying(UpFIRDn.halving, to: x) }
    precondition(x.shape[2] == shape.side, "a picture of \(picture.shape) for \(shape.side)²")
    for (index, layer) in convolutions.enumerated() {
      x = Tensor.applying(
        BiasActivation.leakyReLU,
        to: Tensor.applying(Convolution(padding: 1), to: x, layer.weight.tensor),
        layer.bias.tensor)
      if shape.pooled.contains(index) { x = Tensor.applying(UpFIRDn.halving, to: x) }
    }
    let features = hidden.connected(x.reshaped([1, shape.flat]), .leakyReLU)
    let found = pose.connected(features, .linear).values
    return Answer(
      w: w.connected(features, .linear).reshaped([shape.wDim]),
      framing: Similarity(x: found[0], y: found[1], logScale: found[2], turn: found[3]))
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    for index in convolutions.indices { try visitor("conv.\(index)", &convolutions[index]) }
    try visitor("hidden", &hidden)
    try visitor("w", &w)
    try visitor("pose", &pose)
  }
}
