import CKernels

/// StyleGAN3's filtered leaky ReLU in one pass over each plane: bias, upsampling with gain up²,
/// clamped leaky ReLU, downsampling (StyleGAN3 paper, §3.2). The twin of BiasActivation, UpFIRDn,
/// BiasActivation, UpFIRDn one after the other, without their intermediate pictures, which at
/// 1024² take gigabytes.
package struct FilteredActivation: Op {
  package static let name = "filtered activation"
  package var up: UpFIRDn
  package var down: UpFIRDn
  /// [taps, taps] in place of `down`'s separable taps.
  package var radial: Tensor?
  package var activation: BiasActivation

  /// - Parameters:
  ///   - up: its gain is taken to be up²
  ///   - down: its gain is taken to be 1
  package init(up: UpFIRDn, down: UpFIRDn, radial: Tensor?, activation: BiasActivation) {
    precondition(radial?.shape ?? [down.taps.count, down.taps.count] == [down.taps.count, down.taps.count])
    self.up = up
    self.down = down
    self.radial = radial
    self.activation = activation
  }

  /// Inputs x [N, C, H, W] and bias [C].
  package func forward(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0].shape
    precondition(x.rank == 4 && inputs[1].shape == [x[1]], "bias \(inputs[1].shape) for \(x)")
    precondition(x[0] == 1, "one picture at a time")
    let result: Shape = [
      1, x[1], down.outputSide(up.outputSide(x[2])), down.outputSide(up.outputSide(x[3])),
    ]
    return unsafe Tensor(shape: result) { y in
      unsafe inputs[0].withUnsafeBuffer { source in
        unsafe inputs[1].withUnsafeBuffer { bias in
          unsafe up.withResampling { up in
            unsafe down.withResampling { down in
              var spec = unsafe mien_filtered_activation()
              unsafe spec.up = up.pointee
              unsafe spec.down = down.pointee
              unsafe spec.slope = activation.slope
              unsafe spec.gain = activation.gain
              unsafe spec.clamp = activation.clamp
              func run() {
                let status = unsafe mien_filtered_lrelu(
                  source.baseAddress, bias.baseAddress, y.baseAddress, Int32(x[1]), Int32(x[2]),
                  Int32(x[3]), &spec)
                precondition(status == 0, "out of memory for a filtered activation of \(x)")
              }
              guard let radial else { return run() }
              unsafe radial.withUnsafeBuffer {
                unsafe spec.radial = $0.baseAddress
                run()
              }
            }
          }
        }
      }
    }
  }
}
