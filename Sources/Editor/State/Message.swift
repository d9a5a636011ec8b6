package import Latents
package import TUI

/// Something the state has to know.
package enum Message: Hashable, Sendable {
  /// - Parameter time: seconds on a clock that only goes forward.
  case input(InputEvent, time: Double)
  case started(TerminalTraits)
  case rendered(RenderReport)
  case renderFailed(request: Int, reason: String)
  case discoveryStarted
  case directionsFound([SliderSpec])
  case discoveryFailed(String)
  case seedDrawn(UInt32)
  case presetsListed([PresetEntry])
  /// - Parameter projection: what it says of the photo it was found in, if it was.
  case presetLoaded(name: String, Recipe, projection: JSONDocument? = nil)
  /// A preset's face for the mix.
  case partnerLoaded(name: String, LatentSource)
  case presetSaved(name: String)
  /// A preset of this name is there; nothing was written.
  case presetExists(name: String)
  case presetRenamed(from: String, to: String)
  /// A preset of the new name is there; nothing was renamed.
  case renameBlocked(from: String, to: String)
  /// An earlier session that did not end by saving.
  case sessionFound(steps: Int)
  case sessionRestored(History, bookmarks: [Recipe])
  case thumbnailLoaded(name: String, Recipe)
  case modelsListed([ModelListing])
  case modelProgress(String)
  case modelFailed(name: String, reason: String)
  /// This model is in use again after another one.
  case cameBack(TerminalTraits)
  /// The paths that begin like this text; folders end with a slash.
  case pathsListed(String, [String])
  case film(FilmMessage)
  case photo(PhotoMessage)
  case failed(String)
}
