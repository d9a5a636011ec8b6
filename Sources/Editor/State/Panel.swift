package import Latents

/// The right side of the page: sliders, which of them are shown, and which one has the focus.
package struct Panel: Hashable, Sendable {
  package var sliders: [SliderSpec]
  package var focus: Control
  /// First line shown of the scrolling part.
  package var offset = 0
  /// Only sliders whose names contain this are shown.
  package var filter = ""
  package var showsEditedOnly = false
  /// Layer ranges chosen for sliders, kept while a slider rests at 0.
  package var ranges: [SliderID: LayerRange] = [:]
  /// Digits typed on the focused control.
  package var typed: TypedNumber?
  package var discovery = Discovery.waiting
  /// A preset to load once the components it needs are found.
  package var waitingPreset: String?

  package init(sliders: [SliderSpec]) {
    self.sliders = sliders
    focus = sliders.first.map { .slider(SliderID($0.name)) } ?? .psi
  }

  /// The search for components that runs in the background.
  package enum Discovery: Hashable, Sendable {
    case waiting, running, done
    case failed(String)
  }

  package func spec(_ id: SliderID) -> SliderSpec? {
    sliders.first { $0.name == id.direction }
  }
}

/// A number being typed over a value; it takes effect with every digit.
package struct TypedNumber: Hashable, Sendable {
  package var text: String
  /// When the last digit came, in seconds.
  package var time: Double
  /// A lone 0, which means "reset" until another digit follows.
  package var isReset: Bool { text == "0" }
  /// Seconds after which a digit begins a new number.
  package static let patience = 1.5
}

extension Recipe {
  /// The edit a slider moves, if there is one.
  package func edit(_ id: SliderID) -> Edit? {
    index(of: id).map { edits[$0] }
  }

  package func index(of id: SliderID) -> Int? {
    var seen = 0
    for (index, edit) in edits.enumerated() where edit.direction == id.direction {
      if seen == id.occurrence { return index }
      seen += 1
    }
    return nil
  }

  /// How many edits use a direction.
  package func occurrences(of direction: String) -> Int {
    edits.count { $0.direction == direction }
  }
}
