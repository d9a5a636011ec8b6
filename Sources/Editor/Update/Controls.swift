package import Latents
import StyleGAN
import TUI

/// Moving, setting and resetting the focused control.
extension State {
  mutating func adjust(_ control: Control, by step: Step, sign: Int, time: Double) -> [Command] {
    panel.typed = nil
    let amount = control.amount(step) * Float(sign)
    switch control {
    case .slider(let id):
      return set(control, to: (recipe.edit(id)?.strength ?? 0) + amount, time: time)
    case .psi: return set(control, to: recipe.truncation.psi + amount, time: time)
    case .cutoff:
      let rows = model.configuration.numWs
      return setCutoff((recipe.truncation.cutoff ?? rows) + Int(amount), time: time)
    case .classIndex: return setClass((recipe.latent.classIndex ?? 0) + Int(amount), time: time)
    case .mixBorder(let index):
      return moveBorder(index, to: mix.borders[index] + Int(amount), time: time)
    case .mixRow(let row):
      return set(control, to: (mix.weights[row] ?? 0) + amount, time: time)
    case .mixWeight: return set(control, to: mix.weight + amount, time: time)
    case .mixFace:
      guard let partner = mix.partner else {
        return setPartner(
          .seed(defaultPartnerSeed), name: nil, subject: .control(.mixFace), time: time)
      }
      let seed = partner.seed?.moved(by: Int(amount)) ?? defaultPartnerSeed
      return setPartner(
        .seed(seed, classIndex: partner.classIndex), name: nil, subject: .control(.mixFace),
        time: time)
    case .noiseMode:
      guard hasNoise() else { return [] }
      let modes = NoiseSetting.Mode.allCases
      let index = modes.firstIndex(of: recipe.noise.mode) ?? 0
      var next = recipe
      next.noise.mode = modes[(index + sign + modes.count) % modes.count]
      return change(
        next, label: "noise \(next.noise.mode.rawValue)", subject: .control(control), time: time)
    case .noiseSeed:
      return setNoiseSeed(recipe.noise.seed.moved(by: Int(amount)), time: time)
    }
  }

  /// Sets a control that holds a number; values out of range stop at its end.
  mutating func set(
    _ control: Control, to value: Float, time: Double, isDrag: Bool = false
  ) -> [Command] {
    guard value.isFinite else { return [] }
    var next = recipe
    let label: String
    switch control {
    case .slider(let id):
      let strength = value.hundredths(in: SliderScale.range)
      let rows = layerRange(of: id)
      panel.ranges[id] = rows
      next.setStrength(strength, of: id, rows: rows)
      label = "\(id.direction) \(NumberText.value(strength))"
    case .psi:
      next.truncation.psi = value.hundredths(in: SliderScale.psiRange)
      label = "ψ \(NumberText.hundredths(next.truncation.psi))"
    case .mixWeight:
      mix.weight = value.hundredths(in: 0...1)
      next.mix = mix.mix
      label = "weight of B \(NumberText.hundredths(mix.weight))"
    case .mixRow(let row):
      return setWeight(value.hundredths(in: 0...1), ofRow: row, time: time)
    case .cutoff: return setCutoff(Int(max(-1e6, min(value, 1e6))), time: time)
    case .classIndex: return setClass(Int(max(0, min(value, 1e6))), time: time)
    case .noiseSeed:
      return setNoiseSeed(UInt32(max(0, min(value, 4e9))), time: time)
    case .mixBorder, .mixFace, .noiseMode: return []
    }
    return change(
      next, label: label, subject: .control(control), time: time, isDrag: isDrag)
  }

  mutating func reset(_ control: Control, time: Double) -> [Command] {
    switch control {
    case .slider: return set(control, to: 0, time: time)
    case .psi: return set(control, to: SliderScale.psi, time: time)
    case .cutoff:
      let usual = Truncation.ofNewFace(model.configuration).cutoff
      return setCutoff(usual ?? model.configuration.numWs, time: time)
    case .classIndex: return setClass(0, time: time)
    case .mixRow(let row): return setWeight(nil, ofRow: row, time: time)
    case .mixBorder, .mixFace, .mixWeight: return resetMix()
    case .noiseMode:
      guard hasNoise() else { return [] }
      var next = recipe
      next.noise.mode = .const
      return step(next, label: "noise const")
    case .noiseSeed: return setNoiseSeed(0, time: time)
    }
  }

  private mutating func setCutoff(_ row: Int, time: Double) -> [Command] {
    let rows = model.configuration.numWs
    let row = min(max(row, 0), rows)
    var next = recipe
    next.truncation.cutoff = row == rows ? nil : row
    return change(
      next, label: "cutoff \(next.truncation.cutoff.map(String.init) ?? "all")",
      subject: .control(.cutoff), time: time)
  }

  /// Another class for the same z; faces that are points of W or W+ have none.
  private mutating func setClass(_ index: Int, time: Double) -> [Command] {
    guard let seed = recipe.latent.seed else {
      notice = .information("this face is \(recipe.latent.summary), which has no class")
      return []
    }
    let index = min(max(index, 0), max(0, model.configuration.cDim - 1))
    var next = recipe
    next.latent = .seed(seed, classIndex: index)
    return change(
      next, label: "class \(index)", subject: .control(.classIndex), time: time)
  }

