import Tensors

/// How a layer is carried out, of several ways with the same result.
enum LayerChoice: Hashable, Sendable {
  /// Blocked activations: the convolution's algorithm.
  case algorithm(BlockedConvolution.Algorithm)
  /// Matrix tiles: rows of the input in a strip; all of them share the outputs among the threads.
  case rows(Int)

  /// All there are for a shape, the likeliest first.
  static func candidates(for shape: LayerShape) -> [LayerChoice] {
    switch shape.layout {
    case .blocked:
      return shape.isUp
        ? [.algorithm(.cachedWinograd), .algorithm(.direct)]
        : [.algorithm(.cachedWinograd), .algorithm(.winograd), .algorithm(.direct)]
    case .tiled:
      guard shape.side > 8 else { return [.rows(shape.side)] }
      // Outputs shared among the threads make results that leave the cache: only while small.
      var rows =
        shape.side <= 64
        ? [shape.side, shape.side / 2, 16, 8, 4]
        : shape.isUp ? [4, 2, 3, 6, 8] : [6, 3, 4, 8, 12]
      rows.removeAll { $0 > shape.side }
      var seen: Set<Int> = []
      return rows.filter { seen.insert($0).inserted }.map { .rows($0) }
    }
  }

  /// As a plan's file has it: `cachedWinograd`, `rows 6`.
  var text: String {
    switch self {
    case .algorithm(let algorithm): algorithm.rawValue
    case .rows(let rows): "rows \(rows)"
    }
  }

  /// nil for anything that `text` never says.
  init?(text: String) {
    if let algorithm = BlockedConvolution.Algorithm(rawValue: text) {
      self = .algorithm(algorithm)
    } else if text.hasPrefix("rows "), let rows = Int(text.dropFirst(5)), rows > 0 {
      self = .rows(rows)
    } else {
      return nil
    }
  }
}
