package import Latents

/// A picture to be made. Of each subject only the newest request counts.
package struct RenderRequest: Hashable, Sendable {
  package enum Subject: Hashable, Sendable, CaseIterable {
    /// The picture being edited.
    case current
    /// What it is compared with.
    case reference
    /// A preset in the list, at most `RenderRequest.thumbnailSide` pixels a side.
    case thumbnail
  }
  package static let thumbnailSide = 128

  /// Larger for newer requests.
  package var number: Int
  package var subject: Subject
  package var recipe: Recipe
  /// Whether a hand is moving something: then a small picture comes at once and the full one when
  /// no newer request has come for a while.
  package var isMoving: Bool

  package init(number: Int, subject: Subject, recipe: Recipe, isMoving: Bool) {
    self.number = number
    self.subject = subject
    self.recipe = recipe
    self.isMoving = isMoving
  }
}

/// What there is to say about a finished picture.
package struct RenderReport: Hashable, Sendable {
  package var request: Int
  package var subject: RenderRequest.Subject
  /// Pixels a side.
  package var resolution: Int
  package var isFull: Bool
  /// Whether this is how it stays: no better picture of the same request follows.
  package var isSettled: Bool
  /// Whether the pixels differ from those of the report before.
  package var isNewPicture: Bool
  /// From ws to pixels, in seconds.
  package var seconds: Double
  /// Root mean square over the rows of ‖w − w̄‖.
  package var distance: Float

  package init(
    request: Int, subject: RenderRequest.Subject, resolution: Int, isFull: Bool, isSettled: Bool,
    isNewPicture: Bool = true, seconds: Double, distance: Float
  ) {
    self.request = request
    self.subject = subject
    self.resolution = resolution
    self.isFull = isFull
    self.isSettled = isSettled
    self.isNewPicture = isNewPicture
    self.seconds = seconds
    self.distance = distance
  }
}
