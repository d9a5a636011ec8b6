import Glibc

/// A move, turn and change of size of the plane about the origin: p ↦ t + s R(a) p. On pictures the
/// origin is the middle, and 1 half a side.
package struct Similarity: Hashable, Sendable {
  /// t, in half sides; y points down.
  package var x: Float
  package var y: Float
  /// log s
  package var logScale: Float
  /// a, in radians, clockwise.
  package var turn: Float

  package init(x: Float = 0, y: Float = 0, logScale: Float = 0, turn: Float = 0) {
    self.x = x
    self.y = y
    self.logScale = logScale
    self.turn = turn
  }

  package static let identity = Similarity()
}

extension PhotoCrop {
  /// The crop whose point p lies where this one's `similarity(p)` does.
  package func moved(by similarity: Similarity) -> PhotoCrop {
    let (sine, cosine) = (sin(angle * .pi / 180), cos(angle * .pi / 180))
    let (x, y) = (Double(similarity.x) * size / 2, Double(similarity.y) * size / 2)
    return PhotoCrop(
      x: self.x + x * cosine - y * sine, y: self.y + x * sine + y * cosine,
      size: size * exp(Double(similarity.logScale)),
      angle: angle + Double(similarity.turn) * 180 / .pi)
  }
}
