package import Imaging
package import Tensors

extension Encoder {
  /// How far one look may move the crop: half sides, log scale, radians. A little more than it was
  /// trained with.
  private static let reach = Similarity(x: 0.2, y: 0.2, logScale: 0.1, turn: 0.18)

  /// Looks at a crop of a photo, moves the crop to where the generator would have framed it, and
  /// looks again.
  ///
  /// - Parameters:
  ///   - movesCrop: whether the crop may be moved
  ///   - picture: what is in a crop, as many pixels a side as a power of two times the network's
  /// - Returns: the crop, and w [w_dim] of what is in it
  package func find(
    at crop: PhotoCrop, movesCrop: Bool = true, picture: (PhotoCrop) -> PixelImage
  ) -> (crop: PhotoCrop, w: Tensor) {
    var crop = crop
    for _ in 0..<(movesCrop ? 2 : 0) {
      let seen = self(Tensor(picture: picture(crop), channels: 3))
      crop = crop.moved(by: seen.framing.limited(to: Self.reach))
    }
    return (crop, self(Tensor(picture: picture(crop), channels: 3)).w)
  }
}

extension Similarity {
  fileprivate func limited(to limit: Similarity) -> Similarity {
    func within(_ value: Float, _ limit: Float) -> Float { min(max(value, -limit), limit) }
    return Similarity(
      x: within(x, limit.x), y: within(y, limit.y), logScale: within(logScale, limit.logScale),
      turn: within(turn, limit.turn))
  }
}
