/// Lists and loads models on threads of their own. Of several loads begun only the newest counts.
final class ModelLoader: Sendable {
  private struct Box: Sendable {
    /// Counts loads begun and stopped: what belongs to an older number is dropped.
    var number = 0
    var loaded: EditorModel?
    var messages: [Message] = []
  }
  private let catalog: ModelCatalog
  private let box = Monitor(Box())
  private let wake: @Sendable () -> Void

  init(_ catalog: ModelCatalog, wake: @escaping @Sendable () -> Void) {
    self.catalog = catalog
    self.wake = wake
  }

  /// The model loaded last, until it is taken.
  var hasLoaded: Bool { box.read { $0.loaded != nil } }

  func takeLoaded() -> EditorModel? {
    box.update { box in
      defer { box.loaded = nil }
      return box.loaded
    }
  }

  func takeMessages() -> [Message] {
    box.update { box in
      defer { box.messages = [] }
      return box.messages
    }
  }

  func list() {
    let (catalog, box, wake) = (catalog, box, wake)
    start {
      let models = catalog.models()
      box.update { $0.messages.append(.modelsListed(models)) }
      wake()
    }
  }

  func load(_ listing: ModelListing) {
    let (catalog, box, wake) = (catalog, box, wake)
    let number = box.update { box in
      box.number += 1
      box.loaded = nil
      return box.number
    }
    @Sendable func tell(_ message: Message) {
      box.update { if $0.number == number { $0.messages.append(message) } }
      wake()
    }
    start {
      do {
        let model = try catalog.load(
          listing,
          ModelCatalog.Loading(
            progress: { tell(.modelProgress($0)) },
            isCancelled: { box.read { $0.number != number } }))
        box.update { if $0.number == number { $0.loaded = model } }
        wake()
      } catch {
        tell(.modelFailed(name: listing.name, reason: "\(error)"))
      }
    }
  }

  func stop() {
    box.update { box in
      box.number += 1
      box.loaded = nil
    }
  }

  private func start(_ body: @escaping @Sendable () -> Void) {
    guard !WorkerThread.start(body) else { return }
    box.update { $0.messages.append(.failed("the system has no thread left to read models")) }
    wake()
  }
}
