import Tensors
import TestFixtures
import Testing

/// Every operation against differences of its values, first and second order.
@Suite struct GradientTests {
  private let check = GradientCheck()
  private var random = RandomTensors(seed: 21)

  @Test mutating func elementwise() {
    let inputs = [random.tensor([2, 3, 2]), random.tensor([2, 1, 2]), random.tensor([1, 3, 1])]
    check(inputs) { ($0[0] + $0[1]) * $0[2] - $0[0] }
    check([random.tensor([]), random.tensor([])]) { $0[0] * $0[1] + $0[0] }
  }

  @Test(arguments: [
    Pointwise.Function.scale(-1.5), .offset(0.3), .square, .softplus, .sigmoid,
    .power(-0.5, epsilon: 2), .power(0.5, epsilon: 2), .power(3, epsilon: 0),
    .power(-1.5, epsilon: 2),
  ]) mutating func pointwise(function: Pointwise.Function) {
    check([random.tensor([7])]) { Tensor.applying(Pointwise(function), to: $0[0]) }
  }

  @Test mutating func sumsAndBroadcasts() {
    check([random.tensor([2, 3, 2])]) { Tensor.applying(TrailingSum(from: 1), to: $0[0]) }
    check([random.tensor([2, 3, 2])]) { $0[0].summed(to: [1, 3, 1]) }
    check([random.tensor([2, 3, 2])]) { $0[0].summed(to: [2, 1, 2]) }
    check([random.tensor([2, 1, 2])]) { Tensor.applying(Broadcast(to: [2, 3, 2]), to: $0[0]) }
    check([random.tensor([1, 2, 1])]) { Tensor.applying(Broadcast(to: [2, 2, 3]), to: $0[0]) }
    check([random.tensor([5])]) { $0[0].mean }
  }

  @Test mutating func shapes() {
    check([random.tensor([2, 3])]) { $0[0].reshaped([3, 1, 2]) }
    check([random.tensor([2, 3, 2])]) { Tensor.applying(Selection(1), to: $0[0]) }
    check([random.tensor([2, 4, 2])]) { Tensor.applying(Slice(1..<3), to: $0[0]) }
    check([random.tensor([2, 2])]) {
      Tensor.applying(ZeroExtension(before: 1, after: 2), to: $0[0])
    }
    check([random.tensor([2, 2, 3]), random.tensor([2, 1, 3])]) {
      Tensor.applying(Concatenation(), to: $0[0], $0[1])
    }
    for axis in 0..<3 {
      check([random.tensor([2, 3, 4])]) {
        Tensor.applying(CircularShift(axis: axis, distance: 1), to: $0[0])
      }
    }
  }

  @Test(arguments: [false, true], [false, true])
  mutating func matrixProduct(transposesFirst: Bool, transposesSecond: Bool) {
    let a = random.tensor(transposesFirst ? [3, 2] : [2, 3])
    let b = random.tensor(transposesSecond ? [4, 3] : [3, 4])
    check([a, b]) {
      Tensor.applying(
        MatrixProduct(transposesFirst: transposesFirst, transposesSecond: transposesSecond),
        to: $0[0], $0[1])
    }
  }

  @Test(arguments: [(3, 1), (1, 0), (3, 2), (2, 0)])
  mutating func convolution(kernel: Int, padding: Int) {
    check([random.tensor([2, 2, 4, 3]), random.tensor([3, 2, kernel, kernel])]) {
      Tensor.applying(Convolution(padding: padding), to: $0[0], $0[1])
    }
  }

  @Test mutating func transposedConvolution() {
    check([random.tensor([2, 2, 2, 3]), random.tensor([3, 2, 3, 3])]) {
      Tensor.applying(TransposedConvolution(), to: $0[0], $0[1])
    }
  }

  @Test(arguments: [1, 3]) mutating func stridedConvolution(kernel: Int) {
    check([random.tensor([2, 2, 5, 7]), random.tensor([3, 2, kernel, kernel])]) {
      Tensor.applying(StridedConvolution(), to: $0[0], $0[1])
    }
  }

  @Test mutating func weightGradients() {
    check([random.tensor([2, 2, 4, 3]), random.tensor([2, 3, 4, 3])]) {
      Tensor.applying(
        ConvolutionWeightGradient(kernel: 3, stride: 1, padding: 1), to: $0[0], $0[1])
    }
    check([random.tensor([1, 2, 5, 5]), random.tensor([1, 3, 2, 2])]) {
      Tensor.applying(
        ConvolutionWeightGradient(kernel: 3, stride: 2, padding: 0), to: $0[0], $0[1])
    }
  }

  @Test(arguments: [false, true]) mutating func kernelTransposition(flips: Bool) {
    check([random.tensor([2, 3, 2, 2])]) {
      Tensor.applying(KernelTransposition(flips: flips), to: $0[0])
    }
  }

