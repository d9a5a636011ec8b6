import CFaceStudio
import Glibc

/// One person as the renderer takes it, with what is known about the picture.
package struct Person: Sendable {
  /// [100] coefficients of the identity modes.
  package internal(set) var identity = [Float](repeating: 0, count: FaceKit.identityCount)
  var expression: Expression
  var scene = studio_person()
  package internal(set) var labels = Labels()
  /// The style of the hair, by name.
  package internal(set) var hairStyle = ""

  /// The person at a place z of the axes: a deterministic function, valid for every z.
  /// - Precondition: one number for each axis.
  package init(z: [Float], basis: PeopleBasis) {
    expression = Expression(index: basis.expressionIndex)
    var sampler = PersonSampler(z: AxisValues(z))
    sampler.sample(into: &self)
    labels["face_width"] = basis.faceWidth(identity)
  }
}

/// What the sampler needs of the basis.
package struct PeopleBasis: Sendable {
  let expressionIndex: [String: Int]
  private let width: Double
  private let widthByMode: [Double]

  package init(_ kit: FaceKit) {
    expressionIndex = kit.expressionIndex
    // Cheek and jaw width over face height, linear in the identity.
    func ratio(_ p: (Int) -> SIMD3<Float>) -> Double {
      let across = abs(p(1).x - p(15).x) + abs(p(4).x - p(12).x)
      return Double(across / (2 * (p(27).y - p(8).y)))
    }
    let neutral = (0..<68).map { kit.vertex(Int(kit.landmarks[$0])) }
    let width = ratio { neutral[$0] }
    self.width = width
    widthByMode = (0..<FaceKit.identityCount).map { mode in
      ratio { i in
        let at = (mode * kit.vertexCount + Int(kit.landmarks[i])) * 3
        let d = (0..<3).map { HalfFloat.value(kit.identity[at + $0]) }
        return neutral[i] + SIMD3(d[0], d[1], d[2])
      } - width
    }
  }

  func faceWidth(_ identity: [Float]) -> Double {
    zip(identity, widthByMode).reduce(width) { $0 + Double($1.0) * $1.1 }
  }
}

/// Half-precision numbers as bits.
enum HalfFloat {
  /// - Precondition: the number is finite.
  static func value(_ bits: UInt16) -> Float {
    let magnitude = Float(bitPattern: UInt32(bits & 0x7fff) << 13) * 0x1p112
    return bits & 0x8000 == 0 ? magnitude : -magnitude
  }
}
