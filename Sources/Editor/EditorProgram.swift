package import Imaging
package import Latents
import StyleGAN
package import TUI

/// The editor as a program for a terminal. It has one session at a time, and keeps those of the
/// other models that were in use.
package final class EditorProgram: TerminalProgram {
  private var session: EditorSession
  /// By the id in the list of models.
  private var parked: [String: EditorSession.Parked] = [:]
  private let catalog: ModelCatalog
  private let loader: ModelLoader
  private let wake: @Sendable () -> Void

  /// - Parameters:
  ///   - recipe: the first face.
  ///   - presetName: the preset it came from.
  ///   - notice: what to say at the start, if anything.
  ///   - catalog: the other models.
  ///   - wake: makes the terminal call `receive` with `InputEvent.wake`; from any thread.
  package init(
    model: EditorModel, recipe: Recipe, presetName: String? = nil, notice: Notice? = nil,
    catalog: ModelCatalog, wake: @escaping @Sendable () -> Void
  ) {
    self.catalog = catalog
    self.wake = wake
    loader = ModelLoader(catalog, wake: wake)
    session = EditorSession(
      model: model, recipe: recipe, presetName: presetName,
      services: catalog.services(model.summary.reference), wake: wake)
    if let notice { session.tell(notice) }
  }

  package var state: State { session.state }

  // MARK: TerminalProgram

  package func terminalDidStart(_ traits: TerminalTraits) { handle(.started(traits)) }

  package func receive(_ events: [InputEvent]) {
    for event in events {
      if event == .wake {
        session.openInbox()
        for message in loader.takeMessages() { handle(message) }
      } else {
        handle(.input(event, time: session.time))
      }
    }
    switchIfPossible()
  }

  package func view(_ size: Size) -> Frame {
    if state.screen.size != size { handle(.input(.resize(size), time: session.time)) }
    return Editor.view(state)
  }

  package func image(_ id: Int) -> PixelImage? { session.image(id) }

  package var imageQuality: ImageQuality {
    state.photo.grip != nil || state.pictures.current?.report.isSettled == false ? .draft : .still
  }

  package func terminalDidTake(_ seconds: Double) { session.terminalDidTake(seconds) }

  package var isFinished: Bool { state.isFinished }

  package func terminalWillEnd() {
    loader.stop()
    session.terminalWillEnd()
  }

  // MARK: Models

  private func handle(_ message: Message) {
    session.handle(message)
    for command in session.takeOutbox() {
      switch command {
      case .listModels: loader.list()
      case .loadModel(let listing): loader.load(listing)
      case .stopLoadingModel: loader.stop()
      default: break
      }
    }
    guard state.isFinished else { return }
    loader.stop()
    for other in parked.values { other.end() }
    parked = [:]
  }

  /// A model that has been loaded takes over as soon as nothing on the page is half done.
  private func switchIfPossible() {
    guard loader.hasLoaded, !state.isFinished else { return }
    guard state.canBeLeft else {
      session.handle(.modelProgress("ready"))
      return
    }
    guard let model = loader.takeLoaded() else { return }
    let (screen, seed, old) = (state.screen, state.recipe.latent.seed, state.model.id)
    parked[old] = session.park()
    // A file that was replaced meanwhile is another model.
    if let known = parked.removeValue(forKey: model.id), known.isOf(model) {
      session = EditorSession(model: model, resuming: known, wake: wake)
      handle(.cameBack(screen))
    } else {
      let configuration = model.model.configuration
      session = EditorSession(
        model: model, recipe: .newFace(seed: seed ?? 42, for: configuration),
        services: catalog.services(model.summary.reference), wake: wake)
      handle(.started(screen))
    }
    if state.notice == nil {
      session.tell(.information("“\(model.name)” is in use; M leads back to the others"))
    }
  }
}
