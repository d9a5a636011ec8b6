import CKernels

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

  /// Means of 2 × 2 pixels.
  package static let halving = UpFIRDn(taps: [0.5, 0.5], down: 2, padding: (0, 0))

  package func outputSide(_ side: Int) -> Int {
    (side * up + padding.before + padding.after - taps.count) / down + 1
  }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0].shape
    precondition(x.rank == 4, "upfirdn2d of \(x)")
    let result: Shape = [x[0], x[1], outputSide(x[2]), outputSide(x[3])]
    return unsafe Tensor(shape: result) { y in
      unsafe inputs[0].withUnsafeBuffer { source in
        unsafe withResampling { resampling in
          let status = unsafe mien_upfirdn(
            source.baseAddress, y.baseAddress, Int32(x[0] * x[1]), Int32(x[2]), Int32(x[3]),
            resampling, gain)
          precondition(status == 0, "out of memory for upfirdn2d of \(x)")
        }
      }
    }
  }

  /// Up- and downsampling change places, and the filter is turned around.
  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let x = inputs[0].shape
    func after(_ side: Int) -> Int {
      side * up - outputSide(side) * down + padding.before - up + 1
    }
    precondition(
      after(x[2]) == after(x[3]), "upfirdn2d of \(x): sides that decimate differently")
    let transposed = UpFIRDn(
      taps: taps.reversed(), up: down, down: up,
      padding: (taps.count - 1 - padding.before, after(x[2])), gain: gain)
    return [Tensor.applying(transposed, to: dy)]
  }

  /// The attributes as the kernels take them, valid during the call.
  func withResampling<R>(_ body: (UnsafePointer<mien_resampling>) -> R) -> R {
    unsafe taps.withUnsafeBufferPointer { taps in
      var resampling = unsafe mien_resampling(
        taps: taps.baseAddress, count: Int32(taps.count), up: Int32(up), down: Int32(down),
        before: Int32(padding.before), after: Int32(padding.after))
      return unsafe body(&resampling)
    }
  }
}
