import Imaging
import StyleGAN
import Tensors
import Testing

@Suite struct PixelImageTensorTests {
  @Test func truncatesLikeTheReferenceScript() {
    let values: [Float] = [-2, -1, 0, 0.999, 1, .nan]
    let picture = PixelImage(networkOutput: Tensor(values, shape: [1, 1, 6]))
    #expect(picture.bytes == [0, 0, 0, 0, 0, 0, 128, 128, 128, 255, 255, 255, 255, 255, 255, 0, 0, 0])
  }

  @Test func interleavesChannels() {
    let picture = PixelImage(networkOutput: Tensor([-1, 1, 0, 0, 1, -1], shape: [1, 3, 1, 2]))
    #expect(picture.bytes == [0, 128, 255, 255, 128, 0])
  }
}
