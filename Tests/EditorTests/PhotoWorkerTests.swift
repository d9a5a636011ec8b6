import Files
import Foundation
import Imaging
import Latents
import NN
import StyleGAN
import Tensors
import Testing

@testable import Editor

struct PhotoWorkerTests {
  private struct Seen: Sendable {
    var messages: [PhotoMessage] = []
    var photos = 0
    var pictures = 0
  }
  private let seen = Monitor(Seen())

  /// The distance of w from a point, so that a step takes microseconds.
  private struct Bowl: ProjectionObjective {
    let featureName = "bowl"
    let willEvaluate: @Sendable () -> Void

    func evaluate(
      ws: Tensor, noise: [Tensor], pose: Tensor?, wantsNoise: Bool
    ) -> ProjectionEvaluation {
      willEvaluate()
      let away = ws.values.map { $0 - 1 }
      return ProjectionEvaluation(
        distance: away.reduce(0) { $0 + $1 * $1 },
        wsGradient: Tensor(away.map { 2 * $0 }, shape: ws.shape), noiseGradients: [],
        poseGradient: pose.map { Tensor(zeros: $0.shape) }, picture: Tensor(zeros: [3, 8, 8]))
    }
  }

  private struct Torn: Error, CustomStringConvertible { let description = "it is torn" }

  private static func photo(side: Int) throws -> PhotoFile {
    try PhotoFile(
      Bytes(PPM.encode(PixelImage(width: side, height: side, filledWith: (90, 120, 60)))))
  }

  private func service(
    steps: Int = 40, earlyShare: Double = 0, kept: Monitor<Projector?>? = nil,
    willEvaluate: @escaping @Sendable () -> Void = {}
  ) -> PhotoService {
    PhotoService(
      open: { path in
        if path == "torn.ppm" { throw Torn() }
        return OpenedPhoto(
          sha256: "5a", file: try Self.photo(side: path == "dot.ppm" ? 1 : 64),
          findFaces: {
            if path == "odd.ppm" { throw Torn() }
            return FaceSearch(.faces([PhotoCrop(x: 30, y: 30, size: 40)]))
          },
          prepare: { order, _ in
            if order.crop.size == 13 { throw Torn() }
            var settings = ProjectionSettings()
            settings.steps = steps
            settings.noiseMaps = .stored
            settings.space = order.settings.space
            settings.crop = .refined
            settings.earlyShare = earlyShare
            let fresh = Projector(
              Bowl(willEvaluate: willEvaluate), rows: 2, storedNoise: [],
              start: ProjectionStart(mean: Tensor(zeros: [4]), spread: 1), settings: settings)
            return PreparedProjection(
              projector: kept?.read { $0 } ?? fresh, crop: order.crop, start: "the mean face",
              record: kept.map { kept in
                KeptProjection(
                  save: { projector in kept.update { $0 = projector } },
                  discard: { kept.update { $0 = nil } },
                  picture: PixelImage(width: 8, height: 8, filledWith: (1, 2, 3)))
              })
          })
      },
      measure: { _ in ProjectionPace(secondsPerStep: 0.5, features: "bowl") })
  }

  /// - Parameter time: what its clock shows.
  private func worker(_ service: PhotoService?, time: Monitor<Double> = Monitor(0)) -> PhotoWorker {
    let seen = seen
    return PhotoWorker(service, clock: { time.read { $0 } }) { message, attachment in
      seen.update { seen in
        seen.messages.append(message)
        switch attachment {
        case .photo: seen.photos += 1
        case .found: seen.pictures += 1
        case nil: break
        }
      }
    }
  }

  private func wait(for message: @escaping (PhotoMessage) -> Bool) -> PhotoMessage? {
    seen.wait(atMost: 60) { $0.messages.first(where: message) }
  }

  private func order(_ crop: PhotoCrop = PhotoCrop(x: 30, y: 30, size: 40)) -> ProjectionOrder {
    ProjectionOrder(crop: crop, settings: .fast(steps: 100))
  }

  private func opened() -> PhotoWorker {
    let worker = worker(service())
    worker.open(number: 1, path: "me.ppm")
    _ = wait { if case .searched(1, _) = $0 { true } else { false } }
    return worker
  }

