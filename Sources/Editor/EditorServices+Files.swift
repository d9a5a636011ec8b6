package import Latents

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension EditorServices {
  /// Presets and journals in files, as the program runs.
  /// - Parameters:
  ///   - presets: the user's own.
  ///   - bundled: those that come with the program; a user's preset of the same name hides one.
  ///   - journals: folder of the journals.
  ///   - model: the model being edited; presets of others are listed but cannot be used.
  package static func files(
    presets: PresetLibrary, bundled: [Preset], journals: String, model: ModelReference
  ) -> EditorServices {
    let journal = JournalFolder(folder: journals, name: sessionName(model), model: model)
    let start = ContinuousClock.now
    return EditorServices(
      clock: { (ContinuousClock.now - start).inSeconds },
      randomSeed: {
        var random = SystemRandomNumberGenerator()
        // Short enough to remember and to type.
        return UInt32.random(in: 0..<1_000_000, using: &random)
      },
      listPresets: { entries(presets, bundled, model) },
      loadPreset: { name in
        let preset =
          try presets.list().contains { $0.name == name }
          ? presets.load(name) : bundled.first { $0.name == name } ?? presets.load(name)
        try preset.requireModel(model)
        return preset
      },
      savePreset: { preset, replacing in
        var preset = preset
        do {
          // What an existing preset says besides the recipe is kept.
          if replacing, var old = try? presets.load(preset.name) {
            old.recipe = preset.recipe
            old.model = preset.model
            old.projection = preset.projection
            preset = old
          }
          try presets.save(preset, overwriting: replacing)
          return .done
        } catch let error as PresetError where error.isNameTaken { return .exists }
      },
      renamePreset: { name, newName, replacing in
        do {
          if replacing { try presets.delete(newName) }
          try presets.rename(name, to: newName)
          return .done
        } catch let error as PresetError where error.isNameTaken { return .exists }
      },
      deletePreset: { try presets.delete($0) },
      writeJournal: { try journal.append($0) },
      discardJournal: { journal.discard() },
      findSession: { journal.findSession() },
      restoreSession: { journal.restoreSession() })
  }

  /// `00001779300000-4242-ab12cd34`: when, which process, and which model, as a process can work
  /// with several.
  private static func sessionName(_ model: ModelReference) -> String {
    let seconds = String(max(0, time(nil)))
    return String(repeating: "0", count: max(0, 14 - seconds.count)) + seconds + "-\(getpid())"
      + (model.sha256.map { "-" + $0.prefix(8) } ?? "")
  }

  private static func entries(
    _ presets: PresetLibrary, _ bundled: [Preset], _ model: ModelReference
  ) -> [PresetEntry] {
    let own = presets.list().map { entry in
      switch entry.preset {
      case .success(let preset): PresetEntry(preset, for: model)
      case .failure: PresetEntry(name: entry.name, detail: "cannot be read", isUsable: false)
      }
    }
    let names = Set(own.map(\.name))
    let others = bundled.filter { !names.contains($0.name) }.map { preset in
      var entry = PresetEntry(preset, for: model)
      entry.isBuiltIn = true
      return entry
    }
    return own + others
  }
}

extension PresetEntry {
  /// `seed 42 · 3 edits · mix`, or which model it is for.
  package init(_ preset: Preset, for model: ModelReference) {
    guard preset.model.matches(model) else {
      self.init(name: preset.name, detail: "for \(preset.model.name)", isUsable: false)
      return
    }
    var parts = [preset.recipe.latent.summary]
    let edits = preset.recipe.edits.count
    if edits > 0 { parts.append("\(edits) edit\(edits == 1 ? "" : "s")") }
    if !preset.recipe.mix.isEmpty { parts.append("mix") }
    self.init(name: preset.name, detail: parts.joined(separator: " · "))
  }
}

extension PresetError {
  fileprivate var isNameTaken: Bool {
    if case .exists = reason { true } else { false }
  }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
