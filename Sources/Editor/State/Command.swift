package import Latents

/// Something the program has to do outside the state.
package enum Command: Hashable, Sendable {
  case render(RenderRequest)
  case drawSeed
  case listPresets
  case loadPreset(name: String)
  case loadPartner(name: String)
  /// - Parameter projection: what its file says of the photo it was found in, if it was.
  case savePreset(name: String, Recipe, projection: JSONDocument? = nil, replacing: Bool)
  case renamePreset(from: String, to: String, replacing: Bool)
  case deletePreset(name: String)
  case write([JournalRecord])
  /// The session ended with nothing unsaved.
  case discardJournal
  case restoreSession
  case discover
  /// The recipe of a preset, for its small picture.
  case loadThumbnail(name: String)
  case listModels
  /// Instead of any that is being loaded.
  case loadModel(ModelListing)
  case stopLoadingModel
  case filmThumbnail(id: Int, Recipe)
  case playFilm(Timeline)
  case stopPlaying
  case makeFilm(Timeline, path: String)
  case stopMaking
  case saveTimeline(Timeline, path: String)
  case openTimeline(path: String)
  /// The paths that begin like this one.
  case listPaths(String)
  /// Instead of any photo that is being read.
  case openPhoto(number: Int, path: String)
  case measureProjection(PhotoDistance)
  /// Instead of any that is under way.
  case project(number: Int, ProjectionOrder)
  case pauseProjection(Bool)
  /// What was found stays.
  case stopProjection
}
