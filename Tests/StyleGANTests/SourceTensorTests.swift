import Checkpoints
import StyleGAN
import Tensors
import Testing

@Suite struct SourceTensorTests {
  private func source(_ shape: [Int], _ steps: [SourceTensor.Step]) -> SourceTensor {
    let count = shape.reduce(1, *)
    let tensor = Tensor((0..<count).map(Float.init), shape: Shape(shape))
    return SourceTensor(NPYArray(tensor).view, steps)
  }

  @Test func permutations() {
    let transposed = source([2, 3], [.permute([1, 0])])
    #expect(transposed.shape == [3, 2])
    #expect(transposed.tensor().values == [0, 3, 1, 4, 2, 5])
    // [k, k, in, out] → [out, in, k, k]
    let kernel = source([1, 2, 2, 2], [.permute([3, 2, 0, 1])])
    #expect(kernel.tensor().values == [0, 4, 2, 6, 1, 5, 3, 7])
  }

  @Test func mirrors() {
    #expect(source([2, 3], [.flip([1])]).tensor().values == [2, 1, 0, 5, 4, 3])
    #expect(source([2, 3], [.flip([0, 1])]).tensor().values == [5, 4, 3, 2, 1, 0])
  }

  @Test func shapesAndValues() {
    #expect(source([1, 1, 2, 2], [.trim(rank: 2)]).tensor().shape == [2, 2])
    #expect(source([1, 1, 2], [.trim(rank: 3)]).shape == [1, 1, 2])
    #expect(source([1], [.trim(rank: 0)]).tensor().shape == [])
    #expect(source([1, 3, 1, 1], [.flatten]).tensor().shape == [3])
    #expect(source([3], [.add(1), .multiply(2)]).tensor().values == [2, 4, 6])
  }

  /// A stored tensor of another rank has no shape after the steps; the census reports it.
  @Test func misfits() {
    #expect(source([2, 3], [.permute([3, 2, 0, 1])]).shape == nil)
    #expect(source([2, 3], [.trim(rank: 1)]).shape == nil)
    #expect(source([2], [.trim(rank: 3)]).shape == nil)
    #expect(source([2], [.flip([2, 3])]).shape == nil)
  }
}
