import Tensors
import TestFixtures
import Testing

/// The backward passes on matrix tiles against the operations they stand for.
@Suite(.enabled(if: TiledLayer.isAvailable, "this processor has no AMX"))
struct TiledGradientsTests {
  private func tiled(_ x: Tensor) -> Storage {
    let shape = TiledShape(channels: x.shape[1], side: x.shape[2])
    let storage = shape.makeStorage()
    shape.fill(
      storage, from: x.reshaped([x.shape[1], x.shape[2], x.shape[3]]), style: nil, parts: 2)
    return storage
  }

  private func plain(_ x: Storage, like shape: Shape) -> Tensor {
    TiledShape(channels: shape[1], side: shape[2]).plain(x).reshaped(shape)
  }

  private func relu(_ x: Tensor) -> Tensor {
    Tensor.applying(BiasActivation.reLU, to: x, Tensor(zeros: [x.shape[1]]))
  }

  /// Sixteen bits of each number are kept.
  @Test(arguments: [1, 4, 17]) func plainAgain(side: Int) {
    var random = RandomTensors(seed: 1)
    let x = random.tensor([1, 40, side, side])
    #expect(relativeError(plain(tiled(x), like: x.shape), x) < 1e-5)
  }

  @Test(arguments: [2, 6, 18]) func poolsAsMaxPooling(side: Int) {
    var random = RandomTensors(seed: 2)
    let x = random.tensor([1, 40, side, side])
    let shape = TiledShape(channels: 40, side: side)
    let y = shape.halved.makeStorage()
    shape.maxPool(tiled(x), to: y)
    let expected = Tensor.applying(MaxPooling(), to: x)
    #expect(relativeError(plain(y, like: expected.shape), expected) < 1e-5)
  }

  /// Distance and gradient of a tap, with something behind its pooling and without.
  @Test(arguments: [false, true], [8, 70]) func lpipsTap(isPooled: Bool, side: Int) {
    var random = RandomTensors(seed: 3)
    let shape: Shape = [1, 40, side, side]
    let size = TiledShape(channels: 40, side: side)
    // What the tiles can hold, so that no two numbers change their order.
    let y = plain(tiled(random.tensor(shape)), like: shape).variable
    let goal = relu(random.tensor(shape))
    let head = random.tensor([40]).squared
    func unit(_ x: Tensor) -> Tensor {
      x * x.squared.summed(to: [1, 1, side, side]).inverseSquareRoot(epsilon: 1e-20)
    }
    let a = relu(y)
    let distance = ((unit(a) - unit(goal)).squared * head.reshaped([1, 40, 1, 1])).sum
    let behind = random.tensor([1, 40, side / 2, side / 2])
    let loss =
      isPooled ? distance + (Tensor.applying(MaxPooling(), to: a) * behind).sum : distance
    let expected = Tensor.gradients(of: loss, withRespectTo: [y])[0]

    let target = Storage(count: size.unitCount)
    size.unitChannels(tiled(goal), to: target)
    let gradient = size.makeStorage()
    let found = size.lpipsBackward(
      activations: tiled(a.constant), target: target,
      weight: head.values + Array(repeating: 0, count: 24),
      pooled: isPooled ? tiled(behind) : nil, to: gradient)
    #expect(abs(Float(found) - distance.scalar) < 1e-4 * distance.scalar)
    #expect(relativeError(plain(gradient, like: shape), expected) < 5e-5)
  }

  /// Neither what is below zero nor what is zero lets a gradient through.
  @Test(arguments: [
    (40, 24, 4), (33, 64, 20), (16, 16, 36), (64, 136, 16), (129, 72, 38),
  ])
  func maskedConvolution(inputs: Int, outputs: Int, side: Int) {
    var random = RandomTensors(seed: 4)
    let x = random.tensor([1, inputs, side, side])
    let weight = random.tensor([outputs, inputs, 3, 3])
    let activations = relu(random.tensor([1, outputs, side, side]))
    let layer = TiledLayer(inputs: inputs, outputs: outputs, side: side, isUp: false)
    layer.pack(weight, style: nil)
    let scratch = Storage(count: layer.scratchCount)
    let convolved = Tensor.applying(Convolution(padding: 1), to: x, weight)
    let masked = Tensor(
      zip(convolved.values, activations.values).map { $1 > 0 ? $0 : 0 }, shape: convolved.shape)
    for (mask, expected) in [(tiled(activations), masked), (nil, convolved)] {
      let y = TiledShape(channels: outputs, side: side).makeStorage()
      layer.runMasked(tiled(x), by: mask, to: y, scratch: scratch)
      #expect(relativeError(plain(y, like: expected.shape), expected) < 2e-5)
    }
  }

  /// The blur's transpose and the strided convolution: back through an up-convolution. The epilogue
  /// behind lets everything through.
  @Test(arguments: [(40, 24, 4), (20, 64, 9), (64, 33, 16), (32, 32, 40)])
  func backThroughAnUpConvolution(inputs: Int, outputs: Int, side: Int) {
    var random = RandomTensors(seed: 5)
    let x = random.tensor([1, inputs, side, side]).variable
    let weight = random.tensor([outputs, inputs, 3, 3])
    let dy = random.tensor([1, outputs, 2 * side, 2 * side])
    let y = Tensor.applying(
      UpFIRDn.afterTransposedConvolution,
      to: Tensor.applying(TransposedConvolution(), to: x, weight))
    let expected = Tensor.gradients(of: y, seed: dy, withRespectTo: [x])[0]

    let rounded = Blocking.rounded(outputs, block: 32)
    let blocked = Storage(zeros: rounded * 4 * side * side)
    blockScaled(
      dy, style: Array(repeating: 1, count: outputs), channels: outputs, block: 16, to: blocked)
    let shape = TiledShape(channels: outputs, side: side)
    let split = shape.makeSplitStorage()
    shape.blurBackward(blocked, to: split)
    let layer = TiledLayer(strided: outputs, outputs: inputs, side: side)
    layer.pack(Tensor.applying(KernelTransposition(flips: false), to: weight), style: nil)
    let result = TiledShape(channels: inputs, side: side).makeStorage()
    layer.runMasked(split, by: nil, to: result, scratch: Storage(count: layer.scratchCount))
    #expect(relativeError(plain(result, like: expected.shape), expected) < 2e-5)
  }

