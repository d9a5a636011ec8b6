import Latents

/// The mix bar.
extension State {
  /// The first face B: the seed after the face's own.
  var defaultPartnerSeed: UInt32 { (recipe.latent.seed ?? 0) &+ 1 }

  private mutating func ensurePartner() {
    if mix.partner == nil {
      mix.partner = .seed(defaultPartnerSeed, classIndex: recipe.latent.classIndex)
    }
  }

  mutating func chooseMixPreset(_ segment: Int) -> [Command] {
    ensurePartner()
    mix.choosePreset(segment)
    return applyMix()
  }

  mutating func toggleSegment(_ segment: Int) -> [Command] {
    ensurePartner()
    mix.toggle(segment)
    return applyMix()
  }

  mutating func moveBorder(
    _ index: Int, to row: Int, time: Double, isDrag: Bool = false
  ) -> [Command] {
    mix.moveBorder(index, to: row)
    var next = recipe
    next.mix = mix.mix
    return change(
      next, label: mixLabel, subject: .control(.mixBorder(index)), time: time, isDrag: isDrag)
  }

  /// Goes to the weights of single rows, or back to the bar.
  mutating func focusRow() {
    if case .mixRow = panel.focus {
      panel.focus = .mixBorder(0)
    } else {
      panel.focus = .mixRow(
        mix.rangesOfB.first?.lowerBound ?? min(mix.borders[0], mix.rowCount - 1))
    }
    revealFocus()
  }

  mutating func selectRow(by distance: Int) {
    guard case .mixRow(let row) = panel.focus else { return }
    panel.focus = .mixRow(min(max(row + distance, 0), mix.rowCount - 1))
  }

  /// - Parameter weight: nil for that of its segment.
  mutating func setWeight(_ weight: Float?, ofRow row: Int, time: Double) -> [Command] {
    ensurePartner()
    if let weight {
      mix.setWeight(weight, ofRow: row)
    } else {
      mix.clearWeight(ofRow: row)
    }
    var next = recipe
    next.mix = mix.mix
    return change(
      next, label: "B in row \(row) \(NumberText.hundredths(mix.weights[row] ?? 0))",
      subject: .control(.mixRow(row)), time: time)
  }

  mutating func setPartner(
    _ latent: LatentSource, name: String?, subject: Gesture.Subject, time: Double
  ) -> [Command] {
    mix.partner = latent
    mix.partnerName = name
    var next = recipe
    next.mix = mix.mix
    let commands = change(
      next, label: "face B \(partnerText)", subject: subject, time: time)
    return commands.isEmpty ? requestReference() : commands
  }

  /// Face B from a prompt or a preset.
  mutating func choosePartner(_ latent: LatentSource, name: String?) -> [Command] {
    mode = .page
    mix.partner = latent
    mix.partnerName = name
    if mix.rangesOfB.isEmpty { mix.choosePreset(1) }
    panel.focus = .mixFace
    revealFocus()
    return applyMix()
  }

  mutating func resetMix() -> [Command] {
    var fresh = MixPanel(mix.configuration)
    fresh.partner = mix.partner
    fresh.partnerName = mix.partnerName
    mix = fresh
    return applyMix()
  }

  private mutating func applyMix() -> [Command] {
    var next = recipe
    next.mix = mix.mix
    let label = mixLabel
    guard next.mix != recipe.mix else { return [] }
    let panelMix = mix
    let commands = step(next, label: label)
    mix = panelMix
    return commands
  }

  private var mixLabel: String {
    let rows = mix.rangesOfB.map { LayerRange($0).description }
    return rows.isEmpty ? "no mix" : "B gives rows \(rows.joined(separator: ", "))"
  }

  /// Who face B is, in a word or two.
  package var partnerText: String {
    guard let partner = mix.partner else { return "–" }
    let name = mix.partnerName ?? partner.summary
    return Set(recipe.mix.map(\.latent)).count > 1 ? name + ", …" : name
  }
}