  @Test(arguments: [
    UpFIRDn.upsample2d, .afterTransposedConvolution, .halving,
    UpFIRDn(taps: [0.1, 0.3, 0.4, 0.2, 0.5], up: 3, down: 2, padding: (2, 1), gain: 1.3),
    UpFIRDn(taps: [0.1, 0.3, 0.4], up: 2, down: 1, padding: (-1, 2)),
    UpFIRDn(taps: [1], padding: (1, 0)), UpFIRDn(taps: [1, 2, 1], down: 2, padding: (1, 1)),
  ]) mutating func upfirdn(op: UpFIRDn) {
    check([random.tensor([1, 2, 6, 4])]) { Tensor.applying(op, to: $0[0]) }
  }

  /// Away from the kinks, which differences step over.
  private mutating func apart(_ shape: Shape) -> Tensor {
    Tensor(
      (0..<shape.count).map { _ in
        let v = random.next()
        return v + (v < 0 ? -0.15 : 0.15)
      }, shape: shape)
  }

  @Test(arguments: [
    BiasActivation.linear, .leakyReLU, .reLU, BiasActivation(slope: 0.2, gain: 1.5, clamp: 9),
  ]) mutating func biasActivation(op: BiasActivation) {
    check([apart([2, 3, 2]), Tensor([0.02, -0.03, 0.01], shape: [3])]) {
      Tensor.applying(op, to: $0[0], $0[1])
    }
  }

  @Test func nothingPassesTheClamp() {
    let x = Tensor([0.5, 3, -9, -1], shape: [1, 1, 4]).variable
    let y = Tensor.applying(
      BiasActivation(slope: 0.5, gain: 1, clamp: 2), to: x, Tensor(zeros: [1]))
    let dx = Tensor.gradients(of: y.sum, withRespectTo: [x])[0]
    #expect(dx.values == [1, 0, 0, 0.5])
  }

  @Test func maxPooling() {
    let x = Tensor((0..<24).map { Float($0 * 7 % 24) }, shape: [1, 2, 4, 3])
    check([x]) { Tensor.applying(MaxPooling(), to: $0[0]) * 0.1 }
  }

  @Test(arguments: [false, true]) mutating func filteredActivation(isRadial: Bool) {
    let op = FilteredActivation(
      up: UpFIRDn(taps: random.tensor([4]).values, up: 2, padding: (3, 2), gain: 4),
      down: UpFIRDn(taps: random.tensor([4]).values, down: 2, padding: (0, 0)),
      radial: isRadial ? random.tensor([4, 4]) : nil,
      // Without kinks.
      activation: BiasActivation(slope: 1, gain: 1.4))
    check([random.tensor([1, 2, 4, 4]), random.tensor([2])]) {
      Tensor.applying(op, to: $0[0], $0[1])
    }
  }

  @Test mutating func filteredActivationIsTheGradientOfItsSteps() {
    let up = UpFIRDn(taps: random.tensor([4]).values, up: 2, padding: (3, 2), gain: 4)
    let down = UpFIRDn(taps: random.tensor([4]).values, down: 2, padding: (0, 0))
    let activation = BiasActivation(slope: 0.2, gain: 1.4, clamp: 1.1)
    let x = random.tensor([1, 2, 6, 6]).variable
    let bias = random.tensor([2]).variable
    let fused = Tensor.applying(
      FilteredActivation(up: up, down: down, radial: nil, activation: activation), to: x, bias)
    let steps = Tensor.applying(
      down,
      to: Tensor.applying(
        activation,
        to: Tensor.applying(up, to: Tensor.applying(BiasActivation.linear, to: x, bias)),
        Tensor(zeros: [2])))
    let seed = random.tensor(fused.shape)
    let a = Tensor.gradients(of: fused, seed: seed, withRespectTo: [x, bias])
    let b = Tensor.gradients(of: steps, seed: seed, withRespectTo: [x, bias])
    #expect(relativeError(a[0], b[0]) < 1e-5)
    #expect(relativeError(a[1], b[1]) < 1e-5)
  }

  @Test mutating func gradientsOfWhatIsOnTheWayAndOfWhatIsNot() {
    let x = random.tensor([3]).variable
    let other = random.tensor([2]).variable
    let middle = x.squared
    let y = (middle * middle + middle).sum
    let gradients = Tensor.gradients(of: y, withRespectTo: [middle, x, other])
    #expect(relativeError(gradients[0], middle.constant * 2 + 1) < 1e-6)
    #expect(relativeError(gradients[1], (middle.constant * 2 + 1) * x.constant * 2) < 1e-6)
    #expect(gradients[2].values == [0, 0])
    #expect(!gradients[1].isDerived)
  }

  @Test mutating func aConstantCarriesNothing() {
    let x = random.tensor([4])
    #expect(!(x * 2 + x).sum.isDerived)
    #expect((x.variable * 2).isDerived)
    var written = x.variable
    unsafe written.withUnsafeMutableBuffer { unsafe $0[0] = 3 }
    #expect(!written.isDerived)
    #expect(x.values[0] != 3)
  }

  /// d³/dx³ of x⁴ is 24 x.
  @Test func thirdOrder() {
    let x = Tensor([0.7], shape: [1]).variable
    var y = x.squared.squared
    for _ in 0..<3 {
      y = Tensor.gradients(
        of: y, seed: Tensor([1], shape: [1]), withRespectTo: [x], differentiable: true)[0]
    }
    #expect(abs(y.scalar - 24 * 0.7) < 1e-4)
  }
}
