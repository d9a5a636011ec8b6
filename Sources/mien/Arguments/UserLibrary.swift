import Files
import FoundationEssentials
import Latents

extension PresetLibrary {
  /// The presets of the person at the keyboard.
  static var ofUser: PresetLibrary { PresetLibrary(folder: StandardFolders.ofUser.presets) }
}

extension StandardFolders {
  static var ofUser: StandardFolders {
    StandardFolders(environment: ProcessInfo.processInfo.environment)
  }
}
