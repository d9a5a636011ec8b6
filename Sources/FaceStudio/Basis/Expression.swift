/// Weights of the basis's expression shapes, by name.
struct Expression {
  /// [53], each shape's weight.
  private(set) var weights = [Float](repeating: 0, count: FaceKit.expressionCount)
  private let index: [String: Int]

  init(index: [String: Int]) { self.index = index }

  /// Adds to a shape, or to both halves of a pair; `asymmetry` favours the subject's left.
  mutating func add(_ name: String, _ value: Double, asymmetry: Double = 0) {
    guard value != 0 else { return }
    if let place = index[name] {
      weights[place] += Float(value)
    } else {
      if let left = index[name + "_L"] { weights[left] += Float(value * (1 + asymmetry)) }
      if let right = index[name + "_R"] { weights[right] += Float(value * (1 - asymmetry)) }
    }
  }

  /// What the sampler of people uses.
  static let needed =
    [
      "browDown", "browOuterUp", "cheekSquint", "eyeBlink", "eyeLookDown", "eyeLookIn",
      "eyeLookOut", "eyeLookUp", "eyeSquint", "eyeWide", "mouthDimple", "mouthFrown",
      "mouthLowerDown", "mouthPress", "mouthSmile", "mouthStretch", "mouthUpperUp",
    ].flatMap { [$0 + "_L", $0 + "_R"] } + [
      "browInnerUp_L", "browInnerUp_R", "jawOpen", "mouthFunnel", "mouthLeft", "mouthPucker",
      "mouthRight", "mouthRollLower", "mouthShrugLower",
    ]
}
