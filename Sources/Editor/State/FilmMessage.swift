package import Latents

/// What the film page has to know.
package enum FilmMessage: Hashable, Sendable {
  /// The small picture of a keyframe is there.
  case thumbnail(id: Int)
  /// A picture of the playback, so many seconds into the film.
  case played(seconds: Double)
  case playingFailed(String)
  case making(path: String, done: Int, total: Int)
  case made(path: String)
  case makingStopped(path: String, done: Int, total: Int)
  case makingFailed(String)
  case timelineSaved(path: String)
  case timelineOpened(Timeline)
}
