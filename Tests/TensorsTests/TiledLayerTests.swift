import Tensors
import TestFixtures
import Testing

/// The layers on matrix tiles against convolution and epilogue by definition.
@Suite(.enabled(if: TiledLayer.isAvailable, "this processor has no AMX"))
struct TiledLayerTests {
  struct Case: Sendable {
    var inputs: Int
    var outputs: Int
    var side: Int
    var isUp: Bool
    /// Rows of a strip; nil for the whole picture at this size.
    var rows: Int?
    var colors = 0
  }

  /// Odd channel counts, sides below and above a tile's sixteen positions, strips that do and do
  /// not divide the rows, both threads' seam within the picture.
  static let cases = [
    Case(inputs: 20, outputs: 24, side: 4, isUp: false, colors: 3),
    Case(inputs: 64, outputs: 33, side: 8, isUp: false, colors: 1),
    Case(inputs: 40, outputs: 72, side: 16, isUp: false, rows: 5, colors: 3),
    Case(inputs: 33, outputs: 16, side: 20, isUp: false, rows: 3, colors: 2),
    Case(inputs: 24, outputs: 24, side: 36, isUp: false, rows: 2),
    Case(inputs: 20, outputs: 24, side: 4, isUp: true),
    Case(inputs: 64, outputs: 40, side: 9, isUp: true, rows: 2),
    Case(inputs: 16, outputs: 72, side: 16, isUp: true, rows: 3),
    Case(inputs: 24, outputs: 16, side: 37, isUp: true, rows: 7),
    // By pairs of rows.
    Case(inputs: 64, outputs: 128, side: 16, isUp: false, colors: 3),
    Case(inputs: 132, outputs: 72, side: 18, isUp: false, rows: 4, colors: 1),
    Case(inputs: 72, outputs: 133, side: 20, isUp: false, rows: 3, colors: 2),
    Case(inputs: 128, outputs: 64, side: 34, isUp: false, rows: 2),
    Case(inputs: 65, outputs: 144, side: 40, isUp: false, colors: 4),
  ]

