import Tensors
import TestFixtures
import Testing

/// The convolutions of the fast backward passes against the operations they stand for.
@Suite struct GradientConvolutionTests {
  @Test(arguments: GradientConvolution.Kind.allCases, [(20, 24), (64, 48), (3, 40)])
  func equalsItsOperation(
    kind: GradientConvolution.Kind, channels: (inputs: Int, outputs: Int)
  ) {
    let block = Blocking.preferred
    var random = RandomTensors(seed: 31)
    for result in [16, 32] {
      let side = kind == .strided ? 2 * result + 1 : result
      let x = random.tensor([1, channels.inputs, side, side])
      let weight = random.tensor([channels.outputs, channels.inputs, 3, 3])
      let expected =
        switch kind {
        case .plain: Tensor.applying(Convolution(padding: 1), to: x, weight)
        case .transposed: Tensor.applying(TransposedConvolution(), to: x, weight)
        case .strided: Tensor.applying(StridedConvolution(), to: x, weight)
        }
      let source = Storage(
        count: Blocking.rounded(channels.inputs, block: block) * side * side)
      blockScaled(
        x, style: Array(repeating: 1, count: channels.inputs), channels: channels.inputs,
        block: block, to: source)
      let out = expected.shape[2]
      let destination = Storage(
        count: Blocking.rounded(channels.outputs, block: block) * out * out)
      let convolution = GradientConvolution(
        kind, weight: weight, side: side, block: block)
      // Twice: nothing of a run may be left for the next.
      for _ in 0..<2 {
        convolution.run(
          source, to: destination, scratch: Storage(count: convolution.scratchCount))
        let y = unblocked(
          destination, channels: channels.outputs, height: out, width: out, block: block)
        let error = relativeError(y, expected)
        #expect(error < 2e-5, "\(kind) \(channels) at \(side): \(error)")
      }
    }
  }
}
