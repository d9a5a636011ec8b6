/// What decides how fast a layer of the fused path can be carried out.
struct LayerShape: Hashable, Sendable, CustomStringConvertible {
  var inputs: Int
  var outputs: Int
  /// Pixels a side of the input.
  var side: Int
  var isUp: Bool
  var layout: ActivationLayout

  /// Such as `512>256 64² up tiled`: its name in a plan's file.
  var description: String {
    let layout =
      switch layout {
      case .blocked(let block): "blocked\(block)"
      case .tiled: "tiled"
      }
    return "\(inputs)>\(outputs) \(side)² \(isUp ? "up" : "plain") \(layout)"
  }
}
