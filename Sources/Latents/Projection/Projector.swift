package import NN
package import Tensors

/// A projection under way: finds the latent whose picture is nearest to a photo, step by step
/// (StyleGAN2 paper, appendix D; numerics: projector). The caller owns the loop.
///
/// A value: a copy taken at any step goes on exactly as the original, and so does one restored from
/// a file (`ProjectionFile`).
package struct Projector: Sendable {
  /// What a step saw, before it moved on.
  package struct Progress: Sendable {
    /// Number of the step, from 0.
    package var step: Int
    /// Σ (φ(target) − φ(picture))².
    package var distance: Float
    /// `distance` and the weighted regularisation of noise maps.
    package var loss: Float
    /// [C, R, R]
    package var picture: Tensor
    /// Whether no step before came as near.
    package var isBest: Bool
  }

  /// The nearest latent met so far.
  package struct Best: Sendable {
    /// [num_ws, w_dim]
    package var ws: Tensor
    package var noise: [Tensor]
    package var distance: Float
    package var step: Int
    /// How the picture lies in the target, [4], where the crop is refined.
    package var pose: Tensor?

    package init(ws: Tensor, noise: [Tensor], distance: Float, step: Int, pose: Tensor? = nil) {
      self.ws = ws
      self.noise = noise
      self.distance = distance
      self.step = step
      self.pose = pose
    }
  }

  /// How far the crop may be moved, scaled and turned from where it was given: half sides, log scale,
  /// radians.
  package static let trust: [Float] = [0.25, 0.25, 0.15, 0.2]

  package let settings: ProjectionSettings
  package let start: ProjectionStart
  private let rows: Int
  private let objective: any ProjectionObjective
  private let early: (any ProjectionObjective)?
  private let draws: ProjectionDraws
  /// [w_dim] in W, [num_ws, w_dim] in W+.
  package internal(set) var w: Tensor
  /// The map of every noise input, [r, r].
  package internal(set) var noise: [Tensor]
  package internal(set) var optimizer: Adam
  /// How the picture lies in the target, [4] (`SimilarityResampling`); nil where the crop is fixed.
  package internal(set) var pose: Tensor?
  package internal(set) var poseOptimizer: Adam
  /// Where w and pose began, how far they are from there in the coordinates searched in, and the
  /// search.
  private let origin: (w: Tensor, pose: Tensor?)
  package internal(set) var offset: [Float]
  package internal(set) var search = QuasiNewton()
  package internal(set) var completedSteps = 0
  package internal(set) var best: Best?
  /// The distance of every step.
  package private(set) var distances: [Float] = []
  package private(set) var schedule: ProjectionSchedule

  /// - Parameters:
  ///   - rows: the model's num_ws
  ///   - storedNoise: the model's noise maps; optimised ones get their shapes
  ///   - initial: ws to begin at, [num_ws, w_dim]; the mean of W where nil
  ///   - early: what the first steps lower, of early previews; their distances are no measure for
  ///     the others, so the best begins anew behind them
  ///   - pose: to begin at, [4], where the crop is refined; as it is where nil
  package init(
    _ objective: any ProjectionObjective, rows: Int, storedNoise: [Tensor],
    start: ProjectionStart, settings: ProjectionSettings, initial: Tensor? = nil,
    early: (any ProjectionObjective)? = nil, pose: Tensor? = nil, draws: ProjectionDraws? = nil
  ) {
    self.objective = objective
    self.early = early
    self.rows = rows
    self.start = start
    // A search needs something to search in, and can do nothing about noise.
    var settings = settings
    if settings.noiseMaps == .optimised || start.components == nil { settings.search = .adam }
    self.settings = settings
    self.draws = draws ?? .seeded(settings.seed)
    schedule = ProjectionSchedule(settings, measuredFrom: early == nil ? 0 : settings.earlySteps)
    let width = start.mean.count
    let all = initial ?? Self.repeated(start.mean, rows: rows)
    precondition(all.shape == [rows, width], "initial ws \(all.shape)")
    switch settings.space {
    case .w:
      w = (all.summed(to: [1, width]) * (1 / Float(rows))).reshaped([width])
      if initial == nil { w = start.mean }
    case .wPlus: w = all
    }
    noise =
      settings.noiseMaps == .optimised
      ? self.draws.maps(storedNoise.map(\.shape)) : storedNoise
    let optimised = settings.noiseMaps == .optimised ? noise.map(\.shape) : []
    optimizer = Adam(shapes: [w.shape] + optimised, beta2: settings.secondDecay)
    self.pose = settings.crop == .refined ? pose ?? Tensor(zeros: [4]) : nil
    poseOptimizer = Adam(shapes: [[4]], beta2: settings.secondDecay)
    origin = (w, self.pose)
    offset = [Float](repeating: 0, count: w.count + (self.pose == nil ? 0 : 4))
  }

  /// Whether steps are those of a search and not of Adam.
  var searches: Bool {
    settings.search == .quasiNewton
  }

  package var isFinished: Bool { completedSteps >= schedule.end }

  /// Whether it ends, or ended, before the last of its steps because the distance was level.
  package var hasLevelledOff: Bool { schedule.isShortened }

  package var featureName: String { objective.featureName }

  private static func repeated(_ w: Tensor, rows: Int) -> Tensor {
    Tensor.applying(Broadcast(to: [rows, w.count]), to: w.reshaped([1, w.count]))
  }

  /// The latent as it stands, [num_ws, w_dim], without the noise of a step.
  package var ws: Tensor { settings.space == .w ? Self.repeated(w, rows: rows) : w }

  /// Evaluates, and moves w and the noise maps.
  /// - Precondition: not finished.
  package mutating func step() -> Progress {
    precondition(!isFinished, "a projection of \(settings.steps) steps has had them all")
    let step = completedSteps
    let amplitude = Float(start.spread * settings.noiseAmplitude(atStep: step))
    let jitter = draws.latentNoise(step, w.count)
    let moved = w + Tensor(jitter, shape: w.shape) * amplitude
    let ws = settings.space == .w ? Self.repeated(moved, rows: rows) : moved

    let optimisesNoise = settings.noiseMaps == .optimised
    let isEarly = step < settings.earlySteps
    if step == settings.earlySteps, early != nil {
      best = nil
      search = QuasiNewton()
    }
    let objective = isEarly ? early ?? objective : objective
    let found = objective.evaluate(ws: ws, noise: noise, pose: pose, wantsNoise: optimisesNoise)
    var loss = found.distance
    let wGradient =
      settings.space == .w
      ? found.wsGradient.summed(to: [1, w.count]).reshaped([w.count]) : found.wsGradient

    let prior = searches ? self.prior() : nil
    if let prior { loss += prior.loss }
    // A search goes down in its loss, and its last good point has the least so far.
    let least = searches ? search.anchor?.value : best?.distance
    let isBest = loss.isFinite && (searches ? loss : found.distance) < least ?? .infinity
    if isBest {
      best = Best(ws: ws, noise: noise, distance: found.distance, step: step, pose: pose)
    }
    if let prior {
      move(by: wGradient, found.poseGradient, prior.gradient, loss: loss)
      return finishStep(found, loss: loss, isBest: isBest)
    }
    let components = settings.coordinates == .components ? start.components : nil
    // In components Adam makes a step from 0, which is then carried over to w.
    var values = [components == nil ? w : Tensor(zeros: w.shape)]
    var gradients = [components.map { Self.product(wGradient, $0, transposed: false) } ?? wGradient]
    if optimisesNoise {
      let maps = noise.map(\.variable)
      let regularisation = NoiseRegularisation.loss(maps) * settings.noiseRegularisation
      loss += regularisation.scalar
      let pull = Tensor.gradients(of: regularisation, withRespectTo: maps)
      values += noise
      gradients += zip(found.noiseGradients, pull).map { $0 + $1 }
    }
    let rate = schedule.learningRate(atStep: step)
    optimizer.update(&values, gradients: gradients, learningRate: rate)
    w = components.map { w + Self.product(values[0], $0, transposed: true) } ?? values[0]
    if let ofPose = found.poseGradient {
      movePose(ofPose, share: rate / Float(settings.learningRate))
    }
    if optimisesNoise { noise = values.dropFirst().map(NoiseRegularisation.normalized) }
    return finishStep(found, loss: loss, isBest: isBest)
  }

  private mutating func finishStep(
    _ found: ProjectionEvaluation, loss: Float, isBest: Bool
  ) -> Progress {
    record(found.distance)
    completedSteps += 1
    return Progress(
      step: completedSteps - 1, distance: found.distance, loss: loss, picture: found.picture,
      isBest: isBest)
  }

  /// The search's next point, in components and units of the crop.
  private mutating func move(
    by wGradient: Tensor, _ ofPose: Tensor?, _ ofPrior: [Float], loss: Float
  ) {
    guard let components = start.components else { return }
    var gradient = zip(
      Self.product(wGradient, components, transposed: false).values, ofPrior
    ).map { $0 + $1 }
    if let ofPose, let pose {
      // At the edge of trust there is no way further out.
      gradient += zip(zip(ofPose.values, pose.values), Self.trust).map { place, limit in
        abs(place.1) >= limit && place.0 * place.1 < 0 ? 0 : place.0 * settings.cropUnit
      }
    }
    offset = search.next(after: offset, value: loss, gradient: gradient)
    let moved = Tensor(Array(offset.prefix(w.count)), shape: w.shape)
    w = origin.w + Self.product(moved, components, transposed: true)
    if let from = origin.pose?.values {
      let pose = Self.trusted(zip(from, offset.suffix(4)).map { $0 + $1 * settings.cropUnit })
      offset.replaceSubrange(
        w.count..., with: zip(pose.values, from).map { ($0 - $1) / settings.cropUnit })
      self.pose = pose
    }
  }

  /// What the prior takes for where w is, and its gradient in components.
  private func prior() -> (loss: Float, gradient: [Float]) {
    guard let components = start.components else { return (0, []) }
    let width = start.mean.count
    var squares = [Float](repeating: 0, count: width)
    for (index, value) in components.values.enumerated() { squares[index % width] += value * value }
    let mean = settings.space == .w ? start.mean : Self.repeated(start.mean, rows: rows)
    let along = Self.product(w - mean, components, transposed: false).values
    let factor = settings.prior * Float(width) / Float(w.count)
    var loss: Float = 0
    let gradient = along.enumerated().map { index, value in
      let deviations = squares[index % width] > 0 ? value / squares[index % width] : 0
      loss += factor * deviations * deviations
      return 2 * factor * deviations
    }
    return (loss, gradient)
  }

  private static func trusted(_ pose: [Float]) -> Tensor {
    Tensor(zip(pose, trust).map { min(max($0, -$1), $1) }, shape: [4])
  }

  /// Notes the distance of a step, the next in order.
  mutating func record(_ distance: Float) {
    distances.append(distance)
    schedule.look(at: distances)
  }

  /// Rows times a matrix, or its transpose.
  private static func product(_ rows: Tensor, _ matrix: Tensor, transposed: Bool) -> Tensor {
    let width = matrix.shape[0]
    return Tensor.applying(
      MatrixProduct(transposesSecond: transposed), to: rows.reshaped([rows.count / width, width]),
      matrix
    ).reshaped(rows.shape)
  }

  /// - Parameter share: of the full learning rate
  private mutating func movePose(_ gradient: Tensor, share: Float) {
    guard let pose else { return }
    var values = [pose]
    poseOptimizer.update(
      &values, gradients: [gradient], learningRate: Float(settings.cropLearningRate) * share)
    self.pose = Self.trusted(values[0].values)
  }
}
