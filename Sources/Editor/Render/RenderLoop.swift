import Imaging
import Latents
import StyleGAN
import Tensors

/// What the render thread does, and what it remembers between pictures.
struct RenderLoop {
  let model: any LatentModel
  let mailbox: Monitor<RenderWorker.Mailbox>
  let stillness: Double
  var budget: PreviewBudget
  let clock: @Sendable () -> Double
  let deliver: @Sendable (RenderResult) -> Void
  private var latents = LatentCache()
  private var pictures = PictureCache()

  /// When the last picture went out.
  private var lastDelivery = -Double.infinity

  /// A full picture that takes longer than this is preceded by a small one.
  private static let patience = 0.100
  /// While something moves, pictures are given up for newer ones, but never for longer than this:
  /// a steady movement would show nothing.
  private static let longestSilence = 1.0

  init(
    model: any LatentModel, mailbox: Monitor<RenderWorker.Mailbox>, stillness: Double,
    budget: PreviewBudget, clock: @escaping @Sendable () -> Double,
    deliver: @escaping @Sendable (RenderResult) -> Void
  ) {
    self.model = model
    self.mailbox = mailbox
    self.stillness = stillness
    self.budget = budget
    self.clock = clock
    self.deliver = deliver
  }

  private var full: Int { model.configuration.resolution }

  mutating func run() {
    enum Next {
      case stop
      case render(RenderRequest, DirectionLibrary)
    }
    while true {
      let next = mailbox.wait { mailbox -> Next? in
        if mailbox.isStopped { return .stop }
        return mailbox.takeNext().map { .render($0, mailbox.directions) }
      }
      guard case .render(let request, let directions) = next else { return }
      render(request, directions)
    }
  }

  private mutating func render(_ request: RenderRequest, _ directions: DirectionLibrary) {
    if let known = pictures.find(request.recipe) {
      var report = known.report
      report.request = request.number
      report.subject = request.subject
      deliver(.picture(report, known.image))
      return
    }
    let ws: Tensor
    do {
      ws = try request.recipe.ws(model: model, directions: directions, cache: &latents)
    } catch {
      deliver(.failed(request: request.number, reason: error.description))
      return
    }
    let distance = rowDistance(ws)
    let isSlow = (budget.estimate(resolution: full) ?? .infinity) > RenderLoop.patience
    if request.subject == .current, request.isMoving || isSlow {
      let size = budget.previewResolution(among: model.configuration.previewResolutions)
      let (mailbox, clock, full, lastDelivery) = (mailbox, clock, full, lastDelivery)
      // A picture of the budget's size is short and always finished. A network without such sizes
      // makes a full one each time, which a newer request may stop.
      let rendered = picture(ws, request, size) {
        let now = mailbox.read { (isStopped: $0.isStopped, isOld: $0.requests[.current] != nil) }
        return now.isStopped
          || size == full && isSlow && now.isOld
            && clock() - lastDelivery < RenderLoop.longestSilence
      }
      guard let (image, seconds) = rendered else { return }
      var report = RenderReport(
        request: request.number, subject: request.subject, resolution: size,
        isFull: size == full, isSettled: false, seconds: seconds, distance: distance)
      send(.picture(report, image))
      if request.isMoving, isInterrupted(within: stillness) { return }
      if size == full {
        report.isSettled = true
        pictures.insert(.init(recipe: request.recipe, image: image, report: report))
        report.isNewPicture = false
        send(.picture(report, image))
        return
      }
    }
    let mailbox = mailbox
    let rendered = picture(ws, request, full) {
      mailbox.read { $0.isStopped || $0.requests[.current] != nil }
    }
    guard let (image, seconds) = rendered else {
      // The picture to compare with is still wanted when the newer request is done.
      if request.subject == .reference {
        mailbox.update { box in
          if box.requests[.reference] == nil { box.requests[.reference] = request }
        }
      }
      return
    }
    let report = RenderReport(
      request: request.number, subject: request.subject, resolution: full, isFull: true,
      isSettled: true, seconds: seconds, distance: distance)
    pictures.insert(.init(recipe: request.recipe, image: image, report: report))
    send(.picture(report, image))
  }

  private mutating func send(_ result: RenderResult) {
    deliver(result)
    lastDelivery = clock()
  }

  /// Whether a newer request comes within some seconds.
  private func isInterrupted(within seconds: Double) -> Bool {
    mailbox.wait(atMost: seconds) { $0.isStopped || $0.requests[.current] != nil ? true : nil }
      ?? false
  }

  private mutating func picture(
    _ ws: Tensor, _ request: RenderRequest, _ resolution: Int, isCancelled: () -> Bool
  ) -> (PixelImage, seconds: Double)? {
    let start = clock()
    guard
      let output = model.synthesize(
        ws: ws, noise: request.recipe.noise.noiseMode,
        upTo: resolution == full ? nil : resolution, isCancelled: isCancelled)
    else { return nil }
    let image = PixelImage(networkOutput: output)
    let seconds = clock() - start
    budget.record(resolution: resolution, seconds: seconds)
    return (image, seconds)
  }

  /// Root mean square over the rows of ‖w − w̄‖, which for a point of W is ‖w − w̄‖ itself.
  private func rowDistance(_ ws: Tensor) -> Float {
    let average = model.wAverage.values
    let width = average.count
    guard width > 0 else { return 0 }
    let rows = max(1, ws.count / width)
    let values = ws.values
    var sum = 0.0
    for row in 0..<rows {
      for column in 0..<width {
        let difference = Double(values[row * width + column] - average[column])
        sum += difference * difference
      }
    }
    return Float((sum / Double(rows)).squareRoot())
  }
}
