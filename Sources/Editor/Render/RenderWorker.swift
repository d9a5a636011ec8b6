package import Imaging
package import Latents
package import StyleGAN

/// What comes out of the render thread.
package enum RenderResult: Sendable {
  case picture(RenderReport, PixelImage)
  case failed(request: Int, reason: String)
}

/// Makes pictures on a thread of its own. Of each subject there is room for one request: a newer
/// one replaces it, and stops a full picture being made of the older one.
package final class RenderWorker: Sendable {
  struct Mailbox: Sendable {
    var requests: [RenderRequest.Subject: RenderRequest] = [:]
    var directions: DirectionLibrary
    var isStopped = false
    /// Seconds the screen takes to show a picture.
    var pace = 0.0

    mutating func takeNext() -> RenderRequest? {
      requests.removeValue(forKey: .current) ?? requests.removeValue(forKey: .reference)
        ?? requests.removeValue(forKey: .thumbnail)
    }
  }

  private let mailbox: Monitor<Mailbox>

  /// - Parameters:
  ///   - pause: seconds without a new request after which a picture of a movement is refined.
  ///   - stillness: seconds after which the movement is taken to be over.
  ///   - budget: seconds a picture may take while something moves.
  ///   - clock: seconds, only going forward.
  ///   - deliver: called on the render thread.
  package init(
    model: any LatentModel, directions: DirectionLibrary, pause: Double = 0.050,
    stillness: Double = 0.150, budget: Double = 0.026, clock: @escaping @Sendable () -> Double,
    deliver: @escaping @Sendable (RenderResult) -> Void
  ) {
    let mailbox = Monitor(Mailbox(directions: directions))
    self.mailbox = mailbox
    let isStarted = WorkerThread.start {
      var loop = RenderLoop(
        model: model, mailbox: mailbox, pause: min(pause, stillness), stillness: stillness,
        budget: PreviewBudget(seconds: budget), clock: clock, deliver: deliver)
      loop.run()
    }
    if !isStarted {
      deliver(.failed(request: .max, reason: "the system has no thread left to make pictures"))
    }
  }

  deinit { stop() }

  package func submit(_ request: RenderRequest) {
    mailbox.update { $0.requests[request.subject] = request }
  }

  /// Directions found meanwhile.
  package func use(_ directions: DirectionLibrary) {
    mailbox.update { $0.directions = directions }
  }

  /// The screen takes so many seconds for a picture: there is as much time to make the next one.
  package func keepPace(with seconds: Double) {
    mailbox.update { $0.pace = seconds }
  }

  /// Ends the thread soon; what is being made is dropped.
  package func stop() {
    mailbox.update { $0.isStopped = true }
  }
}
