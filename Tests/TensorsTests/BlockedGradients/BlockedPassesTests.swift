import Tensors
import TestFixtures
import Testing

/// Each fast pass against the gradient of the expression it stands for.
@Suite struct BlockedPassesTests {
  private let block = Blocking.preferred

  private func blocked(_ x: Tensor) -> Storage {
    let (channels, pixels) = (x.shape[1], x.shape[2] * x.shape[3])
    let result = Storage(count: Blocking.rounded(channels, block: block) * pixels)
    blockScaled(
      x, style: Array(repeating: 1, count: channels), channels: channels, block: block, to: result)
    return result
  }

  private func plain(_ x: Storage, like shape: Shape) -> Tensor {
    unblocked(x, channels: shape[1], height: shape[2], width: shape[3], block: block)
      .reshaped(shape)
  }

  @Test(arguments: [1, 7, 16]) func blurBackwardIsTheTransposedBlur(side: Int) {
    var random = RandomTensors(seed: 1)
    let shape: Shape = [1, 20, side, side]
    let dy = random.tensor(shape)
    let x = random.tensor([1, 20, side + 1, side + 1]).variable
    let expected = Tensor.gradients(
      of: Tensor.applying(UpFIRDn.afterTransposedConvolution, to: x), seed: dy,
      withRespectTo: [x])[0]
    let result = Storage(
      count: Blocking.rounded(20, block: block) * (side + 1) * (side + 1))
    blurBackward(
      blocked(dy), to: result, channels: Blocking.rounded(20, block: block), block: block,
      side: side)
    #expect(relativeError(plain(result, like: expected.shape), expected) < 1e-6)
  }

  @Test func poolsAsMaxPooling() {
    var random = RandomTensors(seed: 2)
    let x = random.tensor([1, 20, 6, 5])
    let shape = BlockedShape(channels: 20, block: block, height: 6, width: 5)
    let y = Storage(count: shape.halved.count)
    shape.maxPool(blocked(x), to: y)
    let expected = Tensor.applying(MaxPooling(), to: x)
    #expect(plain(y, like: expected.shape).values == expected.values)
  }

  /// Distance and gradient of a tap, with something behind its pooling and without.
  @Test(arguments: [false, true]) func lpipsTap(isPooled: Bool) {
    var random = RandomTensors(seed: 3)
    let shape: Shape = [1, 20, 6, 8]
    let size = BlockedShape(channels: 20, block: block, height: 6, width: 8)
    let y = random.tensor(shape).variable
    let goal = Tensor.applying(BiasActivation.reLU, to: random.tensor(shape), Tensor(zeros: [20]))
    let head = random.tensor([20]).squared
    func unit(_ x: Tensor) -> Tensor {
      x * x.squared.summed(to: [1, 1, 6, 8]).inverseSquareRoot(epsilon: 1e-20)
    }
    let a = Tensor.applying(BiasActivation.reLU, to: y, Tensor(zeros: [20]))
    let distance = ((unit(a) - unit(goal)).squared * head.reshaped([1, 20, 1, 1])).sum
    let behind = random.tensor([1, 20, 3, 4])
    let loss =
      isPooled ? distance + (Tensor.applying(MaxPooling(), to: a) * behind).sum : distance
    let expected = Tensor.gradients(of: loss, withRespectTo: [y])[0]

    let activations = blocked(a)
    let target = Storage(count: size.count)
    size.unitChannels(blocked(goal), to: target)
    let gradient = Storage(count: size.count)
    let found = size.lpipsBackward(
      activations: activations, target: target,
      weight: head.values + Array(repeating: 0, count: size.channels - 20),
      pooled: isPooled ? blocked(behind) : nil, to: gradient)
    #expect(abs(Float(found) - distance.scalar) < 1e-5 * distance.scalar)
    #expect(relativeError(plain(gradient, like: shape), expected) < 1e-5)
  }

  @Test func reLUBackwardKeepsWhatWasPositive() {
    let shape = BlockedShape(channels: block, block: block, height: 1, width: 1)
    let values = Tensor((0..<block).map { $0 % 2 == 0 ? 1 : 0 }, shape: [1, block, 1, 1])
    let x = blocked(Tensor(repeating: 3, shape: [1, block, 1, 1]))
    shape.reLUBackward(activations: blocked(values), x)
    #expect(plain(x, like: [1, block, 1, 1]).values == (0..<block).map { $0 % 2 == 0 ? 3 : 0 })
  }
}
