import Imaging
import Latents
import StyleGAN
import Synchronization
import Tensors
import Testing

@testable import Editor

/// What a render thread delivered, and a way to wait for it without sleeping.
private final class Deliveries: Sendable {
  let results = Monitor<[RenderResult]>([])
  func add(_ result: RenderResult) { results.update { $0.append(result) } }

  var reports: [RenderReport] {
    results.read { $0 }.compactMap { if case .picture(let report, _) = $0 { report } else { nil } }
  }

  /// Waits until a settled picture of a request is there.
  func settled(_ request: Int) -> (RenderReport, PixelImage)? {
    results.wait(atMost: 20) { results in
      for case .picture(let report, let image) in results
      where report.request == request && report.isSettled {
        return (report, image)
      }
      return nil
    }
  }
}

/// Holds the drawing of pictures until it is opened.
private final class Gate: Sendable {
  let state = Monitor<(isOpen: Bool, waiting: [Int])>((true, []))
  func close() { state.update { $0.isOpen = false } }
  func open() { state.update { $0.isOpen = true } }
  func pass(_ size: Int) {
    state.update { $0.waiting.append(size) }
    _ = state.wait(atMost: 20) { $0.isOpen ? true : nil }
  }
  /// Waits until so many pictures were begun.
  func began(_ count: Int) {
    _ = state.wait(atMost: 20) { $0.waiting.count >= count ? true : nil }
  }
}

struct RenderWorkerTests {
  private func request(
    _ number: Int, seed: UInt32, moving: Bool = false,
    subject: RenderRequest.Subject = .current
  ) -> RenderRequest {
    RenderRequest(
      number: number, subject: subject, recipe: Recipe(latent: .seed(seed)), isMoving: moving)
  }

  private func worker(
    _ deliveries: Deliveries, gate: Gate? = nil, stillness: Double = 0.01
  ) -> RenderWorker {
    var model = ToyModel()
    if let gate { model.willDraw = { gate.pass($0) } }
    let start = ContinuousClock.now
    return RenderWorker(
      model: model, directions: ToyModel.directions, stillness: stillness,
      clock: {
        let time = (ContinuousClock.now - start).components
        return Double(time.seconds) + Double(time.attoseconds) * 1e-18
      }, deliver: { deliveries.add($0) })
  }

