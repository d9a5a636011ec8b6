import CDNNL

/// 2-D correlation with stride 2 and no padding: the transpose of `TransposedConvolution`. Inputs
/// x [N, I, H, W] and weight [O, I, k, k], H − k and W − k even; result [N, O, (H − k) / 2 + 1, …].
package struct StridedConvolution: Op {
  package static let name = "strided convolution"

  package init() {}

  package func outputShape(_ x: Shape, _ weight: Shape) -> Shape {
    precondition(
      x.rank == 4 && weight.rank == 4 && x[1] == weight[1] && weight[2] == weight[3],
      "strided convolution of \(x) with weight \(weight)")
    precondition(
      x[2] >= weight[2] && (x[2] - weight[2]) % 2 == 0 && x[3] >= weight[3]
        && (x[3] - weight[3]) % 2 == 0,
      "strided convolution of \(x) with \(weight[2]) taps leaves pixels out")
    return [x[0], weight[0], (x[2] - weight[2]) / 2 + 1, (x[3] - weight[3]) / 2 + 1]
  }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let (x, weight) = (inputs[0].shape, inputs[1].shape)
    let shape = mien_correlation(
      batch: Int32(x[0]), in_channels: Int32(x[1]), out_channels: Int32(weight[0]),
      height: Int32(x[2]), width: Int32(x[3]), kernel: Int32(weight[2]), stride: 2, padding: 0)
    return unsafe Tensor(shape: outputShape(x, weight)) { y in
      unsafe inputs[0].withUnsafeBuffer { x in
        unsafe inputs[1].withUnsafeBuffer { weight in
          let status = unsafe mien_correlate(
            shape, x.baseAddress, weight.baseAddress, y.baseAddress)
          precondition(status == 0, "oneDNN refused a strided convolution: status \(status)")
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let (x, weight) = (inputs[0], inputs[1])
    return [
      wanted[0]
        ? Tensor.applying(
          TransposedConvolution(), to: dy,
          Tensor.applying(KernelTransposition(flips: false), to: weight)) : nil,
      wanted[1]
        ? Tensor.applying(
          ConvolutionWeightGradient(kernel: weight.shape[2], stride: 2, padding: 0), to: x, dy)
        : nil,
    ]
  }

  package func multiplyAdds(_ shapes: [Shape]) -> Int {
    outputShape(shapes[0], shapes[1]).count * shapes[1].count / shapes[1][0]
  }
}

/// The gradient of a convolution with respect to its weight. Inputs x [N, I, H, W], what was
/// convolved, and g [N, O, h, w], the gradient of the result; result [O, I, k, k]:
/// Σ over samples and pixels of g[o, y, x'] · x[i, stride y + k − padding, …].
package struct ConvolutionWeightGradient: Op {
  package static let name = "convolution weight gradient"
  package var kernel: Int
  /// 1, or 2 without padding.
  package var stride: Int
  package var padding: Int

  package init(kernel: Int, stride: Int, padding: Int) {
    precondition(stride == 1 || (stride == 2 && padding == 0), "no such convolution")
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let (x, g) = (inputs[0].shape, inputs[1].shape)
    precondition(
      x.rank == 4 && g.rank == 4 && x[0] == g[0]
        && (0..<2).allSatisfy { (x[2 + $0] + 2 * padding - kernel) / stride + 1 == g[2 + $0] },
      "weight gradient of \(x) and \(g)")
    let shape = mien_correlation(
      batch: Int32(x[0]), in_channels: Int32(x[1]), out_channels: Int32(g[1]),
      height: Int32(x[2]), width: Int32(x[3]), kernel: Int32(kernel), stride: Int32(stride),
      padding: Int32(padding))
    return unsafe Tensor(shape: [g[1], x[1], kernel, kernel]) { weight in
      unsafe inputs[0].withUnsafeBuffer { x in
        unsafe inputs[1].withUnsafeBuffer { g in
          let status = unsafe mien_correlation_weights(
            shape, x.baseAddress, g.baseAddress, weight.baseAddress)
          precondition(status == 0, "oneDNN refused a weight gradient: status \(status)")
        }
      }
    }
  }

  /// It is linear in both inputs, and each of its transposes is a convolution with `dy`.
  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let (x, g) = (inputs[0], inputs[1])
    let plain = Convolution(padding: padding)
    let dx = {
      stride == 1
        ? plain.transposed(kernel: kernel, g, dy)
        : Tensor.applying(
          TransposedConvolution(), to: g,
          Tensor.applying(KernelTransposition(flips: false), to: dy))
    }
    let dg = {
      stride == 1
        ? Tensor.applying(plain, to: x, dy) : Tensor.applying(StridedConvolution(), to: x, dy)
    }
    return [wanted[0] ? dx() : nil, wanted[1] ? dg() : nil]
  }

  package func multiplyAdds(_ shapes: [Shape]) -> Int {
    shapes[1].count * shapes[0][1] * kernel * kernel
  }
}

/// A weight [O, I, k, k] with its channels exchanged, [I, O, k, k], and its taps turned around by
/// half a turn where `flips`. Its own inverse and transpose.
package struct KernelTransposition: Op {
  package static let name = "kernel transposition"
  package var flips: Bool

  package init(flips: Bool) { self.flips = flips }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let shape = inputs[0].shape
    precondition(shape.rank == 4, "kernel transposition of \(shape)")
    let (outputs, inner, taps) = (shape[0], shape[1], shape[2] * shape[3])
    return unsafe Tensor(shape: [inner, outputs, shape[2], shape[3]]) { y in
      unsafe inputs[0].withUnsafeBuffer { x in
        for o in 0..<outputs {
          for i in 0..<inner {
            let from = (o * inner + i) * taps
            let to = (i * outputs + o) * taps
            for t in 0..<taps {
              unsafe y[to + (flips ? taps - 1 - t : t)] = x[from + t]
            }
          }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [Tensor.applying(self, to: dy)]
  }
}
