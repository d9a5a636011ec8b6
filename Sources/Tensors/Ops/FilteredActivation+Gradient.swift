extension FilteredActivation {
  /// Back through its three steps, the upsampled activations computed once more.
  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let (x, bias) = (inputs[0], inputs[1])
    let channels = x.shape[1]
    let raised = Tensor.applying(
      up, to: Tensor.applying(BiasActivation.linear, to: x, bias))
    let noBias = Tensor(zeros: [channels])
    let fine = Tensor.applying(activation, to: raised, noBias)
    let reduced = reduce(fine)
    let dFine = transposedReduction(dy, of: fine, reduced: reduced)
    let dRaised = Tensor.applying(ActivationGradient(activation), to: dFine, fine)
    let biased = Tensor.applying(BiasActivation.linear, to: x, bias)
    let dx = up.pullback([biased], raised, dRaised, wanted: [true])[0]
    return [
      wanted[0] ? dx : nil,
      wanted[1] ? dx?.summed(to: [1, channels, 1, 1]).reshaped([channels]) : nil,
    ]
  }

  /// The filter and decimation at the end.
  private func reduce(_ fine: Tensor) -> Tensor {
    guard let radial else { return Tensor.applying(down, to: fine) }
    let (planes, side) = (fine.shape[0] * fine.shape[1], fine.shape[2])
    let taps = radial.shape[0]
    let filtered = Tensor.applying(
      Convolution(padding: 0), to: fine.reshaped([planes, 1, side, fine.shape[3]]),
      radial.reshaped([1, 1, taps, taps]))
    let kept = Tensor.applying(decimation, to: filtered)
    return kept.reshaped([fine.shape[0], fine.shape[1], kept.shape[2], kept.shape[3]])
  }

  private var decimation: UpFIRDn { UpFIRDn(taps: [1], down: down.down, padding: (0, 0)) }

  private func transposedReduction(_ dy: Tensor, of fine: Tensor, reduced: Tensor) -> Tensor {
    guard let radial else {
      return down.pullback([fine], reduced, dy, wanted: [true])[0] ?? dy
    }
    let (planes, taps) = (fine.shape[0] * fine.shape[1], radial.shape[0])
    let filteredShape: Shape = [planes, 1, fine.shape[2] - taps + 1, fine.shape[3] - taps + 1]
    let spread = decimation.pullback(
      [Tensor(zeros: filteredShape)], dy,
      dy.reshaped([planes, 1, dy.shape[2], dy.shape[3]]), wanted: [true])[0] ?? dy
    return Convolution(padding: 0)
      .transposed(kernel: taps, spread, radial.reshaped([1, 1, taps, taps]))
      .reshaped(fine.shape)
  }
}