  @Test func aPictureIsWhatTheModelMakes() throws {
    let deliveries = Deliveries()
    let worker = worker(deliveries)
    worker.submit(request(1, seed: 5))
    let (report, image) = try #require(deliveries.settled(1))
    let ws = try Recipe(latent: .seed(5)).ws(model: ToyModel(), directions: ToyModel.directions)
    let output = try #require(
      ToyModel().synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { false }))
    #expect(image == PixelImage(networkOutput: output))
    #expect(report.isFull && report.resolution == 64)
    #expect(deliveries.reports[0].isNewPicture)
    let row = ws.values.prefix(8).reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(report.distance - row) < 1e-4)
    worker.stop()
  }

  /// While a picture is being made a hundred requests come: only the last one is made.
  @Test func theNewestRequestWins() throws {
    let (deliveries, gate) = (Deliveries(), Gate())
    let worker = worker(deliveries, gate: gate)
    gate.close()
    worker.submit(request(1, seed: 1, moving: true))
    gate.began(1)
    for number in 2...100 { worker.submit(request(number, seed: UInt32(number), moving: true)) }
    gate.open()
    #expect(deliveries.settled(100) != nil)
    let numbers = Set(deliveries.reports.map(\.request))
    #expect(numbers == [1, 100])
    #expect(!deliveries.reports.contains { $0.request == 1 && $0.isSettled })
    worker.stop()
  }

  /// A picture of a movement settles only when nothing new has come for a while; then it is sent
  /// once more, as final.
  @Test func movementSettles() throws {
    let deliveries = Deliveries()
    let worker = worker(deliveries)
    worker.submit(request(1, seed: 1, moving: true))
    _ = try #require(deliveries.settled(1))
    let reports = deliveries.reports
    #expect(reports.count == 2)
    #expect(!reports[0].isSettled && reports[0].isNewPicture)
    #expect(reports[1].isSettled && reports[1].isFull)
    #expect(!reports[1].isNewPicture, "the small picture was the full one already")
    worker.stop()
  }

  /// A full picture is given up when a newer request comes.
  @Test func fullPicturesAreCancelled() throws {
    let (deliveries, gate) = (Deliveries(), Gate())
    let worker = worker(deliveries, gate: gate)
    // Slow full pictures come after a small one; let that one pass.
    worker.submit(request(1, seed: 1))
    _ = try #require(deliveries.settled(1))
    worker.submit(request(2, seed: 2))
    _ = try #require(deliveries.settled(2))
    let begun = gate.state.read { $0.waiting.count }
    gate.close()
    worker.submit(request(3, seed: 3))
    gate.began(begun + 1)
    worker.submit(request(4, seed: 4))
    gate.open()
    #expect(deliveries.settled(4) != nil)
    #expect(!deliveries.reports.contains { $0.request == 3 })
    worker.stop()
  }

  @Test func knownPicturesComeAtOnce() throws {
    let (deliveries, gate) = (Deliveries(), Gate())
    let worker = worker(deliveries, gate: gate)
    worker.submit(request(1, seed: 1))
    _ = try #require(deliveries.settled(1))
    let begun = gate.state.read { $0.waiting.count }
    worker.submit(request(2, seed: 1, moving: true))
    worker.submit(request(3, seed: 1, subject: .reference))
    let (reference, _) = try #require(deliveries.settled(3))
    #expect(reference.subject == .reference)
    #expect(gate.state.read { $0.waiting.count } == begun, "nothing was drawn again")
    worker.stop()
  }

  /// A known picture that is passed by in a movement is a draft like the others.
  @Test func knownPicturesDoNotRestWhileMoving() throws {
    let deliveries = Deliveries()
    let worker = worker(deliveries)
    worker.submit(request(1, seed: 1))
    _ = try #require(deliveries.settled(1))
    worker.submit(request(2, seed: 1, moving: true))
    _ = try #require(deliveries.settled(2))
    let reports = deliveries.reports.filter { $0.request == 2 }
    #expect(reports.map(\.isSettled) == [false, true])
    #expect(reports.map(\.isNewPicture) == [true, false])
    worker.stop()
  }

  /// Each full picture takes a second by the clock: a small draft comes first, then larger ones,
  /// the last in full precision; only that one is kept.
  @Test func slowPicturesComeStepByStep() throws {
    let deliveries = Deliveries()
    let (now, drawn) = (Monitor(0.0), Monitor<[Rung]>([]))
    var model = ToyModel()
    model.configuration = GeneratorConfiguration(
      resolution: 256, zDim: 8, wDim: 8, mappingLayers: 2,
      blockChannels: [8, 8, 8, 8, 8, 8, 8])
    model.hasDrafts = true
    model.willDrawRung = { rung in
      drawn.update { $0.append(rung) }
      let share = rung.precision == .draft ? 0.5 : 1
      now.update { $0 += share * Double(rung.resolution * rung.resolution) / 65536 }
    }
    let worker = RenderWorker(
      model: model, directions: ToyModel.directions, pause: 0.001, stillness: 0.002,
      clock: { now.read { $0 } }, deliver: { deliveries.add($0) })
    for number in 1...12 {
      worker.submit(request(number, seed: UInt32(number), moving: true))
      _ = try #require(deliveries.settled(number))
    }
    let reports = deliveries.reports.filter { $0.request == 12 }
    // 128² takes 0.25 s, its draft half of that: too long; 64² as a draft takes 0.03 s.
    let rungs = drawn.read { $0.suffix(reports.count) }
    #expect(rungs.first?.resolution ?? 256 <= 64)
    #expect(rungs.last == Rung(256))
    #expect(reports.map(\.resolution) == rungs.map(\.resolution))
    #expect(reports.last?.isSettled == true && reports.last?.isFull == true)
    #expect(!reports.dropLast().contains { $0.isSettled || $0.isFull })
    let before = drawn.read { $0.count }
    worker.submit(request(13, seed: 12))
    _ = try #require(deliveries.settled(13))
    #expect(drawn.read { $0.count } == before, "it was kept")
    worker.stop()
  }

  @Test func errorsAreDelivered() throws {
    let deliveries = Deliveries()
    let worker = worker(deliveries)
    worker.submit(
      RenderRequest(
        number: 1, subject: .current,
        recipe: Recipe(latent: .seed(1), edits: [Edit(direction: "no", strength: 1)]),
        isMoving: false))
    let reason = deliveries.results.wait(atMost: 20) { results -> String? in
      for case .failed(1, let reason) in results { return reason }
      return nil
    }
    #expect(try #require(reason).hasPrefix("the model has no direction \"no\""))
    // Directions found meanwhile are known to the next request.
    worker.use(
      DirectionLibrary([Direction(name: "no", kind: .pca, vector: Array(repeating: 0, count: 8))]))
    worker.submit(
      RenderRequest(
        number: 2, subject: .current,
        recipe: Recipe(latent: .seed(1), edits: [Edit(direction: "no", strength: 1)]),
        isMoving: false))
    #expect(deliveries.settled(2) != nil)
    worker.stop()
  }

  // MARK: Small pictures

  @Test func thumbnailsAreSmallAndKept() throws {
    let (deliveries, gate) = (Deliveries(), Gate())
    let worker = worker(deliveries, gate: gate)
    worker.submit(request(1, seed: 1, subject: .thumbnail))
    let (report, image) = try #require(deliveries.settled(1))
    #expect(report.subject == .thumbnail && image.width == 64)
    worker.submit(request(2, seed: 1, subject: .thumbnail))
    #expect(deliveries.settled(2)?.1 == image)
    #expect(gate.state.read { $0.waiting.count } == 1, "it was not drawn again")
    worker.stop()
  }

  // MARK: Networks without smaller pictures

  /// Requests come faster than pictures can be made: old ones are given up, the newest comes.
  @Test func aSlowFullPictureGivesWay() throws {
    let (deliveries, gate) = (Deliveries(), Gate())
    var model = ToyModel()
    model.configuration.architecture = .resnet
    model.willDraw = { gate.pass($0) }
    let now = Monitor(0.0)
    let worker = RenderWorker(
      model: model, directions: ToyModel.directions, stillness: 0.01,
      clock: { now.read { $0 } }, deliver: { deliveries.add($0) })
    worker.submit(request(1, seed: 1))
    _ = try #require(deliveries.settled(1))
    gate.close()
    worker.submit(request(2, seed: 2, moving: true))
    gate.began(2)
    worker.submit(request(3, seed: 3, moving: true))
    gate.open()
    let (report, _) = try #require(deliveries.settled(3))
    #expect(report.resolution == 64)
    #expect(!deliveries.reports.contains { $0.request == 2 })
    // After a second without a picture one is finished, whatever comes.
    gate.close()
    worker.submit(request(4, seed: 4, moving: true))
    gate.began(4)
    now.update { $0 += 5 }
    worker.submit(request(5, seed: 5, moving: true))
    gate.open()
    #expect(deliveries.settled(5) != nil)
    #expect(deliveries.reports.contains { $0.request == 4 })
    worker.stop()
  }
}
