import Latents
import StyleGAN
import TUI

/// Answers to prompts and questions.
extension State {
  mutating func performInPrompt(
    _ prompt: Prompt, _ action: Action, time: Double
  ) -> [Command] {
    switch action {
    case .accept: return answer(prompt, time: time)
    case .complete: return prompt.purpose.isPath ? [.listPaths(prompt.field.text)] : []
    case .cancel:
      if prompt.purpose == .photoPath, photo.photo == nil, photo.opening == nil {
        photo.isOpen = false
      }
      if case .rename = prompt.purpose {
        mode = .page
        return [.listPresets]
      }
      mode = .page
      return []
    default: return []
    }
  }

  private mutating func answer(_ prompt: Prompt, time: Double) -> [Command] {
    let text = prompt.field.text.trimmed
    mode = .page
    if text.isEmpty {
      // Nothing typed is nothing wanted.
      return prompt.purpose == .photoPath ? performInPrompt(prompt, .cancel, time: time) : []
    }
    switch prompt.purpose {
    case .seed:
      guard let seed = UInt32(text) else { return complain(prompt, notSeed(text)) }
      return startFace(seed: seed)
    case .partnerSeed:
      guard let seed = UInt32(text) else { return complain(prompt, notSeed(text)) }
      return choosePartner(.seed(seed, classIndex: recipe.latent.classIndex), name: nil)
    case .value(let control): return answerValue(prompt, text, control, time: time)
    case .range(let id):
      do {
        let range = try LayerRange(parsing: text)
        guard range.fits(model.configuration) else {
          return complain(
            prompt,
            LatentError.rowsOutsideModel(range, rows: model.configuration.numWs).description)
        }
        return setRange(range, of: id, time: time)
      } catch { return complain(prompt, error.description) }
    case .save:
      if let reason = text.whyNotName { return complain(prompt, reason) }
      return [
        .savePreset(
          name: text, recipe, projection: document.history.projection,
          replacing: text == document.presetName)
      ]
    case .rename(let old):
      if text == old { return [.listPresets] }
      if let reason = text.whyNotName { return complain(prompt, reason) }
      return [.renamePreset(from: old, to: text, replacing: false)]
    case .filmPath, .timelineSave, .timelineOpen: return answerFilm(prompt.purpose, text)
    case .photoPath: return openPhoto(text.asPath)
    }
  }

  /// As far as the paths agree; what they could become is shown where there are several.
  mutating func complete(_ text: String, _ paths: [String]) {
    guard case .prompt(var prompt) = mode, prompt.field.text == text else { return }
    guard let first = paths.first else {
      prompt.complaint = "nothing begins like that"
      mode = .prompt(prompt)
      return
    }
    let common = paths.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
    prompt.complaint = nil
    if common.count > text.count { prompt.field = TextField(common) }
    prompt.candidates =
      paths.count == 1
      ? [] : paths.map { String($0.dropLast($0.hasSuffix("/") ? 1 : 0).split(separator: "/").last ?? "") }
    mode = .prompt(prompt)
  }

  private mutating func answerValue(
    _ prompt: Prompt, _ text: String, _ control: Control, time: Double
  ) -> [Command] {
    switch control {
    case .cutoff where text == "all": return reset(control, time: time)
    case .noiseSeed:
      guard let seed = UInt32(text) else { return complain(prompt, notSeed(text)) }
      return setNoiseSeed(seed, time: time)
    case .mixBorder(let index):
      guard let row = Int(text), (0...mix.rowCount).contains(row) else {
        return complain(prompt, "“\(text)” is not a row from 0 to \(mix.rowCount)")
      }
      return moveBorder(index, to: row, time: time)
    default:
      guard let value = NumberText.parse(text) else {
        return complain(prompt, "“\(text)” is not a number")
      }
      return set(control, to: value, time: time)
    }
  }

  private func notSeed(_ text: String) -> String {
    "“\(text.prefix(24))” is not a whole number from 0 to 4294967295"
  }

  private mutating func complain(_ prompt: Prompt, _ reason: String) -> [Command] {
    var prompt = prompt
    prompt.complaint = reason
    mode = .prompt(prompt)
    return []
  }

  mutating func performInConfirmation(
    _ confirmation: Confirmation, _ action: Action
  ) -> [Command] {
    guard action == .accept || action == .cancel else { return [] }
    mode = .page
    let isYes = action == .accept
    switch confirmation.purpose {
    case .overwrite(let name):
      if isYes {
        return [
          .savePreset(
            name: name, recipe, projection: document.history.projection, replacing: true)
        ]
      }
      mode = .prompt(Prompt(.save, text: name))
      return []
    case .overwriteByRenaming(let name, let other):
      return isYes
        ? [.renamePreset(from: name, to: other, replacing: true)] : [.listPresets]
    case .leavePhoto: return isYes ? leave() : []
    case .delete(let name):
      return isYes ? [.deletePreset(name: name), .listPresets] : [.listPresets]
    }
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }

  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// Why this cannot be a preset's name (and its file's), or nil.
  fileprivate var whyNotName: String? {
    if contains("/") { return "a name cannot contain /" }
    if hasPrefix(".") { return "a name cannot begin with a dot" }
    if utf8.count > 200 { return "a name cannot be that long" }
    return nil
  }
}
