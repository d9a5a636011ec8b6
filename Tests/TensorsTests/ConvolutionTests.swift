import Tensors
import TestFixtures
import Testing

/// The definition, written out.
private func naive(_ x: Tensor, _ w: Tensor, padding: Int) -> Tensor {
  let (n, i, h) = (x.shape[0], x.shape[1], x.shape[2])
  let (o, k) = (w.shape[0], w.shape[2])
  let side = h + 2 * padding - k + 1
  let (xs, ws) = (x.values, w.values)
  var y = [Float](repeating: 0, count: n * o * side * side)
  for b in 0..<n {
    for oc in 0..<o {
      for r in 0..<side {
        for c in 0..<side {
          var sum = 0.0
          for ic in 0..<i {
            for kr in 0..<k {
              for kc in 0..<k {
                let (rr, cc) = (r + kr - padding, c + kc - padding)
                guard (0..<h).contains(rr), (0..<h).contains(cc) else { continue }
                sum += Double(
                  xs[((b * i + ic) * h + rr) * h + cc] * ws[((oc * i + ic) * k + kr) * k + kc])
              }
            }
          }
          y[((b * o + oc) * side + r) * side + c] = Float(sum)
        }
      }
    }
  }
  return Tensor(y, shape: [n, o, side, side])
}

private func naiveTransposed(_ x: Tensor, _ w: Tensor) -> Tensor {
  let (n, i, h) = (x.shape[0], x.shape[1], x.shape[2])
  let (o, k) = (w.shape[0], w.shape[2])
  let side = 2 * h + k - 2
  let (xs, ws) = (x.values, w.values)
  var y = [Float](repeating: 0, count: n * o * side * side)
  for b in 0..<n {
    for oc in 0..<o {
      for ic in 0..<i {
        for r in 0..<h {
          for c in 0..<h {
            let v = xs[((b * i + ic) * h + r) * h + c]
            for kr in 0..<k {
              for kc in 0..<k {
                y[((b * o + oc) * side + 2 * r + kr) * side + 2 * c + kc] +=
                  v * ws[((oc * i + ic) * k + kr) * k + kc]
              }
            }
          }
        }
      }
    }
  }
  return Tensor(y, shape: [n, o, side, side])
}

@Suite struct ConvolutionTests {
  @Test(arguments: [(1, 3, 5, 7, 3, 1), (2, 20, 18, 6, 3, 1), (1, 4, 3, 5, 1, 0), (1, 2, 2, 4, 3, 2)])
  func matchesItsDefinition(
    batch: Int, inputs: Int, outputs: Int, side: Int, kernel: Int, padding: Int
  ) {
    var random = RandomTensors(seed: 1)
    let x = random.tensor([batch, inputs, side, side])
    let w = random.tensor([outputs, inputs, kernel, kernel])
    let y = Tensor.applying(Convolution(padding: padding), to: x, w)
    let expected = naive(x, w, padding: padding)
    #expect(y.shape == expected.shape)
    #expect(relativeError(y, expected) < 1e-5)
  }

  @Test(arguments: [(1, 3, 5, 4), (2, 20, 18, 3)])
  func transposedMatchesItsDefinition(batch: Int, inputs: Int, outputs: Int, side: Int) {
    var random = RandomTensors(seed: 2)
    let x = random.tensor([batch, inputs, side, side])
    let w = random.tensor([outputs, inputs, 3, 3])
    let y = Tensor.applying(TransposedConvolution(), to: x, w)
    let expected = naiveTransposed(x, w)
    #expect(y.shape == expected.shape)
    #expect(relativeError(y, expected) < 1e-5)
  }

  @Test func countsMultiplyAdds() {
    #expect(Convolution(padding: 1).multiplyAdds([[1, 2, 4, 4], [3, 2, 3, 3]]) == 3 * 2 * 9 * 16)
    #expect(TransposedConvolution().multiplyAdds([[1, 2, 4, 4], [3, 2, 3, 3]]) == 3 * 2 * 9 * 16)
  }
}
