import Tensors
import TestFixtures
import Testing

/// Every fast pass against the expression over tensor operations that it stands for.
@Suite struct FusedTests {
  private static let blocks = [8, 16]

  private func storage(_ tensor: Tensor, channels: Int, block: Int) -> Storage {
    let pixels = tensor.count / channels
    let result = Storage(count: Blocking.rounded(channels, block: block) * pixels)
    blockScaled(
      tensor, style: Array(repeating: 1, count: channels), channels: channels, block: block,
      to: result)
    return result
  }

  @Test(arguments: [1, 5, 16, 20, 32], blocks)
  func blockingRoundTrips(channels: Int, block: Int) {
    var random = RandomTensors(seed: 3)
    let x = random.tensor([channels, 3, 5])
    let blocked = storage(x, channels: channels, block: block)
    #expect(
      unblocked(blocked, channels: channels, height: 3, width: 5, block: block).values == x.values)
  }

  @Test(arguments: [(3, 8), (33, 40), (70, 513)])
  func affineIsAMatrixProduct(rows: Int, columns: Int) {
    var random = RandomTensors(seed: 4)
    let a = random.tensor([rows, columns])
    let x = random.tensor([columns, 1])
    let b = random.tensor([rows])
    let product = Tensor.applying(MatrixProduct(), to: a, x) * 0.5 + b.reshaped([rows, 1])
    #expect(
      relativeError(
        Tensor(affine(a, x.values, bias: b, gain: 0.5), shape: [rows, 1]), product) < 1e-5)
  }

  @Test(arguments: [BlockedConvolution.Kind.plain, .transposed], [16, 20, 40])
  func convolutionsAgree(kind: BlockedConvolution.Kind, channels: Int) throws {
    let block = Blocking.preferred
    var random = RandomTensors(seed: 5)
    let side = 32
    let x = random.tensor([1, channels, side, side])
    let w = random.tensor([24, channels, 3, 3])
    let expected =
      kind == .plain
      ? Tensor.applying(Convolution(padding: 1), to: x, w)
      : Tensor.applying(TransposedConvolution(), to: x, w)
    let source = storage(x, channels: channels, block: block)
    for algorithm in BlockedConvolution.Algorithm.allCases {
      guard
        let convolution = BlockedConvolution(
          kind: kind, algorithm: algorithm, weight: w, height: side, width: side, block: block)
      else {
        // Winograd needs AVX-512; direct must always be there.
        #expect(algorithm != .direct)
        continue
      }
      let out = expected.shape[2]
      let destination = Storage(count: Blocking.rounded(24, block: block) * out * out)
      convolution.run(source, to: destination, scratch: Storage(count: convolution.scratchCount))
      let y = unblocked(destination, channels: 24, height: out, width: out, block: block)
      #expect(relativeError(y, expected) < 2e-5, "\(algorithm) \(convolution.implementation)")
    }
  }

  /// 70 pixels a row: more than one strip, the last one short.
  @Test(
    arguments: [StyledEpilogue.Filter.none, .blur], blocks)
  func epilogueIsItsExpression(filter: StyledEpilogue.Filter, block: Int) {
    var random = RandomTensors(seed: 6)
    let (channels, height, width) = (20, 6, 70)
    let extra = filter == .blur ? 1 : 0
    let y = random.tensor([1, channels, height + extra, width + extra])
    let demodulation = random.tensor([1, channels, 1, 1])
    let bias = random.tensor([channels])
    let noise = random.tensor([1, 1, height, width])
    let style = random.tensor([1, channels, 1, 1])
    let rgb = random.tensor([3, channels, 1, 1])

    var expected = filter == .blur ? Tensor.applying(UpFIRDn.afterTransposedConvolution, to: y) : y
    expected = expected * demodulation + noise * 0.3
    expected = Tensor.applying(
      BiasActivation(slope: 0.2, gain: 1.5, clamp: 0.9), to: expected, bias)
    let picture = Tensor.applying(Convolution(padding: 0), to: expected, rgb)

    let rounded = Blocking.rounded(channels, block: block)
    func pad(_ values: [Float]) -> [Float] {
      values + Array(repeating: 0, count: rounded - values.count)
    }
    var epilogue = StyledEpilogue(
      filter: filter, block: block, height: height, width: width,
      demodulation: pad(demodulation.values), bias: pad(bias.values))
    epilogue.noise = (noise, 0.3)
    epilogue.gain = 1.5
    epilogue.clamp = 0.9
    epilogue.style = pad(style.values)
    epilogue.rgbWeight = (0..<3).flatMap {
      pad(Array(rgb.values[$0 * channels..<($0 + 1) * channels]))
    }
    let source = storage(
      y.reshaped([channels, height + extra, width + extra]), channels: channels, block: block)
    let out = filter == .none ? source : Storage(count: rounded * height * width)
    let image = Storage(count: 3 * height * width)
    epilogue.run(source, to: out, rgb: image)

    let activations = unblocked(
      out, channels: channels, height: height, width: width, block: block)
    #expect(relativeError(activations, expected * style) < 1e-5)
    let sums = unsafe Tensor(shape: [1, 3, height, width]) { result in
      unsafe image.withUnsafePointer { pointer in
        for i in result.indices { unsafe result[i] = pointer[i] }
      }
    }
    #expect(relativeError(sums, picture) < 1e-5)
  }

  @Test func skipAddUpsamplesThePictureBelow() {
    var random = RandomTensors(seed: 7)
    let below = random.tensor([1, 3, 5, 5])
    let rgb = random.tensor([1, 3, 10, 10])
    let bias: [Float] = [0.1, -0.2, 0.3]
    let clamped = Tensor.applying(
      BiasActivation(slope: 1, gain: 1, clamp: 0.8), to: rgb, Tensor(bias, shape: [3]))
    let expected = Tensor.applying(UpFIRDn.upsample2d, to: below) + clamped
    func filled(_ tensor: Tensor) -> Storage {
      let storage = Storage(count: tensor.count)
      unsafe storage.withUnsafeMutablePointer { pointer in
        for (i, v) in tensor.values.enumerated() { unsafe pointer[i] = v }
      }
      return storage
    }
    let image = filled(rgb)
    skipAdd(image, previous: filled(below), bias: bias, clamp: 0.8, side: 10)
    let result = unsafe Tensor(shape: expected.shape) { result in
      unsafe image.withUnsafePointer { pointer in
        for i in result.indices { unsafe result[i] = pointer[i] }
      }
    }
    #expect(relativeError(result, expected) < 1e-6)
  }

  @Test(arguments: [(2, 9, 8, 12, 12), (4, -6, -9, 24, 12), (2, 3, 2, 4, 1)], [false, true])
  func filteredActivationIsItsFourSteps(
    shape: (up: Int, before: Int, after: Int, upTaps: Int, downTaps: Int), isRadial: Bool
  ) {
    var random = RandomTensors(seed: 12)
    let down = shape.downTaps == 1 ? 1 : 2
    let up = UpFIRDn(
      taps: random.tensor([shape.upTaps]).values, up: shape.up,
      padding: (shape.before, shape.after), gain: Float(shape.up * shape.up))
    let filter = random.tensor([shape.downTaps, shape.downTaps])
    let reduce = UpFIRDn(
      taps: random.tensor([shape.downTaps]).values, down: down, padding: (0, 0))
    let activation = BiasActivation(slope: 0.2, gain: 1.4, clamp: 2)
    let x = random.tensor([1, 5, 19, 19])
    let bias = random.tensor([5])

    let fine = Tensor.applying(
      activation,
      to: Tensor.applying(up, to: Tensor.applying(BiasActivation.linear, to: x, bias)),
      Tensor(zeros: [5]))
    var expected = Tensor.applying(reduce, to: fine)
    if isRadial {
      let side = fine.shape[2]
      let filtered = Tensor.applying(
        Convolution(padding: 0), to: fine.reshaped([5, 1, side, side]),
        filter.reshaped([1, 1, shape.downTaps, shape.downTaps]))
      expected = Tensor.applying(UpFIRDn(taps: [1], down: down, padding: (0, 0)), to: filtered)
      expected = expected.reshaped([1, 5, expected.shape[2], expected.shape[3]])
    }
    let y = Tensor.applying(
      FilteredActivation(
        up: up, down: reduce, radial: isRadial ? filter : nil, activation: activation),
      to: x, bias)
    #expect(y.shape == expected.shape)
    #expect(relativeError(y, expected) < 1e-5)
  }
}
