package import Imaging
package import Tensors

extension PixelImage {
  /// The picture of a network's output by the rule of the reference's generate script:
  /// byte = truncate(clamp(127.5 x + 128, 0, 255)). One channel becomes grey.
  ///
  /// - Parameter output: [C, H, W] or [1, C, H, W] with C 1 or 3, nominal range [-1, 1]; values that
  ///   are not numbers become 0.
  package init(networkOutput output: Tensor) {
    let rank = output.shape.rank
    precondition(
      rank == 3 || (rank == 4 && output.shape[0] == 1), "not one picture: \(output.shape)")
    let channels = output.shape[rank - 3]
    let height = output.shape[rank - 2]
    let width = output.shape[rank - 1]
    precondition(channels == 1 || channels == 3, "a picture of \(channels) channels")
    let bytes = pictureBytes(output, channels: channels)
    self.init(width: width, height: height, bytes: bytes)
  }
}

extension Tensor {
  /// A picture as networks see it, [C, H, W] on [-1, 1]: byte / 127.5 − 1. One channel is its
  /// luminance (Rec. 601).
  package init(picture: PixelImage, channels: Int) {
    precondition(channels == 1 || channels == 3, "a picture of \(channels) channels")
    let plane = picture.width * picture.height
    unsafe self.init(shape: [channels, picture.height, picture.width]) { x in
      for p in 0..<plane {
        let rgb = (0..<3).map { Float(picture.bytes[p * 3 + $0]) }
        if channels == 1 {
          unsafe x[p] = (0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]) / 127.5 - 1
        } else {
          for c in 0..<3 { unsafe x[c * plane + p] = rgb[c] / 127.5 - 1 }
        }
      }
    }
  }
}
