import CDNNL

/// 2-D correlation, stride 1, zero padding on all sides. Inputs x [N, I, H, W] and weight
/// [O, I, k, k]; result [N, O, H + 2p − k + 1, W + 2p − k + 1].
package struct Convolution: Op {
  package static let name = "convolution"
  package var padding: Int

  package init(padding: Int) { self.padding = padding }

  package func outputShape(_ x: Shape, _ weight: Shape) -> Shape {
    precondition(
      x.rank == 4 && weight.rank == 4 && x[1] == weight[1] && weight[2] == weight[3],
      "convolution of \(x) with weight \(weight)")
    let grown = 2 * padding - weight[2] + 1
    return [x[0], weight[0], x[2] + grown, x[3] + grown]
  }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0].shape
    let weight = inputs[1].shape
    return convolve(
      inputs[0], inputs[1], to: outputShape(x, weight),
      shape: mien_convolution_shape(
        kind: mien_convolution_plain, batch: Int32(x[0]), in_channels: Int32(x[1]),
        out_channels: Int32(weight[0]), height: Int32(x[2]), width: Int32(x[3]),
        kernel: Int32(weight[2]), padding: Int32(padding)))
  }

  /// With respect to x: the convolution of dy with the flipped and transposed weight.
  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let (x, weight) = (inputs[0], inputs[1])
    let kernel = weight.shape[2]
    return [
      wanted[0] ? transposed(kernel: kernel, dy, weight) : nil,
      wanted[1]
        ? Tensor.applying(
          ConvolutionWeightGradient(kernel: kernel, stride: 1, padding: padding), to: x, dy) : nil,
    ]
  }

  /// The transpose of this convolution: a tensor like its result to one like its input.
  func transposed(kernel: Int, _ dy: Tensor, _ weight: Tensor) -> Tensor {
    precondition(padding < kernel, "padding \(padding) of a convolution with \(kernel) taps")
    return Tensor.applying(
      Convolution(padding: kernel - 1 - padding), to: dy,
      Tensor.applying(KernelTransposition(flips: true), to: weight))
  }

  package func multiplyAdds(_ shapes: [Shape]) -> Int {
    outputShape(shapes[0], shapes[1]).count * shapes[1].count / shapes[1][0]
  }
}

/// 2-D transposed convolution, stride 2, no padding: every input pixel scatters the weight.
/// Inputs x [N, I, H, W] and weight [O, I, k, k]; result [N, O, 2H + k − 2, 2W + k − 2].
package struct TransposedConvolution: Op {
  package static let name = "transposed convolution"

  package init() {}

  package func outputShape(_ x: Shape, _ weight: Shape) -> Shape {
    precondition(
      x.rank == 4 && weight.rank == 4 && x[1] == weight[1] && weight[2] == weight[3],
      "transposed convolution of \(x) with weight \(weight)")
    return [x[0], weight[0], 2 * x[2] + weight[2] - 2, 2 * x[3] + weight[2] - 2]
  }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0].shape
    let weight = inputs[1].shape
    return convolve(
      inputs[0], inputs[1], to: outputShape(x, weight),
      shape: mien_convolution_shape(
        kind: mien_convolution_transposed, batch: Int32(x[0]), in_channels: Int32(x[1]),
        out_channels: Int32(weight[0]), height: Int32(x[2]), width: Int32(x[3]),
        kernel: Int32(weight[2]), padding: 0))
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let (x, weight) = (inputs[0], inputs[1])
    let transpose = KernelTransposition(flips: false)
    return [
      wanted[0]
        ? Tensor.applying(
          StridedConvolution(), to: dy, Tensor.applying(transpose, to: weight)) : nil,
      wanted[1]
        ? Tensor.applying(
          transpose,
          to: Tensor.applying(
            ConvolutionWeightGradient(kernel: weight.shape[2], stride: 2, padding: 0), to: dy, x))
        : nil,
    ]
  }

  package func multiplyAdds(_ shapes: [Shape]) -> Int {
    shapes[0].count * shapes[1].count / shapes[1][1]
  }
}

private func convolve(
  _ x: Tensor, _ weight: Tensor, to result: Shape, shape: mien_convolution_shape
) -> Tensor {
  unsafe Tensor(shape: result) { y in
    unsafe x.withUnsafeBuffer { x in
      unsafe weight.withUnsafeBuffer { weight in
        let status = unsafe mien_convolve(
          shape, x.baseAddress, weight.baseAddress, y.baseAddress)
        precondition(status == 0, "oneDNN refused a convolution to \(result): status \(status)")
      }
    }
  }
}
