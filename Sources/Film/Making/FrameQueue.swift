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

  private final class Flag: Sendable {
    private let value = Mutex(false)
    var isSet: Bool { value.withLock { $0 } }
    func set() { value.withLock { $0 = true } }
  }

  private let plan: FilmPlan
  private let numbers: [Int]
  private let sources: [FrameSource]
  private let lines: [DispatchQueue]
  private let threads: Int
  private let isDropped = Flag()
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
    let isDropped = isDropped
    sources = models.map { FrameSource($0) { isDropped.isSet || isCancelled() } }
    lines = models.indices.map { DispatchQueue(label: "mien.frames.\($0)") }
    threads = max(1, ThreadShare.count / models.count)
  }

  /// What is on its way is not wanted any more.
  deinit { isDropped.set() }

  /// The next of the numbers.
  /// - Returns: nil where it was cancelled.
  func next() -> PixelImage? {
    precondition(asked < numbers.count, "more frames than were announced")
    let frame = plan.frame(numbers[asked])
    asked += 1
    // One model works for the caller alone: a thread of its own would gain nothing.
    let ahead = sources.count > 1 ? sources.count : 0
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
    let side = plan.side
    guard sources.count > 1 else {
      job.finish(sources[0].image(frame, side: side))
      return
    }
    let source = sources[begun % sources.count]
    lines[begun % lines.count].async { [threads] in
      ThreadShare.limited(to: threads) { job.finish(source.image(frame, side: side)) }
    }
  }
}
