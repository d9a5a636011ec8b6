package import Imaging

/// What the photo page has to know. Numbers say which photo or projection is meant: what comes late
/// of an older one is dropped.
package enum PhotoMessage: Hashable, Sendable {
  case opened(Int, PhotoPage.Photo)
  case openingFailed(Int, path: String, reason: String)
  case searched(Int, FaceSearch)
  case searchFailed(Int, String)
  case measured(PhotoDistance, ProjectionPace)
  /// There is no such distance.
  case unmeasured(PhotoDistance, reason: String)
  case prepared(Int, crop: PhotoCrop, start: String, features: String)
  /// It goes on where an earlier one was left.
  case resumed(Int, distances: [Float], firstComparable: Int, best: PhotoProjection.Find?)
  /// - Parameters:
  ///   - best: where this step came nearer than all before
  ///   - secondsPerStep: of the last steps
  case stepped(Int, distance: Float, best: PhotoProjection.Find?, secondsPerStep: Double)
  /// The distances so far are of another measure and count no longer.
  case restarted(Int)
  case ended(Int, PhotoProjection.Ending)
}
