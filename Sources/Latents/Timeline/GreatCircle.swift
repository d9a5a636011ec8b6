import Glibc

/// Spherical interpolation (Shoemake 1985): from `a` to `b` at even angular speed. Straight where
/// the two point nearly the same or opposite ways.
func greatCircle(_ a: [Float], _ b: [Float], _ t: Double) -> [Float] {
  precondition(a.count == b.count, "\(a.count) and \(b.count) values")
  var (dot, aa, bb) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    dot += Double(x) * Double(y)
    aa += Double(x) * Double(x)
    bb += Double(y) * Double(y)
  }
  let cosine = aa > 0 && bb > 0 ? max(-1, min(1, dot / (aa * bb).squareRoot())) : 1
  let angle = acos(cosine)
  guard abs(sin(angle)) > 1e-4 else { return zip(a, b).map { lerp($0, $1, Float(t)) } }
  let (wa, wb) = (sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle))
  return zip(a, b).map { Float(wa * Double($0) + wb * Double($1)) }
}
