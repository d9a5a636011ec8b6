/// How a transition spends its time.
package enum Easing: String, Hashable, Sendable, CaseIterable {
  case none
  /// Starts slowly.
  case `in`
  /// Ends slowly.
  case out
  /// Both.
  case inOut = "in-out"

  /// The share of the way after a share of the time, both 0…1; 0 and 1 stay what they are.
  package func callAsFunction(_ t: Double) -> Double {
    switch self {
    case .none: t
    case .in: t * t * (2 - t)
    case .out: 1 - (1 - t) * (1 - t) * (1 + t)
    // Hermite: still at both ends.
    case .inOut: t * t * (3 - 2 * t)
    }
  }
}
