import Imaging
import Latents
import StyleGAN
import Tensors

/// What the render thread does, and what it remembers between pictures.
struct RenderLoop {
  let model: any LatentModel
  let mailbox: Monitor<RenderWorker.Mailbox>
  /// Seconds without a newer request after which a picture of a movement is refined, and after
  /// which it is taken to be at rest.
  let pause: Double
  let stillness: Double
  var budget: PreviewBudget
  let clock: @Sendable () -> Double
  let deliver: @Sendable (RenderResult) -> Void
  private var latents = LatentCache()
  private var pictures = PictureCache()
  private var thumbnails = PictureCache(byteLimit: 8 << 20)
  private var kept: KeptWork

  /// When the last picture went out.
  private var lastDelivery = -Double.infinity

  /// A full picture that takes longer than this is preceded by a small one.
  private static let patience = 0.100
  /// While something moves, pictures are given up for newer ones, but never for longer than this:
  /// a steady movement would show nothing.
  private static let longestSilence = 1.0

  init(
    model: any LatentModel, mailbox: Monitor<RenderWorker.Mailbox>, pause: Double,
    stillness: Double, budget: PreviewBudget, clock: @escaping @Sendable () -> Double,
    deliver: @escaping @Sendable (RenderResult) -> Void
  ) {
    self.model = model
    self.mailbox = mailbox
    self.pause = pause
    self.stillness = stillness
    self.budget = budget
    kept = KeptWork(model.configuration)
    self.clock = clock
    self.deliver = deliver
  }

  private var full: Int { model.configuration.resolution }

  mutating func run() {
    enum Next {
      case stop
      case render(RenderRequest, DirectionLibrary, pace: Double)
    }
    while true {
      let next = mailbox.wait { mailbox -> Next? in
        if mailbox.isStopped { return .stop }
        return mailbox.takeNext().map {
          .render($0, mailbox.directions, pace: mailbox.pace)
        }
      }
      guard case .render(let request, let directions, let pace) = next else { return }
      budget.pace = pace
      render(request, directions)
    }
  }

  private mutating func render(_ request: RenderRequest, _ directions: DirectionLibrary) {
    if request.subject == .thumbnail {
      renderThumbnail(request, directions)
      return
    }
    if let known = pictures.find(request.recipe) {
      var report = known.report
      report.request = request.number
      report.subject = request.subject
      // While something moves it passes by like the others, without the effort of a picture at rest.
      if request.isMoving {
        report.isSettled = false
        send(.picture(report, known.image))
        if isInterrupted(within: stillness) { return }
        report.isSettled = true
        report.isNewPicture = false
      }
      send(.picture(report, known.image))
      return
    }
    let ws: Tensor
    do {
      ws = try request.recipe.ws(model: model, directions: directions, cache: &latents)
    } catch {
      deliver(.failed(request: request.number, reason: error.description))
      return
    }
    let begin = clock()
    let distance = rowDistance(ws)
    let sizes = model.configuration.previewResolutions
    func report(_ rung: Rung, isSettled: Bool, _ seconds: Double) -> RenderReport {
      RenderReport(
        request: request.number, subject: request.subject, resolution: rung.resolution,
        isFull: rung == Rung(full), isSettled: isSettled, seconds: seconds, distance: distance)
    }
    /// The full picture is there; it rests when the hand has for long enough.
    func finish(_ image: PixelImage, _ seconds: Double, isShown: Bool) {
      var settled = report(Rung(full), isSettled: true, seconds)
      let rest = request.isMoving ? begin + stillness - clock() : 0
      if !isShown, rest > 0 { send(.picture(report(Rung(full), isSettled: false, seconds), image)) }
      if rest > 0, isInterrupted(within: rest) { return }
      if request.isMoving { budget.rest() }
      pictures.insert(.init(recipe: request.recipe, image: image, report: settled))
      settled.isNewPicture = !isShown && rest <= 0
      send(.picture(settled, image))
    }

    var shown = 0
    let isSlow = (budget.estimate(Rung(full)) ?? .infinity) > RenderLoop.patience
    if request.subject == .current, request.isMoving || isSlow {
      let noise = request.recipe.noise.noiseMode
      let block = kept.firstBlock(of: ws, noise, Rung(full))
      let rung = budget.rung(among: sizes, hasDrafts: model.hasDrafts, from: block)
      let (mailbox, clock, full, lastDelivery) = (mailbox, clock, full, lastDelivery)
      // A picture of the budget's size is short and always finished. A network without such sizes
      // makes a full one each time, which a newer request may stop.
      let rendered = picture(ws, request, rung) {
        let now = mailbox.read { (isStopped: $0.isStopped, isOld: $0.requests[.current] != nil) }
        return now.isStopped
          || rung.resolution == full && isSlow && now.isOld
            && clock() - lastDelivery < RenderLoop.longestSilence
      }
      guard let (image, seconds) = rendered else { return }
      send(.picture(report(rung, isSettled: false, seconds), image))
      if rung == Rung(full) {
        finish(image, seconds, isShown: true)
        return
      }
      if request.isMoving, isInterrupted(within: pause) { return }
      shown = rung.resolution
    }
    let mailbox = mailbox
    let steps =
      shown > 0 && isSlow
      ? Rung.refinements(after: shown, to: full, among: sizes) : [Rung(full)]
    for rung in steps {
      let rendered = picture(ws, request, rung) {
        mailbox.read { $0.isStopped || $0.requests[.current] != nil }
      }
      guard let (image, seconds) = rendered else {
        // The picture to compare with is still wanted when the newer request is done.
        if request.subject == .reference { putBack(request) }
        return
      }
      if rung == Rung(full) {
        finish(image, seconds, isShown: false)
      } else {
        send(.picture(report(rung, isSettled: false, seconds), image))
      }
    }
  }

