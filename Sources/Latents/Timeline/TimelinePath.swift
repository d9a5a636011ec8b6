package import StyleGAN
import Tensors

/// The way of a timeline through the latent space of a model.
package struct TimelinePath: Sendable {
  package let timeline: Timeline
  package let schedule: TimelineSchedule
  private let model: any LatentModel
  /// The ws of each keyframe, [num_ws · w_dim]; with a ψ track those at ψ = 0.
  private let anchors: [[Float]]
  /// What ψ = 1 adds to them; recipes are linear in ψ. Empty without a track.
  private let slopes: [[Float]]
  /// Velocities of the spline at the keyframes, at ψ = 0, and what ψ = 1 adds.
  private let velocities: [[Float]]
  private let velocitySlopes: [[Float]]
  /// How each row goes.
  private let ways: [Interpolation]
  private let sweeps: [(sweep: Sweep, direction: Direction, rows: Range<Int>)]
  /// z and w of the keyframes, where slerp needs them.
  private let seeds: [(z: [Float], face: Latent<WPlus>, classIndex: Int?)]

  /// - Throws: for a timeline that means nothing on that model.
  package init(
    _ timeline: Timeline, model: any LatentModel, directions: DirectionLibrary
  ) throws(TimelineError.Reason) {
    try timeline.validate()
    self.timeline = timeline
    self.model = model
    schedule = TimelineSchedule(timeline)
    let configuration = model.configuration
    if case .loop = timeline.noise, !configuration.hasNoise { throw .noNoise }

    var ways = Array(repeating: timeline.interpolation, count: configuration.numWs)
    for rule in timeline.rowRules {
      guard rule.rows.fits(configuration) else {
        throw .rows(.rowsOutsideModel(rule.rows, rows: configuration.numWs))
      }
      for row in rule.rows.rows(in: configuration) { ways[row] = rule.interpolation }
    }
    self.ways = ways

    var cache = LatentCache()
    var anchors: [[Float]] = []
    var slopes: [[Float]] = []
    for (index, keyframe) in timeline.keyframes.enumerated() {
      do throws(LatentError) {
        var recipe = keyframe.recipe
        if timeline.psi != nil { recipe.truncation.psi = 0 }
        let low = try recipe.ws(model: model, directions: directions, cache: &cache).values
        anchors.append(low)
        guard timeline.psi != nil else { continue }
        recipe.truncation.psi = 1
        let high = try recipe.ws(model: model, directions: directions, cache: &cache).values
        slopes.append(zip(high, low).map { $0 - $1 })
      } catch {
        throw .recipe(keyframe: index + 1, name: keyframe.name, error)
      }
    }
    self.anchors = anchors
    self.slopes = slopes
    if ways.contains(.spline), anchors.count > 1 {
      velocities = TimelinePath.velocities(anchors, timeline)
      velocitySlopes = slopes.isEmpty ? [] : TimelinePath.velocities(slopes, timeline)
    } else {
      velocities = []
      velocitySlopes = []
    }

    var sweeps: [(Sweep, Direction, Range<Int>)] = []
    for sweep in timeline.sweeps {
      guard let direction = directions[sweep.direction] else {
        throw .sweep(.unknownDirection(sweep.direction, known: directions.names))
      }
      guard direction.space != .z else { throw .sweepOfZ(direction: direction.name) }
      do throws(LatentError) { try direction.validate(for: configuration) } catch {
        throw .sweep(error)
      }
      let rows = sweep.rows ?? direction.rows
      guard rows.fits(configuration) else {
        throw .sweep(.rowsOutsideModel(rows, rows: configuration.numWs))
      }
      sweeps.append((sweep, direction, rows.rows(in: configuration)))
    }
    self.sweeps = sweeps
    seeds =
      ways.contains(.slerp) && anchors.count > 1
      ? try TimelinePath.seeds(timeline, model, &cache) : []
  }

  /// What the generator gets for one frame.
  package struct Frame: Hashable, Sendable {
    /// [num_ws · w_dim]
    package let ws: [Float]
    package let noise: NoiseMode

    package init(ws: [Float], noise: NoiseMode) {
      self.ws = ws
      self.noise = noise
    }
  }

  /// - Parameters:
  ///   - time: seconds on the schedule.
  ///   - turn: the share 0…1 of the film, by which looping noise turns.
  package func frame(at time: Double, turn: Double) -> Frame {
    Frame(ws: ws(at: time), noise: noise(at: turn))
  }

  private func noise(at turn: Double) -> NoiseMode {
    switch timeline.noise {
    case .const: .const
    case .none: .none
    case .random(let seed): .random(seed: seed)
    case .loop(let seed): .turning(NoiseCircle(seed: seed), share: turn)
    }
  }

  /// The input of the synthesis network at a time of the schedule, [num_ws · w_dim].
  package func ws(at time: Double) -> [Float] {
    let share = schedule.length > 0 ? time / schedule.length : 0
    let psi = timeline.psi.map { $0.value(at: share, isLoop: timeline.isLoop) }
    var values: [Float]
    if let (piece, t) = schedule.place(at: time), let next = piece.next {
      let eased = (timeline.keyframes[piece.keyframe].easing ?? timeline.easing)(t)
      values = between(piece, next, eased, psi)
    } else {
      values = anchor(schedule.place(at: time)?.piece.keyframe ?? 0, psi)
      stay(&values, psi)
    }
    guard !sweeps.isEmpty else { return values }
    var face = Latent<WPlus>(values, rows: model.configuration.numWs)
    for (sweep, direction, rows) in sweeps {
      let strength = sweep.track.value(at: share, isLoop: timeline.isLoop)
      guard direction.moves(by: strength) else { continue }
      face.move(along: direction, by: strength, rows: rows)
    }
    return face.values
  }

  // MARK: Between keyframes

  private func anchor(_ index: Int, _ psi: Float?) -> [Float] {
    guard let psi, !slopes.isEmpty else { return anchors[index] }
    return zip(anchors[index], slopes[index]).map { $0 + psi * $1 }
  }

  private func velocity(_ index: Int, _ psi: Float?) -> [Float] {
    guard let psi, !velocitySlopes.isEmpty else { return velocities[index] }
    return zip(velocities[index], velocitySlopes[index]).map { $0 + psi * $1 }
  }

  /// Rows that never move are those of the first keyframe.
  private func stay(_ values: inout [Float], _ psi: Float?) {
    guard ways.contains(.still) else { return }
    let first = anchor(0, psi)
    let width = model.configuration.wDim
    for (row, way) in ways.enumerated() where way == .still {
      let range = row * width..<(row + 1) * width
      values.replaceSubrange(range, with: first[range])
    }
  }

  private func between(
    _ piece: TimelineSchedule.Piece, _ next: Int, _ t: Double, _ psi: Float?
  ) -> [Float] {
    let (a, b) = (anchor(piece.keyframe, psi), anchor(next, psi))
    if t == 0 || t == 1 {
      // Keyframes are met to the last bit.
      var values = t == 0 ? a : b
      stay(&values, psi)
      return values
    }
    var values = zip(a, b).map { lerp($0, $1, Float(t)) }
    let width = model.configuration.wDim
    if ways.contains(.spline) {
      let curve = spline(a, b, piece, next, t, psi)
      for (row, way) in ways.enumerated() where way == .spline {
        let range = row * width..<(row + 1) * width
        values.replaceSubrange(range, with: curve[range])
      }
    }
    if ways.contains(.slerp) {
      let curve = slerp(a, b, piece.keyframe, next, t, psi)
      for (row, way) in ways.enumerated() where way == .slerp {
        let range = row * width..<(row + 1) * width
        values.replaceSubrange(range, with: curve[range])
      }
    }
    stay(&values, psi)
    return values
  }

  /// Cubic Hermite.
  private func spline(
    _ a: [Float], _ b: [Float], _ piece: TimelineSchedule.Piece, _ next: Int, _ t: Double,
    _ psi: Float?
  ) -> [Float] {
    let (va, vb) = (velocity(piece.keyframe, psi), velocity(next, psi))
    let seconds = piece.end - piece.start
    let (t2, t3) = (t * t, t * t * t)
    let h00 = Float(2 * t3 - 3 * t2 + 1)
    let h10 = Float((t3 - 2 * t2 + t) * seconds)
    let h01 = Float(3 * t2 - 2 * t3)
    let h11 = Float((t3 - t2) * seconds)
    return a.indices.map { h00 * a[$0] + h10 * va[$0] + h01 * b[$0] + h11 * vb[$0] }
  }

  /// The velocity of the parabola through each keyframe and its neighbours; none at the ends of an
  /// open film's curve other than towards the neighbour, and none where the film holds.
  private static func velocities(_ points: [[Float]], _ timeline: Timeline) -> [[Float]] {
    let count = points.count
    func seconds(_ index: Int) -> Float {
      Float(max(timeline.keyframes[index].duration, 1e-6))
    }
    func slope(_ index: Int) -> [Float] {
      let (a, b, time) = (points[index], points[(index + 1) % count], seconds(index))
      return zip(a, b).map { ($1 - $0) / time }
    }
    return (0..<count).map { index in
      if timeline.keyframes[index].hold > 0 { return Array(repeating: 0, count: points[0].count) }
      let (isFirst, isLast) = (index == 0, index + 1 == count)
      if !timeline.isLoop, isFirst || isLast { return slope(isFirst ? 0 : index - 1) }
      let before = (index + count - 1) % count
      let (d0, d1) = (seconds(before), seconds(index))
      return zip(slope(before), slope(index)).map { ($0 * d1 + $1 * d0) / (d0 + d1) }
    }
  }

  // MARK: Z

  private static func seeds(
    _ timeline: Timeline, _ model: any LatentModel, _ cache: inout LatentCache
  ) throws(TimelineError.Reason) -> [(z: [Float], face: Latent<WPlus>, classIndex: Int?)] {
    var seeds: [(z: [Float], face: Latent<WPlus>, classIndex: Int?)] = []
    for (index, keyframe) in timeline.keyframes.enumerated() {
      guard case .seed(let seed, let classIndex) = keyframe.recipe.latent else {
        throw .noZ(keyframe: index + 1, name: keyframe.name)
      }
      if let first = seeds.first, first.classIndex ?? 0 != classIndex ?? 0 {
        throw .classes(keyframe: index + 1, name: keyframe.name)
      }
      do throws(LatentError) {
        let w = try cache.w(seed: seed, classIndex: classIndex, model: model)
        let z = Latent<Z>(seed: seed, dimension: model.configuration.zDim).values
        seeds.append((z, w.broadcast(rows: model.configuration.numWs), classIndex))
      } catch {
        throw .recipe(keyframe: index + 1, name: keyframe.name, error)
      }
    }
    return seeds
  }

  /// The w of a z on the great circle, truncated as the keyframes are, and what mixing and edits
  /// add to them.
  private func slerp(
    _ a: [Float], _ b: [Float], _ index: Int, _ next: Int, _ t: Double, _ psi: Float?
  ) -> [Float] {
    let configuration = model.configuration
    let z = greatCircle(seeds[index].z, seeds[next].z, t)
    let classes = configuration.cDim > 0 ? [seeds[index].classIndex ?? 0] : nil
    let w = Latent<W>(
      model.map(z: Tensor(z, shape: [1, configuration.zDim]), classIndices: classes).values)
    let average = Latent<W>(model.wAverage.values)
    func truncated(_ w: Latent<W>, _ keyframe: Int) -> [Float] {
      var truncation = timeline.keyframes[keyframe].recipe.truncation
      if let psi { truncation.psi = psi }
      return truncation.apply(to: w, average: average, rows: configuration.numWs).values
    }
    let (from, to) = (truncated(w, index), truncated(w, next))
    let (plainA, plainB) = (
      truncated(Latent<W>(Array(seeds[index].face[row: 0])), index),
      truncated(Latent<W>(Array(seeds[next].face[row: 0])), next)
    )
    return a.indices.map { i in
      lerp(from[i], to[i], Float(t)) + lerp(a[i] - plainA[i], b[i] - plainB[i], Float(t))
    }
  }
}
