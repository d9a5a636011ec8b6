/// A key with its modifiers, and how it is written: `ctrl-r`, `shift-tab`, `←`, `space`.
package struct KeyChord: Hashable, Sendable, CustomStringConvertible {
  package var key: Key
  package var modifiers: Modifiers

  package init(_ key: Key, _ modifiers: Modifiers = []) {
    self.key = key
    self.modifiers = modifiers
  }

  package static func character(_ character: Character) -> KeyChord {
    KeyChord(.character(character))
  }
  package static func control(_ character: Character) -> KeyChord {
    KeyChord(.character(character), .control)
  }

  package var description: String {
    var prefix = ""
    if modifiers.contains(.control) { prefix += "ctrl-" }
    if modifiers.contains(.alt) { prefix += "alt-" }
    if modifiers.contains(.shift) { prefix += "shift-" }
    return prefix + key.label
  }
}

extension Key {
  fileprivate var label: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .enter: "enter"
    case .escape: "esc"
    case .tab: "tab"
    case .backspace: "backspace"
    case .delete: "delete"
    case .insert: "insert"
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    case .home: "home"
    case .end: "end"
    case .pageUp: "page up"
    case .pageDown: "page down"
    case .function(let number): "F\(number)"
    }
  }
}

/// One thing a person can do: which keys, in which context, what it is called where.
package struct KeyBinding<Context: Hashable & Sendable, Action: Hashable & Sendable>:
  Hashable, Sendable
{
  package var id: String
  package var context: Context
  package var chords: [KeyChord]
  /// How the keys are written where the chords themselves would be too long: `0…9 - .`
  package var keys: String
  /// One line for the help page and README.
  package var help: String
  /// One or two words for the footer; nil keeps it out of the footer.
  package var hint: String?
  /// What the mouse does to the same end, if anything.
  package var mouse: String?
  package var action: Action

  package init(
    _ id: String, in context: Context, _ chords: [KeyChord], keys: String? = nil, help: String,
    hint: String? = nil, mouse: String? = nil, action: Action
  ) {
    self.id = id
    self.context = context
    self.chords = chords
    self.keys = keys ?? chords.map(\.description).joined(separator: " ")
    self.help = help
    self.hint = hint
    self.mouse = mouse
    self.action = action
  }
}

/// All bindings of a program. The footer, the help page and README's table are made from it.
package struct KeyTable<Context: Hashable & Sendable, Action: Hashable & Sendable>:
  Hashable, Sendable
{
  package typealias Binding = KeyBinding<Context, Action>

  package let bindings: [Binding]
  private let actions: [Context: [KeyChord: Action]]

  /// - Precondition: no id twice, no chord twice in a context.
  package init(_ bindings: [Binding]) {
    self.bindings = bindings
    var actions: [Context: [KeyChord: Action]] = [:]
    var ids: Set<String> = []
    for binding in bindings {
      precondition(ids.insert(binding.id).inserted, "two key bindings are called \(binding.id)")
      for chord in binding.chords {
        let former = actions[binding.context, default: [:]].updateValue(
          binding.action, forKey: chord)
        precondition(
          former == nil, "\(chord) does two things in the context \(binding.context)")
      }
    }
    self.actions = actions
  }

  /// What a key does: the first of `contexts`, innermost first, that binds it decides.
  package func action(for chord: KeyChord, in contexts: [Context]) -> Action? {
    for context in contexts {
      if let action = actions[context]?[chord] { return action }
    }
    return nil
  }

  package func bindings(in context: Context) -> [Binding] {
    bindings.filter { $0.context == context }
  }

  /// The bindings with a hint, innermost context first; of the same hint text only the first.
  package func hints(in contexts: [Context]) -> [Binding] {
    var seen: Set<String> = []
    return contexts.flatMap { bindings(in: $0) }.filter { binding in
      binding.hint.map { seen.insert($0).inserted } ?? false
    }
  }

  /// Tables of keys for README, a heading for each context.
  package func markdown(contexts: [(context: Context, title: String)]) -> String {
    var text = ""
    for (context, title) in contexts {
      if !text.isEmpty { text += "\n" }
      text += "| \(title) | | mouse |\n|---|---|---|\n"
      for binding in bindings(in: context) {
        let chords = binding.chords.map(\.description)
        let names =
          binding.keys == chords.joined(separator: " ")
          ? chords : binding.keys.split(separator: " ").map(String.init)
        let keys = names.map { "`\($0.replacing("|", with: "\\|"))`" }
        text += "| \(keys.joined(separator: " ")) | \(binding.help) | \(binding.mouse ?? "") |\n"
      }
    }
    return text
  }
}