  struct Case: Sendable {
    var channels: Int
    var side: Int
    var colors: Int
    var hasBehind = true
    var isTiled = true
    var next = 20
  }

  /// Back through a layer's epilogue, and through the convolution behind it.
  @Test(arguments: [
    Case(channels: 24, side: 8, colors: 3), Case(channels: 40, side: 20, colors: 0),
    Case(channels: 16, side: 70, colors: 1), Case(channels: 72, side: 6, colors: 4),
    Case(channels: 33, side: 16, colors: 3, hasBehind: false),
    Case(channels: 48, side: 16, colors: 0, isTiled: false),
    Case(channels: 24, side: 36, colors: 2, isTiled: false),
    // By pairs of rows, whole and in strips.
    Case(channels: 136, side: 16, colors: 3, next: 64),
    Case(channels: 72, side: 34, colors: 0, isTiled: false, next: 130),
  ])
  func backThroughAnEpilogue(_ c: Case) {
    var random = RandomTensors(seed: 6)
    let (channels, side) = (c.channels, c.side)
    let shape: Shape = [1, channels, side, side]
    let y = random.tensor(shape).variable
    let demodulation = random.tensor([1, channels, 1, 1]).variable
    let bias = random.tensor([channels])
    let noise = random.tensor([1, 1, side, side]).variable
    let style =
      (random.tensor([1, channels, 1, 1]) + Tensor(repeating: 3, shape: [1, channels, 1, 1]))
      .variable
    let rgb = random.tensor([max(1, c.colors), channels, 1, 1]).variable
    let weight = random.tensor([c.next, channels, 3, 3])
    let v = Tensor.applying(
      BiasActivation(slope: 0.2, gain: 1.5, clamp: 0.7), to: y * demodulation + noise * 0.3, bias)
    let styled = v * style
    let next = Tensor.applying(Convolution(padding: 1), to: styled, weight)
    let dNext = random.tensor(next.shape)
    let picture = Tensor.applying(Convolution(padding: 0), to: v, rgb)
    let dPicture = random.tensor(picture.shape)
    var loss = Tensor(zeros: [])
    if c.hasBehind { loss = loss + (next * dNext).sum }
    if c.colors > 0 { loss = loss + (picture * dPicture).sum }
    let expected = Tensor.gradients(
      of: loss, withRespectTo: [y, demodulation, noise, style, rgb])

    let rounded = Blocking.rounded(channels, block: 32)
    func pad(_ values: [Float]) -> [Float] {
      values + Array(repeating: 0, count: rounded - values.count)
    }
    var epilogue = StyledEpilogue(
      filter: .none, block: 32, height: side, width: side,
      demodulation: pad(demodulation.values), bias: pad(bias.values))
    epilogue.noise = (noise.constant, 0.3)
    epilogue.gain = 1.5
    epilogue.clamp = 0.7
    epilogue.style = pad(style.values)
    epilogue.rgbChannels = c.colors
    if c.colors > 0 {
      epilogue.rgbWeight = (0..<c.colors).flatMap {
        pad(Array(rgb.values[$0 * channels..<($0 + 1) * channels]))
      }
    }
    let layer = TiledLayer(inputs: c.next, outputs: channels, side: side, isUp: false)
    layer.pack(Tensor.applying(KernelTransposition(flips: true), to: weight), style: nil)
    let size = TiledShape(channels: channels, side: side)
    let tiledTarget = size.makeStorage()
    let blockedTarget = Storage(count: rounded * side * side)
    let found = EpilogueGradient(of: epilogue).run(
      behind: c.hasBehind ? (layer, tiled(dNext)) : nil, out: tiled(styled.constant),
      picture: c.colors > 0 ? dPicture : nil, wantsNoise: true,
      to: c.isTiled ? .tiled(tiledTarget) : .blocked(blockedTarget),
      scratch: Storage(count: layer.scratchCount))
    let dy =
      c.isTiled
      ? plain(tiledTarget, like: shape)
      : unblocked(blockedTarget, channels: channels, height: side, width: side, block: 16)
        .reshaped(shape)
    // An activation close to its kink or clamp may fall on the other side: the whole is bounded.
    func error(_ a: Tensor, _ b: Tensor) -> Float {
      ((a - b).squared.sum.scalar / b.squared.sum.scalar).squareRoot()
    }
    let tolerance: Float = 5e-3
    #expect(error(dy, expected[0]) < tolerance)
    func sums(_ values: some Sequence<Float>) -> Tensor {
      Tensor(Array(values.prefix(channels)), shape: [1, channels, 1, 1])
    }
    #expect(error(sums(found.demodulation), expected[1]) < tolerance)
    let ofNoise = try? #require(found.noise)
    #expect(
      ofNoise.map { error($0.reshaped([1, 1, side, side]) * 0.3, expected[2]) } ?? 1
        < tolerance)
    if c.hasBehind {
      #expect(error(sums(found.style), expected[3]) < tolerance)
    }
    for color in 0..<c.colors {
      let weights = sums(found.rgbWeight[(color * rounded)...])
      #expect(
        error(weights, sums(expected[4].values[(color * channels)...])) < tolerance)
    }
  }
}
