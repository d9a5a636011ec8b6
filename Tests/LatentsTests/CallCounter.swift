import Synchronization

/// How often something was called.
final class CallCounter: Sendable {
  private let calls = Atomic(0)
  var count: Int { calls.load(ordering: .relaxed) }
  func increment() { calls.add(1, ordering: .relaxed) }
}
