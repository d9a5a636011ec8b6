package import Latents

/// What the page knows of a direction; the vector itself stays with the renderer.
package struct SliderSpec: Hashable, Sendable {
  package var name: String
  package var kind: Direction.Kind
  /// Where the slider applies until told otherwise.
  package var rows: LayerRange
  /// Share of the attribute's variance that W explains, where it was measured.
  package var r2: Double?

  package init(_ direction: Direction) {
    name = direction.name
    kind = direction.kind
    rows = direction.rows
    r2 = direction.r2
  }

  package var section: Section {
    switch kind {
    case .attribute, .hyperplane, .regression, .imported: .attributes
    case .sefa, .pca: .components
    }
  }
}

/// The numbers of a slider, in standard deviations of its direction over W.
package enum SliderScale {
  package static let range: ClosedRange<Float> = -5...5
  package static let psiRange: ClosedRange<Float> = -1...2
  /// ψ of a new face.
  package static let psi: Float = 0.7
}