  @Test(arguments: cases, [1, 2])
  func isConvolutionAndEpilogue(_ c: Case, parts: Int) {
    var random = RandomTensors(seed: 21)
    let out = c.isUp ? 2 * c.side : c.side
    let x = random.tensor([1, c.inputs, c.side, c.side])
    let weight = random.tensor([c.outputs, c.inputs, 3, 3]) * (1 / Float(9 * c.inputs).squareRoot())
    let inputStyle = random.tensor([1, c.inputs, 1, 1])
    let demodulation = random.tensor([1, c.outputs, 1, 1])
    let bias = random.tensor([c.outputs])
    let noise = random.tensor([1, 1, out, out])
    let style = random.tensor([1, c.outputs, 1, 1])
    let rgb = random.tensor([max(1, c.colors), c.outputs, 1, 1])

    let styled = x * inputStyle
    var expected =
      c.isUp
      ? Tensor.applying(
        UpFIRDn.afterTransposedConvolution,
        to: Tensor.applying(TransposedConvolution(), to: styled, weight))
      : Tensor.applying(Convolution(padding: 1), to: styled, weight)
    expected = expected * demodulation + noise * 0.3
    expected = Tensor.applying(
      BiasActivation(slope: 0.2, gain: 1.5, clamp: 2), to: expected, bias)
    let picture = Tensor.applying(Convolution(padding: 0), to: expected, rgb)

    let layer = TiledLayer(
      inputs: c.inputs, outputs: c.outputs, side: c.side, isUp: c.isUp)
    if let rows = c.rows { layer.rows = rows }
    func pad(_ values: [Float]) -> [Float] {
      values + Array(repeating: 0, count: layer.rounded - values.count)
    }
    var epilogue = StyledEpilogue(
      filter: c.isUp ? .blur : .none, block: 32, height: out, width: out,
      demodulation: pad(demodulation.values), bias: pad(bias.values))
    epilogue.noise = (noise, 0.3)
    epilogue.gain = 1.5
    epilogue.clamp = 2
    epilogue.style = pad(style.values)
    epilogue.rgbChannels = c.colors
    if c.colors > 0 {
      epilogue.rgbWeight = (0..<c.colors).flatMap {
        pad(Array(rgb.values[$0 * c.outputs..<($0 + 1) * c.outputs]))
      }
    }
    let input = TiledShape(channels: c.inputs, side: c.side)
    let output = TiledShape(channels: c.outputs, side: out)
    let source = input.makeStorage()
    let plain = x.reshaped([c.inputs, c.side, c.side])
    let target = output.makeStorage()
    let image = c.colors > 0 ? Storage(count: c.colors * out * out) : nil
    let scratch = Storage(count: layer.scratchCount)
    let tolerance: Float = parts == 2 ? 2e-5 : 2e-2

    // The style with the activations, then folded into the weights.
    for isFolded in [false, true] {
      input.fill(source, from: plain, style: isFolded ? nil : inputStyle.values, parts: parts)
      layer.pack(weight, style: isFolded ? inputStyle.values : nil)
      layer.run(
        source, parts: parts, epilogue: epilogue, to: target, rgb: image, scratch: scratch)
      let result = Self.plain(target, channels: c.outputs, side: out, parts: parts)
      #expect(relativeError(result.inside, expected * style) < tolerance)
      #expect(result.border == 0, "something was written into the border")
      if let image {
        let sums = Tensor(sharing: image, shape: [1, c.colors, out, out])
        #expect(relativeError(sums, picture) < tolerance)
      }
    }
    // Without a target only the picture is written.
    if let image {
      layer.run(source, parts: parts, epilogue: epilogue, to: nil, rgb: image, scratch: scratch)
      #expect(
        relativeError(Tensor(sharing: image, shape: [1, c.colors, out, out]), picture) < tolerance)
    }
  }

  /// Pairs of rows need an even number of them and channels enough to pay for the transforms.
  @Test(arguments: [
    (64, 128, 16, true), (128, 64, 256, true), (512, 512, 32, true), (64, 64, 256, false),
    (3, 512, 64, false), (512, 3, 64, false), (512, 512, 8, false), (512, 512, 33, false),
  ])
  func rowsAreMadeInPairsWhereThatGains(
    inputs: Int, outputs: Int, side: Int, isPaired: Bool
  ) {
    let layer = TiledLayer(inputs: inputs, outputs: outputs, side: side, isUp: false)
    #expect(layer.isPaired == isPaired)
    if side <= 64 {
      #expect(
        !TiledLayer(inputs: inputs, outputs: outputs, side: side, isUp: true).isPaired
          && !TiledLayer(strided: inputs, outputs: outputs, side: side).isPaired)
    }
  }

  /// Pairs are the same two rows in whatever strip they are, and so is every rounding.
  @Test(arguments: [1, 2])
  func stripsOfPairsDoNotShow(parts: Int) {
    var random = RandomTensors(seed: 22)
    let (inputs, outputs, side) = (72, 120, 38)
    let layer = TiledLayer(inputs: inputs, outputs: outputs, side: side, isUp: false)
    #expect(layer.isPaired)
    layer.pack(random.tensor([outputs, inputs, 3, 3]), style: nil)
    let source = TiledShape(channels: inputs, side: side).makeStorage()
    TiledShape(channels: inputs, side: side).fill(
      source, from: random.tensor([inputs, side, side]), style: nil, parts: parts)
    let epilogue = StyledEpilogue(
      filter: .none, block: 32, height: side, width: side,
      demodulation: Array(repeating: 1, count: layer.rounded),
      bias: Array(repeating: 0, count: layer.rounded))
    let results = [side, 2, 5, 12, 37].map { rows in
      layer.rows = rows
      let target = TiledShape(channels: outputs, side: side).makeStorage()
      layer.run(
        source, parts: parts, epilogue: epilogue, to: target, rgb: nil,
        scratch: Storage(count: layer.scratchCount))
      return Self.plain(target, channels: outputs, side: side, parts: parts).inside.values
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  /// What pairs lose on float64 is no more than twice what each row by itself does: 33 rows have no
  /// pairs.
  @Test func pairsKeepTheAccuracy() {
    func error(side: Int) -> Double {
      var random = RandomTensors(seed: 23)
      let (inputs, outputs) = (80, 128)
      let x = random.tensor([inputs, side, side])
      let weight = random.tensor([outputs, inputs, 3, 3])
      let layer = TiledLayer(inputs: inputs, outputs: outputs, side: side, isUp: false)
      #expect(layer.isPaired == (side % 2 == 0))
      layer.pack(weight, style: nil)
      let source = TiledShape(channels: inputs, side: side).makeStorage()
      TiledShape(channels: inputs, side: side).fill(source, from: x, style: nil, parts: 2)
      let target = TiledShape(channels: outputs, side: side).makeStorage()
      layer.runMasked(
        source, by: nil, to: target, scratch: Storage(count: layer.scratchCount))
      let found = Self.plain(target, channels: outputs, side: side, parts: 2).inside.values
      let (xs, weights) = (x.values.map(Double.init), weight.values.map(Double.init))
      var (largest, worst) = (0.0, 0.0)
      for output in stride(from: 0, to: outputs, by: 9) {
        for row in 0..<side {
          for column in 0..<side {
            var sum = 0.0
            for input in 0..<inputs {
              for tap in 0..<9 {
                let (y, x) = (row + tap / 3 - 1, column + tap % 3 - 1)
                guard y >= 0, x >= 0, y < side, x < side else { continue }
                sum +=
                  weights[(output * inputs + input) * 9 + tap] * xs[(input * side + y) * side + x]
              }
            }
            largest = max(largest, abs(sum))
            worst = max(worst, abs(sum - Double(found[(output * side + row) * side + column])))
          }
        }
      }
      return worst / largest
    }
    #expect(error(side: 34) < 2 * error(side: 33))
    #expect(error(side: 34) < 1.2e-5)
  }

  /// [1, channels, side, side] of tiled activations, and the largest number in their border.
  static func plain(
    _ storage: Storage, channels: Int, side: Int, parts: Int
  ) -> (inside: Tensor, border: Float) {
    let pitch = side + 2
    let part = (channels + 31) / 32 * 32 * pitch * pitch
    return unsafe storage.withUnsafePointer { floats in
      let elements = unsafe UnsafeRawPointer(floats).assumingMemoryBound(to: UInt16.self)
      func value(_ channel: Int, _ y: Int, _ x: Int) -> Float {
        (0..<parts).reduce(0) { sum, p in
          let at = p * part + ((channel / 32 * pitch + y) * pitch + x) * 32 + channel % 32
          return sum + Float(bitPattern: UInt32(unsafe elements[at]) << 16)
        }
      }
      var inside: [Float] = []
      var border: Float = 0
      for channel in 0..<channels {
        for y in 0..<pitch {
          for x in 0..<pitch {
            if y == 0 || x == 0 || y > side || x > side {
              border = max(border, abs(value(channel, y, x)))
            } else {
              inside.append(value(channel, y, x))
            }
          }
        }
      }
      return (Tensor(inside, shape: [1, channels, side, side]), border)
    }
  }
}
