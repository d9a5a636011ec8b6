import Latents
import StyleGAN
import TUI

/// One line of the panel.
package enum PanelLine: Hashable, Sendable {
  case heading(Section)
  case slider(SliderID)
  /// Several small controls on a line with the section's title.
  case fields(Section, [Control])
  case mixBar
  case history
  case note(String)

  package var controls: [Control] {
    switch self {
    case .slider(let id): [.slider(id)]
    case .fields(_, let controls): controls
    case .mixBar: [.mixBorder(0), .mixBorder(1)]
    case .heading, .history, .note: []
    }
  }

  package var section: Section? {
    switch self {
    case .heading(let section), .fields(let section, _): section
    case .mixBar: .mix
    case .slider, .history, .note: nil
    }
  }
}

extension State {
  /// The sliders of a section that the filter lets through.
  package func sliders(in section: Section) -> [SliderID] {
    let recipe = recipe
    let wanted = panel.filter.lowercased()
    return panel.sliders.filter { $0.section == section }.flatMap { spec in
      (0..<max(1, recipe.occurrences(of: spec.name))).map {
        SliderID(spec.name, occurrence: $0)
      }
    }.filter { id in
      (wanted.isEmpty || id.direction.lowercased().contains(wanted))
        && (!panel.showsEditedOnly || recipe.edit(id) != nil)
    }
  }

  /// The part of the panel that scrolls.
  package var sliderLines: [PanelLine] {
    var lines: [PanelLine] = []
    let attributes = sliders(in: .attributes)
    let components = sliders(in: .components)
    let isFiltered = !panel.filter.isEmpty || panel.showsEditedOnly
    if !attributes.isEmpty || isFiltered
      || panel.sliders.contains(where: {
        $0.section == .attributes
      })
    {
      lines.append(.heading(.attributes))
    }
    lines += attributes.map { .slider($0) }
    if isFiltered, attributes.isEmpty, components.isEmpty {
      lines.append(
        .note(panel.filter.isEmpty ? "no slider was moved yet" : "no slider of that name"))
    }
    if !components.isEmpty || !isFiltered { lines.append(.heading(.components)) }
    lines += components.map { .slider($0) }
    if !isFiltered, components.isEmpty {
      switch panel.discovery {
      case .waiting, .running: lines.append(.note("looking for components…"))
      case .failed(let reason): lines.append(.note(reason))
      case .done: lines.append(.note("none found"))
      }
    }
    return lines
  }

  /// The lines below the sliders; each control on its own where the panel is narrow.
  package func controlLines(isNarrow: Bool) -> [PanelLine] {
    let classes: [PanelLine] =
      model.configuration.cDim > 0 ? [.fields(.face, [.classIndex])] : []
    let hasNoise = model.configuration.hasNoise
    if isNarrow {
      let noise: [PanelLine] =
        [.fields(.noise, [.noiseMode])] + (hasNoise ? [.fields(.noise, [.noiseSeed])] : [])
      return [
        .mixBar, .fields(.mix, [.mixFace]), .fields(.mix, [.mixWeight]), .fields(.face, [.psi]),
        .fields(.face, [.cutoff]),
      ] + classes + noise + [.history]
    }
    let noise = [PanelLine.fields(.noise, hasNoise ? [.noiseMode, .noiseSeed] : [.noiseMode])]
    return [.mixBar, .fields(.mix, [.mixFace, .mixWeight]), .fields(.face, [.psi, .cutoff])]
      + classes + noise + [.history]
  }

  package func section(of control: Control) -> Section {
    switch control {
    case .slider(let id): panel.spec(id)?.section ?? .attributes
    case .mixBorder, .mixRow, .mixFace, .mixWeight: .mix
    case .psi, .cutoff, .classIndex: .face
    case .noiseMode, .noiseSeed: .noise
    }
  }
}
