package import Imaging
package import Latents

/// A search for the face of a photo: where it stands, and the nearest face met so far.
package struct PhotoProjection: Hashable, Sendable {
  package enum Stage: Hashable, Sendable {
    case preparing
    case running
    case paused
    case ended(Ending)
  }

  package enum Ending: Hashable, Sendable {
    /// The distance no longer fell.
    case level
    case allSteps
    case stopped
    case failed(String)
  }

  /// The nearest face of a search.
  package struct Find: Hashable, Sendable {
    package var latent: LatentSource
    package var distance: Float
    /// Number of the step that met it, from 1.
    package var step: Int
    /// The square as the search moved it.
    package var crop: PhotoCrop

    package init(latent: LatentSource, distance: Float, step: Int, crop: PhotoCrop) {
      self.latent = latent
      self.distance = distance
      self.step = step
      self.crop = crop
    }
  }

  /// One run: in W, or behind it in W+.
  package struct Run: Hashable, Sendable {
    package var settings: ProjectionSettings
    /// Where it began, a few words.
    package var start = ""
    package var distances: [Float] = []
    package var best: Find?
    /// Distances before this one are of early previews, and no measure for the others.
    package var firstComparable = 0

    package var space: ProjectionSettings.Space { settings.space }
  }

  package var number: Int
  package var stage = Stage.preparing
  /// W first, W+ behind it.
  package var runs: [Run]
  /// The square that is shown as what is to be found.
  package var crop: PhotoCrop
  package var distance: PhotoDistance
  /// As results name it.
  package var features = ""
  package var secondsPerStep: Double?
  /// Changes with every picture of the nearest face; nil before the first.
  package var picture: Int?
  /// Whether the face was taken into the editor.
  package var isTaken = false

  package init(number: Int, order: ProjectionOrder) {
    self.number = number
    crop = order.crop
    distance = order.distance
    runs = [Run(settings: order.settings)]
  }

  package var run: Run { runs[runs.count - 1] }
  package var space: ProjectionSettings.Space { run.space }
  package var steps: Int { run.distances.count }
  package var plannedSteps: Int { run.settings.steps }

  package var isUnderWay: Bool {
    if case .ended = stage { false } else { true }
  }

  /// What would be taken: of the last run that found anything.
  package var best: Find? { runs.last { $0.best != nil }?.best }

  /// The run that found it.
  package var bestRun: Run? { runs.last { $0.best != nil } }

  /// Seconds to go at most.
  package var secondsLeft: Double? {
    secondsPerStep.map { $0 * Double(max(0, plannedSteps - steps)) }
  }

  package var canRefine: Bool {
    !isUnderWay && space == .w && best != nil
  }

  /// Goes on from the nearest face with a w for every row.
  package mutating func refine(number: Int) -> ProjectionOrder? {
    guard canRefine, let best else { return nil }
    self.number = number
    stage = .preparing
    isTaken = false
    var settings = run.settings
    settings.space = .wPlus
    runs.append(Run(settings: settings))
    return ProjectionOrder(
      crop: best.crop, settings: settings, distance: distance, initial: best.latent)
  }

  /// What a preset says of how its face was found.
  package func record(photo sha256: String) -> JSONDocument? {
    guard let run = bestRun, let best = run.best else { return nil }
    return Preset.ProjectionRecord(
      photo: sha256,
      crop: [best.crop.x, best.crop.y, best.crop.size, best.crop.angle].map { Float($0) },
      features: features, settings: run.settings, taken: run.distances.count,
      distance: best.distance
    ).json
  }
}
