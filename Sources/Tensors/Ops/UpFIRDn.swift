/// Zero-insertion, padding, FIR filter, decimation along both axes (StyleGAN2's upfirdn2d):
/// insert `up` − 1 zeros after every sample, pad by `padding` (before, after; negative crops),
/// correlate with the separable `taps` ⊗ `taps` times `gain`, keep every `down`-th sample.
///
/// Input [N, C, H, W]; the same for both axes. The taps are symmetric in every network of the
/// family, so correlation and true convolution agree.
package struct UpFIRDn: Op {
  package static let name = "upfirdn2d"
  package var taps: [Float]
  package var up = 1
  package var down = 1
  package var padding: (before: Int, after: Int)
  package var gain: Float

  package init(
    taps: [Float], up: Int = 1, down: Int = 1, padding: (before: Int, after: Int), gain: Float = 1
  ) {
    self.taps = taps
    self.up = up
    self.down = down
    self.padding = padding
    self.gain = gain
  }

  /// The filter of every StyleGAN2: (1, 3, 3, 1) / 8.
  package static let binomial: [Float] = [0.125, 0.375, 0.375, 0.125]

  /// 2× upsampling of the skip branch.
  package static let upsample2d = UpFIRDn(taps: binomial, up: 2, padding: (2, 1), gain: 4)

  /// The filter behind a stride-2 transposed 3×3 convolution.
  package static let afterTransposedConvolution = UpFIRDn(
    taps: binomial, padding: (1, 1), gain: 4)

  private func outputSide(_ side: Int) -> Int {
    (side * up + padding.before + padding.after - taps.count) / down + 1
  }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0].shape
    precondition(x.rank == 4, "upfirdn2d of \(x)")
    let rows = filtered(inputs[0].values, planes: x[0] * x[1] * x[2], length: x[3], inner: 1)
    let width = outputSide(x[3])
    var both = filtered(rows, planes: x[0] * x[1], length: x[2], inner: width)
    for i in both.indices { both[i] *= gain }
    return Tensor(both, shape: [x[0], x[1], outputSide(x[2]), width])
  }

  /// Filters the middle axis of [planes, length, inner].
  private func filtered(_ x: [Float], planes: Int, length: Int, inner: Int) -> [Float] {
    let result = outputSide(length)
    var y = [Float](repeating: 0, count: planes * result * inner)
    for plane in 0..<planes {
      for o in 0..<result {
        for (t, tap) in taps.enumerated() {
          let position = o * down + t - padding.before
          guard position >= 0, position < length * up, position % up == 0 else { continue }
          let from = (plane * length + position / up) * inner
          let to = (plane * result + o) * inner
          for i in 0..<inner { y[to + i] += tap * x[from + i] }
        }
      }
    }
    return y
  }
}
