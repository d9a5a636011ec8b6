import Tensors
import TestFixtures
import Testing

@Suite struct OpTests {
  @Test func matrixProductInEveryTransposition() {
    let a = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let b = Tensor([1, 0, 2, 1, 0, 3], shape: [3, 2])
    let aT = Tensor([1, 4, 2, 5, 3, 6], shape: [3, 2])
    let bT = Tensor([1, 2, 0, 0, 1, 3], shape: [2, 3])
    let expected: [Float] = [5, 11, 14, 23]
    #expect(Tensor.applying(MatrixProduct(), to: a, b).values == expected)
    #expect(Tensor.applying(MatrixProduct(transposesFirst: true), to: aT, b).values == expected)
    #expect(Tensor.applying(MatrixProduct(transposesSecond: true), to: a, bT).values == expected)
    #expect(
      Tensor.applying(MatrixProduct(transposesFirst: true, transposesSecond: true), to: aT, bT)
        .values == expected)
  }

  /// The polyphase form: out[2i] = ¼ x[i−1] + ¾ x[i], out[2i+1] = ¾ x[i] + ¼ x[i+1].
  @Test func upsample2dIsItsPolyphaseForm() {
    let x = Tensor([4, 8, 0, 4], shape: [1, 1, 2, 2])
    let y = Tensor.applying(UpFIRDn.upsample2d, to: x)
    #expect(y.shape == [1, 1, 4, 4])
    // Columns of the first input row: ¾·4, ¾·4 + ¼·8, ¼·4 + ¾·8, ¾·8.
    let first: [Float] = [3, 5, 7, 6]
    let second: [Float] = [0, 1, 3, 3]
    let rows = zip(first, second).map { ($0, $1) }
    #expect(y.values[0..<4].elementsEqual(rows.map { 0.75 * $0.0 }))
    #expect(y.values[4..<8].elementsEqual(rows.map { 0.75 * $0.0 + 0.25 * $0.1 }))
    #expect(y.values[12..<16].elementsEqual(rows.map { 0.75 * $0.1 }))
  }

  /// The definition: zeros inserted, padding, correlation, decimation, written out.
  private func naive(_ op: UpFIRDn, _ x: Tensor) -> Tensor {
    let (height, width) = (x.shape[2], x.shape[3])
    let (outHeight, outWidth) = (op.outputSide(height), op.outputSide(width))
    let values = x.values
    var y: [Float] = []
    for plane in 0..<x.shape[0] * x.shape[1] {
      for row in 0..<outHeight {
        for column in 0..<outWidth {
          var sum = 0.0
          for (i, a) in op.taps.enumerated() {
            for (j, b) in op.taps.enumerated() {
              let r = row * op.down + i - op.padding.before
              let c = column * op.down + j - op.padding.before
              guard r >= 0, c >= 0, r % op.up == 0, c % op.up == 0, r / op.up < height,
                c / op.up < width
              else { continue }
              sum += Double(a * b * values[(plane * height + r / op.up) * width + c / op.up])
            }
          }
          y.append(Float(sum) * op.gain)
        }
      }
    }
    return Tensor(y, shape: [x.shape[0], x.shape[1], outHeight, outWidth])
  }

  @Test(arguments: [
    (1, 1, 1, 1, 4), (2, 1, 2, 1, 4), (1, 2, 1, 1, 4), (1, 2, 0, 0, 12), (2, 1, 9, 8, 12),
    (4, 1, -6, -9, 24), (4, 2, 5, -3, 7), (3, 3, 2, 2, 5), (1, 2, 0, 0, 1),
  ])
  func upfirdn2dIsItsDefinition(up: Int, down: Int, before: Int, after: Int, taps: Int) {
    var random = RandomTensors(seed: 11)
    let op = UpFIRDn(
      taps: random.tensor([taps]).values, up: up, down: down, padding: (before, after), gain: 1.5)
    let x = random.tensor([2, 3, 17, 20])
    let y = Tensor.applying(op, to: x)
    let expected = naive(op, x)
    #expect(y.shape == expected.shape)
    #expect(relativeError(y, expected) < 1e-5)
  }

  @Test func upfirdn2dDecimatesAndCrops() {
    let down = UpFIRDn(taps: [0.5, 0.5], down: 2, padding: (0, 0))
    let square = Tensor((0..<16).map(Float.init), shape: [1, 1, 4, 4])
    #expect(Tensor.applying(down, to: square).values == [2.5, 4.5, 10.5, 12.5])
    let crop = UpFIRDn(taps: [1], padding: (-1, -1))
    #expect(Tensor.applying(crop, to: square).values == [5, 6, 9, 10])
  }

  @Test func biasActivationClamps() {
    let x = Tensor([-10, -1, 1, 10], shape: [1, 2, 2])
    let op = BiasActivation(slope: 0.2, gain: 2, clamp: 3)
    #expect(Tensor.applying(op, to: x, Tensor([0, 1], shape: [2])).values == [-3, -0.4, 3, 3])
  }

  @Test func elementwiseRepeatsExtentsOfOne() {
    let a = Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect((a + Tensor([10, 20], shape: [2, 1])).values == [11, 12, 13, 24, 25, 26])
    #expect((a * Tensor([1, 0, 2], shape: [1, 3])).values == [1, 0, 6, 4, 0, 12])
    #expect((a * 2).values == [2, 4, 6, 8, 10, 12])
  }

  @Test func reductionsAndSelections() {
    let x = Tensor((0..<12).map(Float.init), shape: [2, 3, 2])
    #expect(Tensor.applying(TrailingSum(from: 1), to: x).values == [15, 51])
    #expect(Tensor.applying(TrailingSum(from: 2), to: x).values == [1, 5, 9, 13, 17, 21])
    #expect(Tensor.applying(Selection(1), to: x).values == [2, 3, 8, 9])
    let joined = Tensor.applying(
      Concatenation(), to: Tensor([1, 2], shape: [2, 1]), Tensor([3, 4, 5, 6], shape: [2, 2]))
    #expect(joined.values == [1, 3, 4, 2, 5, 6])
  }

  @Test func copiesDoNotSeeEachOthersChanges() {
    let original = Tensor([1, 2], shape: [2])
    var copy = original
    unsafe copy.withUnsafeMutableBuffer { unsafe $0[0] = 9 }
    #expect(original.values == [1, 2])
    #expect(copy.values == [9, 2])
  }
}
