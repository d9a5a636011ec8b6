/// Which share of a film one of several processes makes.
package struct Shard: Hashable, Sendable, CustomStringConvertible {
  /// From 1.
  package let number: Int
  package let count: Int
  /// What said so, in words; nil where the user did.
  package let source: String?

  package static let whole = Shard(1, of: 1)

  /// - Precondition: 1 ≤ number ≤ count.
  package init(_ number: Int, of count: Int, source: String? = nil) {
    precondition(count > 0 && (1...count).contains(number), "share \(number) of \(count)")
    self.number = number
    self.count = count
    self.source = source
  }

  /// Reads `2/3`; nil for anything else.
  package init?(parsing text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1], (1...100_000).contains(count),
      (1...count).contains(number)
    else { return nil }
    self.init(number, of: count)
  }

  package var isWhole: Bool { count == 1 }
  package var description: String { "\(number)/\(count)" }

  /// This process's share of so many things: neighbours together, shares as even as they can be.
  package func range(of total: Int) -> Range<Int> {
    total * (number - 1) / count..<total * number / count
  }

  /// The share that a launcher gave this process: MPI's, Slurm's, or an array job's of Slurm, Grid
  /// Engine, LSF and AWS Batch. An array of MPI or Slurm steps counts as both together.
  package static func given(by environment: [String: String]) -> Shard {
    let step = process(environment)
    let array = arrayTask(environment)
    switch (array, step) {
    case (nil, nil): return .whole
    case (let one?, nil), (nil, let one?):
      return Shard(one.rank + 1, of: one.size, source: one.source)
    case (let array?, let step?):
      return Shard(
        array.rank * step.size + step.rank + 1, of: array.size * step.size,
        source: "\(array.source), \(step.source)")
    }
  }

  private typealias Place = (rank: Int, size: Int, source: String)

  private static func process(_ environment: [String: String]) -> Place? {
    func place(_ rank: String, _ size: String) -> Place? {
      guard let place = number(environment[rank]), let count = number(environment[size]),
        count > 1, place < count
      else { return nil }
      return (place, count, "\(rank)=\(place) of \(count)")
    }
    if let place = place("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE")
      ?? place("MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE") ?? place("PMI_RANK", "PMI_SIZE")
      ?? place("PMIX_RANK", "PMIX_SIZE")
    {
      return place
    }
    // A batch script itself has SLURM_PROCID=0 and the size of the whole job, but is one process
    // alone: only in steps, which srun starts, do the numbers count. Steps that are none have
    // numbers at the end of 32 bits.
    guard let id = number(environment["SLURM_STEP_ID"]), id < 0xffff_fff0 else { return nil }
    return place("SLURM_PROCID", "SLURM_STEP_NUM_TASKS") ?? place("SLURM_PROCID", "SLURM_NTASKS")
  }

  private static func arrayTask(_ environment: [String: String]) -> Place? {
    func place(_ index: String, from first: Int?, to last: Int?, step: Int?) -> Place? {
      guard let id = number(environment[index]), let first, let last, let step, step > 0,
        last > first, (first...last).contains(id)
      else { return nil }
      let count = (last - first) / step + 1
      return count > 1 ? ((id - first) / step, count, "\(index)=\(id)") : nil
    }
    let e = environment
    return place(
      "SLURM_ARRAY_TASK_ID", from: number(e["SLURM_ARRAY_TASK_MIN"]),
      to: number(e["SLURM_ARRAY_TASK_MAX"]), step: number(e["SLURM_ARRAY_TASK_STEP"]) ?? 1)
      ?? place(
        "SGE_TASK_ID", from: number(e["SGE_TASK_FIRST"]), to: number(e["SGE_TASK_LAST"]),
        step: number(e["SGE_TASK_STEPSIZE"]))
      ?? place("LSB_JOBINDEX", from: 1, to: number(e["LSB_JOBINDEX_END"]), step: 1)
      ?? place(
        "AWS_BATCH_JOB_ARRAY_INDEX", from: 0,
        to: number(e["AWS_BATCH_JOB_ARRAY_SIZE"]).map { $0 - 1 }, step: 1)
  }

  private static func number(_ text: String?) -> Int? {
    text.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
  }
}
