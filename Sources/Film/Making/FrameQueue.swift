import Dispatch
import Imaging
import Latents
import StyleGAN
import Synchronization
import Tensors

/// The frames of a film, in their order. One that is the same as another not long ago is not
/// rendered again.
///
/// With several models as many frames are rendered at a time, each with its share of the cores.
/// Threads that work on one frame wait for each other after every layer, and each time an encoder
/// has one of their cores, all wait for the one it belongs to; frames do not wait for frames.
final class FrameQueue {
  /// One frame on its way.
  private final class Job: Sendable {
    private let image = Mutex<PixelImage?>(nil)
    private let done = DispatchSemaphore(value: 0)

    func finish(_ image: PixelImage?) {
      self.image.withLock { $0 = image }
      done.signal()
    }

    /// Nil where it was cancelled.
    func wait() -> PixelImage? {
      done.wait()
      done.signal()
      return image.withLock { $0 }
    }
  }

  /// The frames that no model has taken yet. Whichever is free takes the first: none waits for
  /// another that an encoder has slowed down.
  private final class Waiting: Sendable {
    private let jobs = Mutex<(list: [(frame: TimelinePath.Frame, job: Job)], isDropped: Bool)>(
      ([], false))
    private let arrived = DispatchSemaphore(value: 0)

    var isDropped: Bool { jobs.withLock { $0.isDropped } }

    func append(_ frame: TimelinePath.Frame, _ job: Job) {
      jobs.withLock { $0.list.append((frame, job)) }
      arrived.signal()
    }

    /// Waits for one; nil where none is wanted any more.
    func take() -> (frame: TimelinePath.Frame, job: Job)? {
      arrived.wait()
      return jobs.withLock { $0.isDropped ? nil : $0.list.removeFirst() }
    }

    /// Lets go of all who wait.
    func drop(_ count: Int) {
      jobs.withLock { $0.isDropped = true }
      for _ in 0..<count { arrived.signal() }
    }
  }

  private let plan: FilmPlan
  private let numbers: [Int]
  private let sources: [FrameSource]
  private let waiting = Waiting()
  /// How many of the numbers were asked for, and how many begun.
  private var asked = 0
  private var begun = 0
  private var jobs: [TimelinePath.Frame: Job] = [:]
  /// Those asked for, the one unused longest first.
  private var order: [TimelinePath.Frame] = []
  /// Frames that the generator made, of those asked for.
  private(set) var rendered = 0

  private static let byteLimit = 96 << 20

  /// - Parameters:
  ///   - numbers: the frames that will be asked for, in that order.
  ///   - models: that do not wait for each other.
  ///   - isCancelled: asked before each frame and between its layers.
  init(
    _ plan: FilmPlan, numbers: [Int], models: [any LatentModel],
    isCancelled: @escaping @Sendable () -> Bool
  ) {
    precondition(!models.isEmpty, "frames without a model")
    self.plan = plan
    self.numbers = numbers
    let waiting = waiting
    sources = models.map { FrameSource($0) { waiting.isDropped || isCancelled() } }
    // One model works for the caller alone: a thread of its own would gain nothing.
    guard models.count > 1 else { return }
    let (threads, side) = (max(1, ThreadShare.count / models.count), plan.side)
    for (number, source) in sources.enumerated() {
      DispatchQueue(label: "mien.frames.\(number)").async {
        while let (frame, job) = waiting.take() {
          ThreadShare.limited(to: threads) { job.finish(source.image(frame, side: side)) }
        }
      }
    }
  }

  /// What is on its way is not wanted any more.
  deinit { waiting.drop(sources.count) }

  /// The next of the numbers.
  /// - Returns: nil where it was cancelled.
  func next() -> PixelImage? {
    precondition(asked < numbers.count, "more frames than were announced")
    let frame = plan.frame(numbers[asked])
    asked += 1
    let ahead = sources.count > 1 ? 2 * sources.count : 0
    while begun < min(asked + ahead, numbers.count) {
      begin(plan.frame(numbers[begun]))
      begun += 1
    }
    let isNew = !order.contains(frame)
    guard let image = jobs[frame]?.wait() else { return nil }
    if isNew { rendered += 1 }
    if order.last != frame {
      order.removeAll { $0 == frame }
      order.append(frame)
    }
    while order.count > 1, order.count * image.bytes.count > FrameQueue.byteLimit {
      jobs[order.removeFirst()] = nil
    }
    return image
  }

  private func begin(_ frame: TimelinePath.Frame) {
    guard jobs[frame] == nil else { return }
    let job = Job()
    jobs[frame] = job
    if sources.count > 1 {
      waiting.append(frame, job)
    } else {
      job.finish(sources[0].image(frame, side: plan.side))
    }
  }
}
