extension Character {
  /// Columns a terminal gives this character: 0 for a lone combining mark, 2 for East Asian wide
  /// characters and emoji, 1 otherwise (Unicode UAX #11; ambiguous characters count as narrow,
  /// as terminals do outside East Asian locales).
  package var columns: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if first.value < 0x300 { return hasEmojiSelector ? 2 : 1 }
    if first.properties.generalCategory == .nonspacingMark
      || first.properties.generalCategory == .enclosingMark || first.value == 0x200B
    {
      return 0
    }
    return first.isWide || hasEmojiSelector ? 2 : 1
  }

  /// U+FE0F asks for the coloured, double-width form of the character before it.
  private var hasEmojiSelector: Bool { unicodeScalars.contains { $0.value == 0xFE0F } }

  /// Whether a terminal would obey this rather than show it.
  var isControl: Bool {
    unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}

extension Unicode.Scalar {
  fileprivate var isWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F1E6...0x1F1FF, 0x20000...0x3FFFD:
      true
    default: properties.isEmojiPresentation
    }
  }
}

extension StringProtocol {
  /// Columns a terminal needs to show the text on one line.
  package var columns: Int { reduce(0) { $0 + $1.columns } }

  /// The text cut to `limit` columns, its end replaced by `…` where it did not fit.
  package func truncated(toColumns limit: Int) -> String {
    guard columns > limit else { return String(self) }
    guard limit > 0 else { return "" }
    var used = 0
    var kept = ""
    for character in self {
      if used + character.columns > limit - 1 { break }
      kept.append(character)
      used += character.columns
    }
    return kept + "…"
  }

  /// The text broken at spaces into lines of at most `limit` columns; a longer word is cut.
  package func wrapped(toColumns limit: Int) -> [String] {
    guard limit > 0 else { return [] }
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ") {
      let separator = line.isEmpty ? 0 : 1
      if line.columns + separator + word.columns <= limit {
        line += (line.isEmpty ? "" : " ") + word
      } else {
        if !line.isEmpty { lines.append(line) }
        line = word.truncated(toColumns: limit)
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }
}
