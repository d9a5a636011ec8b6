package import TUI

/// What the keys go to.
package enum Mode: Hashable, Sendable {
  case page
  /// The filter of the sliders is being typed.
  case find(TextField)
  case prompt(Prompt)
  case confirm(Confirmation)
  case history(HistoryList)
  case presets(PresetList)
  case models(ModelList)
  case filmSources(FilmSources)
  /// The help page, scrolled by so many lines.
  case help(offset: Int)
}

/// A question answered by a line of text.
package struct Prompt: Hashable, Sendable {
  package enum Purpose: Hashable, Sendable {
    case seed
    case partnerSeed
    case value(Control)
    case range(SliderID)
    case save
    case rename(String)
    case filmPath
    case timelineSave
    case timelineOpen
    case photoPath

    package var isPath: Bool {
      switch self {
      case .filmPath, .timelineSave, .timelineOpen, .photoPath: true
      default: false
      }
    }
  }
  package var purpose: Purpose
  package var field: TextField
  /// Why the last answer would not do.
  package var complaint: String?
  /// What the path typed so far could become.
  package var candidates: [String] = []

  package init(_ purpose: Purpose, text: String = "") {
    self.purpose = purpose
    field = TextField(text)
  }
}

/// A question answered by yes or no.
package struct Confirmation: Hashable, Sendable {
  package enum Purpose: Hashable, Sendable {
    case overwrite(String)
    case overwriteByRenaming(String, to: String)
    case delete(String)
    /// The face found in this photo is not in the editor yet.
    case leavePhoto(String)
  }
  package var purpose: Purpose
}

/// The list of steps; moving in it shows each.
package struct HistoryList: Hashable, Sendable {
  /// The step to go back to when the list is left with escape.
  package var entered: Int
}

/// The list of presets.
package struct PresetList: Hashable, Sendable {
  package var entries: [PresetEntry]
  package var selected = 0
  /// The preset whose small picture was asked for.
  package var pictured: String?

  package init(_ entries: [PresetEntry]) { self.entries = entries }
}

/// A preset as the list shows it.
package struct PresetEntry: Hashable, Sendable {
  package var name: String
  /// One or two words on what it is: `seed 42 · 3 edits`, or why it cannot be used.
  package var detail: String
  /// Whether it was made with the model at hand.
  package var isUsable: Bool
  /// Comes with the program: cannot be renamed or deleted.
  package var isBuiltIn: Bool

  package init(name: String, detail: String, isUsable: Bool = true, isBuiltIn: Bool = false) {
    self.name = name
    self.detail = detail
    self.isUsable = isUsable
    self.isBuiltIn = isBuiltIn
  }
}
