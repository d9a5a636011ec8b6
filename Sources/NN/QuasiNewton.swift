/// L-BFGS (Liu and Nocedal 1989) for a function whose value and gradient come at a price: every
/// evaluation is used, none is only for a line search that went well.
///
/// It names a point, is told value and gradient there, and names the next: by the curvature that the
/// last `memory` moves have shown where the value fell enough (Armijo's condition), else on the way
/// back to the last good point.
package struct QuasiNewton: Sendable, Equatable {
  /// A move between good points, and by how much the gradient changed with it.
  package struct Move: Sendable, Equatable {
    package var step: [Float]
    package var change: [Float]

    package init(step: [Float], change: [Float]) {
      self.step = step
      self.change = change
    }
  }

  /// The last point where the value had fallen enough, and the way tried from there.
  package struct Anchor: Sendable, Equatable {
    package var point: [Float]
    package var gradient: [Float]
    package var direction: [Float]
    package var value: Float
    /// How much of the direction was tried last.
    package var share: Float

    package init(
      point: [Float], gradient: [Float], direction: [Float], value: Float, share: Float
    ) {
      self.point = point
      self.gradient = gradient
      self.direction = direction
      self.value = value
      self.share = share
    }
  }

  package private(set) var moves: [Move]
  package private(set) var anchor: Anchor?
  private let memory: Int
  /// No coordinate goes further in one step; the first one goes a fifth as far.
  private let reach: Float

  package init(
    memory: Int = 30, reach: Float = 0.5, moves: [Move] = [], anchor: Anchor? = nil
  ) {
    self.memory = memory
    self.reach = reach
    self.moves = moves
    self.anchor = anchor
  }

  /// - Parameter point: the one named last, or where it begins
  /// - Returns: the point to evaluate next
  package mutating func next(after point: [Float], value: Float, gradient: [Float]) -> [Float] {
    if let last = anchor {
      let slope = Self.dot(last.gradient, last.direction)
      let enough = Double(last.value) + 1e-4 * Double(last.share) * slope
      guard value.isFinite, Double(value) <= enough else {
        return retreat(from: last, value: value, slope: slope)
      }
      let step = zip(point, last.point).map { $0 - $1 }
      let change = zip(gradient, last.gradient).map { $0 - $1 }
      let curvature = Self.dot(step, change)
      if curvature > 1e-10 * Self.dot(change, change) {
        moves.append(Move(step: step, change: change))
        if moves.count > memory { moves.removeFirst() }
      }
    }
    var direction = self.direction(gradient)
    if Self.dot(direction, gradient) >= 0 {
      moves = []
      direction = gradient.map { -$0 }
    }
    let largest = direction.reduce(0) { max($0, abs($1)) }
    let limit = moves.isEmpty ? reach / 5 : reach
    if moves.isEmpty || largest > limit {
      direction = direction.map { $0 * (limit / max(largest, 1e-30)) }
    }
    anchor = Anchor(
      point: point, gradient: gradient, direction: direction, value: value, share: 1)
    return zip(point, direction).map { $0 + $1 }
  }

  /// A shorter share of the same direction: where a parabola through what is known has its bottom.
  private mutating func retreat(from last: Anchor, value: Float, slope: Double) -> [Float] {
    let share = Double(last.share)
    let rise = Double(value) - Double(last.value) - slope * share
    let bottom = rise > 0 && rise.isFinite ? -slope * share * share / (2 * rise) : 0
    let shorter = Float(min(max(bottom, 0.1 * share), 0.5 * share))
    anchor?.share = shorter
    return zip(last.point, last.direction).map { $0 + shorter * $1 }
  }

  /// The inverse of the curvature that the moves have shown, times −gradient (two loops).
  private func direction(_ gradient: [Float]) -> [Float] {
    var q = gradient.map { Double($0) }
    var shares: [Double] = []
    for move in moves.reversed() {
      let share = Self.dot(move.step, q) / Self.dot(move.step, move.change)
      for i in q.indices { q[i] -= share * Double(move.change[i]) }
      shares.append(share)
    }
    if let last = moves.last {
      let scale = Self.dot(last.step, last.change) / Self.dot(last.change, last.change)
      for i in q.indices { q[i] *= scale }
    }
    for (move, share) in zip(moves, shares.reversed()) {
      let back = Self.dot(move.change, q) / Self.dot(move.step, move.change)
      for i in q.indices { q[i] += (share - back) * Double(move.step[i]) }
    }
    return q.map { Float(-$0) }
  }

  private static func dot(_ a: [Float], _ b: [Float]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += Double(a[i]) * Double(b[i]) }
    return sum
  }

  private static func dot(_ a: [Float], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += Double(a[i]) * b[i] }
    return sum
  }
}