  @Test func opensAndSearches() {
    let worker = opened()
    #expect(
      seen.read { $0.messages.first }
        == .opened(
          1, PhotoPage.Photo(path: "me.ppm", sha256: "5a", kind: "PPM", width: 64, height: 64)))
    #expect(seen.read { $0.photos } == 1)
    worker.measure(.builtin)
    #expect(wait { if case .measured = $0 { true } else { false } } != nil)
    worker.stop()
  }

  @Test(arguments: [("torn.ppm", "it is torn"), ("dot.ppm", "1×1 pixels is too small")])
  func whatCannotBeOpenedSaysWhy(path: String, words: String) {
    let worker = worker(service())
    worker.open(number: 1, path: path)
    let message = wait { if case .openingFailed = $0 { true } else { false } }
    guard case .openingFailed(1, path, let reason)? = message else {
      Issue.record("nothing was said")
      return
    }
    #expect(reason.contains(words))
    worker.stop()
  }

  @Test func aSearchThatFailsSaysWhy() {
    let worker = worker(service())
    worker.open(number: 1, path: "odd.ppm")
    #expect(wait { $0 == .searchFailed(1, "it is torn") } != nil)
    worker.stop()
  }

  @Test func withoutAServiceNothingOpens() {
    let worker = worker(nil)
    worker.open(number: 1, path: "me.ppm")
    #expect(wait { if case .openingFailed = $0 { true } else { false } } != nil)
    worker.stop()
  }

  @Test func projectsToTheEnd() throws {
    let worker = opened()
    worker.project(number: 1, order())
    let end = wait { if case .ended = $0 { true } else { false } }
    #expect(end == .ended(1, .allSteps))
    let messages = seen.read { $0.messages }
    #expect(
      messages.contains(
        .prepared(
          1, crop: PhotoCrop(x: 30, y: 30, size: 40), start: "the mean face", features: "bowl")))
    var distances: [Float] = []
    var finds: [PhotoProjection.Find] = []
    for case .stepped(1, let distance, let best, _) in messages {
      distances.append(distance)
      if let best { finds.append(best) }
    }
    #expect(distances.count == 40)
    let best = try #require(finds.last)
    #expect(best.distance == distances.min())
    #expect(best.crop == PhotoCrop(x: 30, y: 30, size: 40))
    guard case .w(let values) = best.latent else {
      Issue.record("not a point of W")
      return
    }
    #expect(values.count == 4)
    #expect(seen.read { $0.pictures } == finds.count)
    worker.stop()
  }

  @Test func earlyStepsAreToldApart() {
    let worker = worker(service(earlyShare: 0.5))
    worker.open(number: 1, path: "me.ppm")
    worker.project(number: 1, order())
    #expect(wait { if case .ended = $0 { true } else { false } } != nil)
    let messages = seen.read { $0.messages }
    let restart = messages.firstIndex(of: .restarted(1))
    let before = messages[..<(restart ?? 0)].count {
      if case .stepped = $0 { true } else { false }
    }
    #expect(before == 20)
    worker.stop()
  }

  @Test func preparationsThatFailSayWhy() {
    let worker = opened()
    worker.project(number: 1, order(PhotoCrop(x: 1, y: 1, size: 13)))
    #expect(wait { $0 == .ended(1, .failed("it is torn")) } != nil)
    worker.stop()
  }

  @Test func pausesStopsAndTheNewestWins() {
    let gate = Monitor(false)
    let count = Monitor(0)
    let worker = worker(
      service(steps: 100_000) {
        count.update { $0 += 1 }
        _ = gate.wait(atMost: 60) { $0 ? true : nil }
      })
    worker.open(number: 1, path: "me.ppm")
    _ = wait { if case .searched(1, _) = $0 { true } else { false } }
    worker.project(number: 1, order())
    _ = count.wait(atMost: 60) { $0 > 0 ? true : nil }
    worker.pause(true)
    gate.update { $0 = true }
    // The step under way ends; another does not begin.
    _ = wait { if case .stepped(1, _, _, _) = $0 { true } else { false } }
    let paused = count.read { $0 }
    Thread.sleep(forTimeInterval: 0.2)
    #expect(count.read { $0 } == paused)
    worker.pause(false)
    _ = count.wait(atMost: 60) { $0 > paused ? true : nil }
    worker.project(number: 2, order())
    _ = wait { if case .stepped(2, _, _, _) = $0 { true } else { false } }
    let isInOrder = seen.read { seen in
      let second = seen.messages.firstIndex {
        if case .prepared(2, _, _, _) = $0 { true } else { false }
      }
      return !seen.messages[(second ?? 0)...].contains {
        if case .stepped(1, _, _, _) = $0 { true } else { false }
      }
    }
    #expect(isInOrder)
    worker.stopProjecting()
    Thread.sleep(forTimeInterval: 0.1)
    let stopped = count.read { $0 }
    Thread.sleep(forTimeInterval: 0.2)
    // Of a step that was under way.
    #expect(count.read { $0 } <= stopped + 1)
    #expect(seen.read { $0.messages.allSatisfy { if case .ended = $0 { false } else { true } } })
    worker.stop()
  }

  @Test func aSearchThatWasLeftGoesOn() {
    let kept = Monitor<Projector?>(nil)
    let count = Monitor(0)
    let first = worker(service(steps: 5000, kept: kept) { count.update { $0 += 1 } })
    first.open(number: 1, path: "me.ppm")
    first.project(number: 1, order())
    _ = count.wait(atMost: 60) { $0 > 20 ? true : nil }
    first.stopProjecting()
    let left = kept.wait(atMost: 60) { $0 }?.completedSteps ?? 0
    #expect(left > 0)
    let second = worker(service(steps: 5000, kept: kept))
    second.open(number: 1, path: "me.ppm")
    second.project(number: 2, order())
    #expect(wait { if case .ended(2, _) = $0 { true } else { false } } != nil)
    let messages = seen.read { $0.messages }
    var resumed = 0
    for case .resumed(2, let distances, 0, let best?) in messages {
      resumed = distances.count
      #expect(best.distance == distances.min())
    }
    #expect(resumed == left)
    let steps = messages.count { if case .stepped(2, _, _, _) = $0 { true } else { false } }
    #expect(steps == 5000 - left)
    // What is finished is not kept.
    #expect(kept.read { $0 == nil })
    first.stop()
    second.stop()
  }

  @Test func aHandOnASliderGoesFirst() {
    let (count, time) = (Monitor(0), Monitor(10.0))
    let worker = worker(service(steps: 100_000) { count.update { $0 += 1 } }, time: time)
    worker.open(number: 1, path: "me.ppm")
    worker.project(number: 1, order())
    _ = count.wait(atMost: 60) { $0 > 0 ? true : nil }
    worker.yieldToEditing()
    let before = count.read { $0 }
    Thread.sleep(forTimeInterval: 0.3)
    // The step under way ends.
    #expect(count.read { $0 } <= before + 1)
    time.update { $0 = 11 }
    #expect(count.wait(atMost: 60) { $0 > before + 1 ? true : nil } == true)
    worker.stop()
  }
}