  mutating func setNoiseSeed(_ seed: UInt32, time: Double) -> [Command] {
    var next = recipe
    next.noise.seed = seed
    return change(
      next, label: "noise seed \(seed)", subject: .control(.noiseSeed), time: time)
  }

  /// Whether there is noise to set; says so where there is none.
  private mutating func hasNoise() -> Bool {
    guard !model.configuration.hasNoise else { return true }
    notice = .information(
      "\(model.configuration.family.title) networks have no noise inputs: nothing to set")
    return false
  }

  // MARK: Layer ranges

  /// Where a slider applies: as its edit says, else as was chosen, else as the direction says.
  package func layerRange(of id: SliderID) -> LayerRange {
    recipe.edit(id)?.rows ?? panel.ranges[id] ?? panel.spec(id)?.rows ?? .all
  }

  mutating func cycleRange(of id: SliderID, time: Double) -> [Command] {
    let names = LayerRange.named
    let index = names.firstIndex(of: layerRange(of: id)).map { $0 + 1 } ?? 0
    return setRange(names[index % names.count], of: id, time: time)
  }

  mutating func setRange(_ range: LayerRange, of id: SliderID, time: Double) -> [Command] {
    panel.ranges[id] = range
    guard let index = recipe.index(of: id) else { return [] }
    var next = recipe
    next.edits[index].rows = range
    return change(
      next, label: "\(id.direction) on \(range)", subject: .range(id), time: time)
  }

  // MARK: Typed digits

  mutating func type(_ character: Character, time: Double) -> [Command] {
    let control = panel.focus
    var text = ""
    if let typed = panel.typed, time - typed.time < TypedNumber.patience { text = typed.text }
    let longer = text + String(character)
    let isStart = "-+.,".contains(character)
    // What cannot be part of the number begins another one.
    if isStart && longer.count == 1 || isPlausible(longer, for: control) {
      text = longer
    } else {
      text = String(character)
    }
    panel.typed = TypedNumber(text: text, time: time)
    return applyTyped(time: time)
  }

  mutating func eraseDigit(time: Double) -> [Command] {
    guard var typed = panel.typed else { return [] }
    typed.text.removeLast()
    typed.time = time
    guard !typed.text.isEmpty else {
      panel.typed = nil
      return reset(panel.focus, time: time)
    }
    panel.typed = typed
    return applyTyped(time: time)
  }

  private mutating func applyTyped(time: Double) -> [Command] {
    guard let text = panel.typed?.text else { return [] }
    if panel.focus == .noiseSeed, let seed = UInt32(text) {
      return setNoiseSeed(seed, time: time)
    }
    guard let value = NumberText.parse(text) else { return [] }
    return set(panel.focus, to: value, time: time)
  }

  /// Whether digits so far can be or become a value of a control.
  private func isPlausible(_ text: String, for control: Control) -> Bool {
    if "-+.,".contains(text.last ?? " ") && text.count > 1 && text.last != "." && text.last != "," {
      return false
    }
    let digits = text.drop { "-+".contains($0) }
    guard digits.count(where: { $0 == "." || $0 == "," }) <= 1, digits.count <= 10 else {
      return false
    }
    guard
      let value = NumberText.parse(
        text + (text.last.map { "-+.,".contains($0) } == true ? "0" : ""))
    else { return false }
    switch control {
    case .slider: return SliderScale.range.contains(value)
    case .psi: return SliderScale.psiRange.contains(value)
    case .mixRow: return (0...1).contains(value)
    case .cutoff: return value >= 0 && value <= Float(model.configuration.numWs)
    case .classIndex: return value >= 0 && value < Float(model.configuration.cDim)
    case .noiseSeed: return UInt32(text) != nil
    default: return false
    }
  }
}

extension Control {
  /// How far one key press moves it.
  fileprivate func amount(_ step: Step) -> Float {
    let amounts: (fine: Float, normal: Float, coarse: Float) =
      switch self {
      case .slider: (0.05, 0.2, 1)
      case .psi: (0.01, 0.05, 0.25)
      case .mixWeight, .mixRow: (0.02, 0.1, 0.25)
      case .mixFace, .noiseSeed: (1, 1, 10)
      case .mixBorder, .cutoff: (1, 1, 4)
      case .classIndex: (1, 1, 10)
      case .noiseMode: (1, 1, 1)
      }
    return switch step {
    case .fine: amounts.fine
    case .normal: amounts.normal
    case .coarse: amounts.coarse
    }
  }
}

extension Float {
  /// Rounded to hundredths, so that steps there and back meet again, and kept in a range.
  fileprivate func hundredths(in range: ClosedRange<Float>) -> Float {
    let rounded = (Swift.min(Swift.max(self, range.lowerBound), range.upperBound) * 100).rounded()
    return rounded == 0 ? 0 : rounded / 100
  }
}

extension Recipe {
  /// Moves a slider: its edit is made when it leaves 0 and goes when it comes back.
  fileprivate mutating func setStrength(_ strength: Float, of id: SliderID, rows: LayerRange) {
    if let index = index(of: id) {
      // Of several edits with one direction none goes, or the others would change places.
      if strength == 0, occurrences(of: id.direction) == 1 {
        edits.remove(at: index)
      } else {
        edits[index].strength = strength
      }
    } else if strength != 0 {
      edits.append(Edit(direction: id.direction, strength: strength, rows: rows))
    }
  }
}
