package import Imaging

/// What the photo page has to know. Numbers say which photo or projection is meant: what comes late
/// of an older one is dropped.
package enum PhotoMessage: Hashable, Sendable {
  case opened(Int, PhotoPage.Photo)
  case openingFailed(Int, path: String, reason: String)
  case searched(Int, FaceSearch)
  case searchFailed(Int, String)
  case measured(ProjectionPace)
  case prepared(Int, crop: PhotoCrop, start: String, features: String)
  /// - Parameters:
  ///   - best: where this step came nearer than all before
  ///   - secondsPerStep: of the last steps
  case stepped(Int, distance: Float, best: PhotoProjection.Find?, secondsPerStep: Double)
  /// The distances so far are of another measure and count no longer.
  case restarted(Int)
  case ended(Int, PhotoProjection.Ending)
}
