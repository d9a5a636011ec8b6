extension PhotoCrop {
  /// Which pixels of the crop lie in the photo: 1 for those and 0 for the others, `side` × `side` row
  /// by row; nil where all do.
  ///
  /// - Parameters:
  ///   - width: of the photo, in the pixels the crop is given in
  ///   - height: of the photo
  package func visiblePixels(width: Int, height: Int, side: Int) -> [Float]? {
    let step = 1 / Double(side)
    var visible: [Float] = []
    visible.reserveCapacity(side * side)
    for row in 0..<side {
      for column in 0..<side {
        let (x, y) = place((Double(column) + 0.5) * step, (Double(row) + 0.5) * step)
        let isInside = x >= 0 && y >= 0 && x <= Double(width) && y <= Double(height)
        visible.append(isInside ? 1 : 0)
      }
    }
    return visible.contains(0) ? visible : nil
  }
}
