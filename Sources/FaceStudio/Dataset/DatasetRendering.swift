import Dispatch
import Files
import Imaging
import Synchronization

/// Renders a data set into a folder, shard by shard, on several threads. Picture i depends on the
/// seed and i alone, so a run that was stopped goes on where it was and ends in the same bytes.
package struct DatasetRendering: Sendable {
  package let description: DatasetDescription
  package let folder: String
  package let count: Int
  package var threads: Int

  package init(description: DatasetDescription, folder: String, count: Int, threads: Int) {
    precondition(count > 0 && threads > 0, "nothing to render")
    self.description = description
    self.folder = folder
    self.count = count
    self.threads = threads
  }

  /// Pictures that finished shards hold already.
  package func finished() throws(DatasetError) -> Int {
    try description.settle(in: folder)
    return shards.filter { isFinished($0) }.reduce(0) { $0 + $1.pictures.count }
  }

  private struct Shard {
    let number: Int
    let pictures: Range<Int>
  }

  private var shards: [Shard] {
    stride(from: 0, to: count, by: description.shardSize).map {
      Shard(
        number: $0 / description.shardSize,
        pictures: $0..<min(count, $0 + description.shardSize))
    }
  }

  /// A longer shard serves a smaller count too.
  private func isFinished(_ shard: Shard) -> Bool {
    (DatasetShard.count(shard.number, in: folder) ?? 0) >= shard.pictures.count
  }

  /// Renders what is missing.
  /// - Parameters:
  ///   - advance: called after each picture, on the calling thread's behalf, one call at a time.
  ///   - isCancelled: asked between pictures.
  /// - Returns: whether all is there; false when cancelled.
  package func run(
    _ model: FaceModel, advance: @escaping @Sendable () -> Void,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws(DatasetError) -> Bool {
    try description.settle(in: folder)
    DatasetShard.sweep(folder)
    for shard in shards where !isFinished(shard) {
      guard let entries = render(shard.pictures, model, advance, isCancelled) else { return false }
      try DatasetShard.write(entries, number: shard.number, in: folder)
    }
    return true
  }

  private struct Work {
    var next: Int
    var done: [Int: DatasetShard.Entry] = [:]
    var isCancelled = false
  }

  private func render(
    _ pictures: Range<Int>, _ model: FaceModel, _ advance: @escaping @Sendable () -> Void,
    _ isCancelled: @escaping @Sendable () -> Bool
  ) -> [DatasetShard.Entry]? {
    let work = Mutex(Work(next: pictures.lowerBound))
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      let renderer = FaceRenderer(model, size: description.size)
      while true {
        let index = work.withLock { work -> Int? in
          if isCancelled() { work.isCancelled = true }
          guard !work.isCancelled, work.next < pictures.upperBound else { return nil }
          defer { work.next += 1 }
          return work.next
        }
        guard let index else { return }
        let entry = Self.entry(index, seed: description.seed, renderer)
        work.withLock { $0.done[index] = entry }
        advance()
      }
    }
    return work.withLock { work in
      work.done.count == pictures.count ? pictures.map { work.done[$0]! } : nil
    }
  }

  private static func entry(
    _ index: Int, seed: UInt64, _ renderer: FaceRenderer
  ) -> DatasetShard.Entry {
    let z = Axis.draw(seed: seed, index: index)
    let picture = renderer.render(z: z)
    return DatasetShard.Entry(
      z: z, labels: picture.labels.values,
      landmarks: picture.landmarks.flatMap { [$0.x, $0.y] },
      png: PNG.encode(picture.image, effort: .fast),
      thumbnail: picture.image.scaled(
        width: DatasetShard.thumbnail, height: DatasetShard.thumbnail
      ).bytes)
  }
}