  /// A small picture: of the size nearest to it that the network has, or scaled down.
  private mutating func renderThumbnail(_ request: RenderRequest, _ directions: DirectionLibrary) {
    let side = RenderRequest.thumbnailSide
    func report(_ image: PixelImage, _ seconds: Double) -> RenderReport {
      RenderReport(
        request: request.number, subject: .thumbnail, resolution: image.width, isFull: false,
        isSettled: true, seconds: seconds, distance: 0)
    }
    func small(_ image: PixelImage) -> PixelImage {
      image.width > side ? image.scaled(width: side, height: side) : image
    }
    if let known = thumbnails.find(request.recipe) {
      deliver(.picture(report(known.image, known.report.seconds), known.image))
      return
    }
    var made: (image: PixelImage, seconds: Double)?
    if let known = pictures.find(request.recipe) {
      made = (small(known.image), 0)
    } else {
      do {
        let ws = try request.recipe.ws(model: model, directions: directions, cache: &latents)
        let sizes = model.configuration.previewResolutions
        let size = sizes.last { $0 <= side } ?? sizes.first ?? full
        let mailbox = mailbox
        made = picture(ws, request, Rung(size)) {
          mailbox.read { $0.isStopped || $0.requests[.current] != nil }
        }.map { (small($0), $1) }
        if made == nil { putBack(request) }
      } catch {
        deliver(.failed(request: request.number, reason: error.description))
      }
    }
    guard let made else { return }
    let report = report(made.image, made.seconds)
    thumbnails.insert(.init(recipe: request.recipe, image: made.image, report: report))
    deliver(.picture(report, made.image))
  }

  /// Leaves a request that was interrupted for later, unless a newer one is there.
  private func putBack(_ request: RenderRequest) {
    mailbox.update { box in
      if box.requests[request.subject] == nil { box.requests[request.subject] = request }
    }
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
    _ ws: Tensor, _ request: RenderRequest, _ rung: Rung, isCancelled: () -> Bool
  ) -> (PixelImage, seconds: Double)? {
    let noise = request.recipe.noise.noiseMode
    let block = kept.firstBlock(of: ws, noise, rung)
    let start = clock()
    let output = model.synthesize(
      ws: ws, noise: noise, upTo: rung.resolution == full ? nil : rung.resolution,
      precision: rung.precision, isCancelled: isCancelled)
    kept.record(ws, noise, rung, isWhole: output != nil)
    guard let output else { return nil }
    let image = PixelImage(networkOutput: output)
    let seconds = clock() - start
    budget.record(rung, from: block, seconds: seconds)
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
