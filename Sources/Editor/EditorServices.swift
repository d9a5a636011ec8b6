package import Latents

/// Everything outside that the editor uses, so that tests can put something else in its place. The
/// closures are called on the editor's thread; errors are shown by their description.
package struct EditorServices: Sendable {
  package enum Outcome: Hashable, Sendable {
    case done
    /// The name is taken; nothing was written.
    case exists
  }

  /// Seconds, only going forward.
  package var clock: @Sendable () -> Double
  package var randomSeed: @Sendable () -> UInt32
  package var listPresets: @Sendable () -> [PresetEntry]
  package var loadPreset: @Sendable (_ name: String) throws -> Preset
  package var savePreset: @Sendable (_ preset: Preset, _ replacing: Bool) throws -> Outcome
  package var renamePreset:
    @Sendable (_ name: String, _ newName: String, _ replacing: Bool) throws -> Outcome
  package var deletePreset: @Sendable (_ name: String) throws -> Void
  package var writeJournal: @Sendable ([JournalRecord]) throws -> Void
  package var discardJournal: @Sendable () -> Void
  package var findSession: @Sendable () -> JournalReplay?
  package var restoreSession: @Sendable () -> JournalReplay?

  package init(
    clock: @escaping @Sendable () -> Double, randomSeed: @escaping @Sendable () -> UInt32,
    listPresets: @escaping @Sendable () -> [PresetEntry],
    loadPreset: @escaping @Sendable (String) throws -> Preset,
    savePreset: @escaping @Sendable (Preset, Bool) throws -> Outcome,
    renamePreset: @escaping @Sendable (String, String, Bool) throws -> Outcome,
    deletePreset: @escaping @Sendable (String) throws -> Void,
    writeJournal: @escaping @Sendable ([JournalRecord]) throws -> Void,
    discardJournal: @escaping @Sendable () -> Void,
    findSession: @escaping @Sendable () -> JournalReplay?,
    restoreSession: @escaping @Sendable () -> JournalReplay?
  ) {
    self.clock = clock
    self.randomSeed = randomSeed
    self.listPresets = listPresets
    self.loadPreset = loadPreset
    self.savePreset = savePreset
    self.renamePreset = renamePreset
    self.deletePreset = deletePreset
    self.writeJournal = writeJournal
    self.discardJournal = discardJournal
    self.findSession = findSession
    self.restoreSession = restoreSession
  }
}
