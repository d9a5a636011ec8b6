/// How a generator takes the fastest way on the machine it runs on.
extension Generator {
  /// Carries every layer out as `plan` says. Where the plan does not know a layer's shape, measures
  /// its candidates, the layers that take longest first, until `budget` is used up; what was found
  /// is added to the plan.
  /// - Returns: whether anything was measured.
  @discardableResult package func adopt(
    _ plan: inout SynthesisPlan, budget: Duration = .zero
  ) -> Bool {
    fused?.adopt(&plan, budget: budget) ?? false
  }
}
