package import StyleGAN

/// Rows of ws, by name or by number: what a mix or an edit applies to.
///
/// Written as `all`, `coarse` (the 4²–8² layers), `middle` (16²–32²), `fine` (64² and more), `5`, or
/// `0-3` (both ends included). Which rows the names mean is for the family of networks to say.
package struct LayerRange: Hashable, Sendable, CustomStringConvertible {
  private enum Kind: Hashable {
    case all, coarse, middle, fine
    case rows(ClosedRange<Int>)
  }
  private let kind: Kind

  package static let all = LayerRange(kind: .all)
  package static let coarse = LayerRange(kind: .coarse)
  package static let middle = LayerRange(kind: .middle)
  package static let fine = LayerRange(kind: .fine)

  /// The names, in the order the editor offers them.
  package static let named: [LayerRange] = [.all, .coarse, .middle, .fine]

  private init(kind: Kind) { self.kind = kind }

  /// Rows by number, both ends included.
  package init(_ rows: ClosedRange<Int>) {
    precondition(rows.lowerBound >= 0, "rows count from 0")
    kind = .rows(rows)
  }

  /// Rows by number, the upper end excluded.
  /// - Precondition: not empty.
  package init(_ rows: Range<Int>) { self.init(rows.lowerBound...rows.upperBound - 1) }

  /// - Throws: `LatentError.layerRange` for anything but the spellings above.
  package init(parsing text: String) throws(LatentError) {
    if let range = LayerRange.named.first(where: { $0.description == text }) {
      self = range
      return
    }
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      .map(LayerRange.row)
    guard let first = ends[0], let last = ends[ends.count - 1], first <= last else {
      throw .layerRange(text)
    }
    self.init(first...last)
  }

  /// A row number: one to four digits, nothing else (`Int` alone would take a sign).
  private static func row(_ text: Substring) -> Int? {
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return Int(text)
  }

  /// The rows this means in a network, clipped to it; empty where the network has no such rows (a
  /// 32² network has nothing fine).
  package func rows(in configuration: GeneratorConfiguration) -> Range<Int> {
    let rowCount = configuration.numWs
    return switch kind {
    case .all: 0..<rowCount
    case .coarse: configuration.rowGroups.coarse
    case .middle: configuration.rowGroups.middle
    case .fine: configuration.rowGroups.fine
    case .rows(let range): min(range.lowerBound, rowCount)..<min(range.upperBound + 1, rowCount)
    }
  }

  /// Whether all rows given by number exist; a name always fits.
  package func fits(_ configuration: GeneratorConfiguration) -> Bool {
    if case .rows(let range) = kind { range.upperBound < configuration.numWs } else { true }
  }

  package var description: String {
    switch kind {
    case .all: "all"
    case .coarse: "coarse"
    case .middle: "middle"
    case .fine: "fine"
    case .rows(let range) where range.count == 1: "\(range.lowerBound)"
    case .rows(let range): "\(range.lowerBound)-\(range.upperBound)"
    }
  }
}
