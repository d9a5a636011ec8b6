/// A slider in the panel: one for every direction, and a further one for every further edit that a
/// preset makes with the same direction.
package struct SliderID: Hashable, Sendable {
  package var direction: String
  /// 0 for the first edit with this direction, 1 for the second, …
  package var occurrence: Int
  package init(_ direction: String, occurrence: Int = 0) {
    self.direction = direction
    self.occurrence = occurrence
  }
}

/// What can have the focus and be moved by keys.
package enum Control: Hashable, Sendable {
  case slider(SliderID)
  /// A border between the segments of the mix bar, 0 or 1.
  case mixBorder(Int)
  /// The weight of one row in the mix.
  case mixRow(Int)
  /// Who face B is.
  case mixFace
  case mixWeight
  case psi
  case cutoff
  /// The class of a conditional network.
  case classIndex
  case noiseMode
  case noiseSeed

  package var isMix: Bool {
    switch self {
    case .mixBorder, .mixRow, .mixFace, .mixWeight: true
    default: false
    }
  }

  /// The control that arrow keys come from and go on to: a single row is reached from the bar.
  package var anchor: Control {
    if case .mixRow = self { .mixBorder(0) } else { self }
  }

  /// Whether digits typed on it are its value (in the mix they are presets).
  package var takesDigits: Bool {
    switch self {
    case .slider, .mixRow, .psi, .cutoff, .classIndex, .noiseSeed: true
    case .mixBorder, .mixFace, .mixWeight, .noiseMode: false
    }
  }
}

/// How far a key moves a control.
package enum Step: Hashable, Sendable, CaseIterable {
  case fine, normal, coarse
}

/// The part of the panel a line belongs to; tab goes from one to the next.
package enum Section: Hashable, Sendable, CaseIterable {
  case attributes, components, mix, face, noise

  package var title: String {
    switch self {
    case .attributes: "ATTRIBUTES"
    case .components: "COMPONENTS"
    case .mix: "MIX"
    case .face: "FACE"
    case .noise: "NOISE"
    }
  }
}
