import Foundation
import Imaging
import Latents
import Testing

@testable import Editor

struct FilmWorkerTests {
  private struct Seen: Sendable {
    var messages: [FilmMessage] = []
    var pictures: [Int: Int] = [:]
  }
  private let seen = Monitor(Seen())
  private let folder = FileManager.default.temporaryDirectory.path + "/mien-film-page-\(UUID())"

  private func worker() -> FilmWorker {
    let seen = seen
    let start = ContinuousClock.now
    return FilmWorker(
      model: ToyModel(), reference: ModelReference(name: "toy"), directions: ToyModel.directions,
      clock: {
        let elapsed = ContinuousClock.now - start
        return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
      }
    ) { message, picture in
      seen.update { seen in
        seen.messages.append(message)
        if let picture { seen.pictures[picture.id, default: 0] += 1 }
      }
    }
  }

  private func film() -> Timeline {
    var film = Timeline(
      name: "walk", model: ModelReference(name: "toy"),
      keyframes: (1...3).map {
        Timeline.Keyframe(name: "\($0)", recipe: Recipe(latent: .seed($0)))
      })
    film.frameCount = 60
    return film
  }

  private func wait(for message: (FilmMessage) -> Bool) -> FilmMessage? {
    seen.wait(atMost: 60) { $0.messages.first(where: message) }
  }

  @Test func thumbnails() {
    let worker = worker()
    worker.requestThumbnail(id: 4, Recipe(latent: .seed(1)))
    #expect(wait { $0 == .thumbnail(id: 4) } != nil)
    #expect(seen.read { $0.pictures[State.ImageID.keyframe(4)] } == 1)
    worker.stop()
  }

  @Test func playsUntilStopped() {
    let worker = worker()
    worker.play(film())
    let isPlaying = seen.wait(atMost: 60) { seen -> Bool? in
      (seen.pictures[State.ImageID.playback] ?? 0) > 3 ? true : nil
    }
    #expect(isPlaying == true)
    worker.stopPlaying()
    worker.stop()
  }

  @Test func whatCannotBePlayedSaysWhy() {
    let worker = worker()
    var film = film()
    film.sweeps = [Sweep(direction: "nose", track: Track(from: 0, to: 1))]
    worker.play(film)
    let message = wait { if case .playingFailed = $0 { true } else { false } }
    guard case .playingFailed(let words)? = message else {
      Issue.record("nothing was said")
      return
    }
    #expect(words.contains("nose"))
    worker.stop()
  }

  @Test func makesFilmsInTheBackground() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let worker = worker()
    worker.make(film(), path: folder + "/a.gif")
    let message = wait {
      switch $0 {
      case .made, .makingFailed: true
      default: false
      }
    }
    #expect(message == .made(path: folder + "/a.gif"))
    let bytes = try Data(contentsOf: URL(filePath: folder + "/a.gif"))
    #expect(bytes.starts(with: Data("GIF89a".utf8)))
    worker.make(film(), path: folder + "/a.avi")
    let refused = wait { if case .makingFailed = $0 { true } else { false } }
    #expect(refused != nil)
    worker.stop()
  }
}
