import Latents

/// How the recipe changes: every way goes through here, so that undo, the journal and the picture
/// follow.
extension State {
  /// Makes a new picture, and one to compare with where that is shown.
  mutating func requestPicture(isMoving: Bool) -> [Command] {
    pictures.lastRequest += 1
    pictures.lastCurrentRequest = pictures.lastRequest
    return [
      .render(
        RenderRequest(
          number: pictures.lastRequest, subject: .current, recipe: recipe, isMoving: isMoving))
    ] + requestReference()
  }

  mutating func requestReference() -> [Command] {
    guard pictures.comparison != .off else { return [] }
    if pictures.comparison == .partnerBeside, mix.partner == nil { pictures.comparison = .off }
    pictures.lastRequest += 1
    return [
      .render(
        RenderRequest(
          number: pictures.lastRequest, subject: .reference, recipe: referenceRecipe,
          isMoving: false))
    ]
  }

  /// A change by hand: movements of the same thing in quick succession are one step.
  mutating func change(
    _ recipe: Recipe, label: String, subject: Gesture.Subject, time: Double, isDrag: Bool = false
  ) -> [Command] {
    unflip()
    let continues =
      gesture.map {
        $0.subject == subject && ($0.isDrag || time - $0.time < Gesture.patience)
      } ?? false
    guard recipe != self.recipe else {
      if continues {
        gesture?.time = time
      } else if isDrag {
        closeGesture()
        gesture = Gesture(subject: subject, time: time, isDrag: true, hasStep: false)
      }
      return []
    }
    if continues, gesture?.hasStep == true, document.history.isAtEnd {
      document.amend(recipe: recipe, label: label)
      gesture?.time = time
    } else {
      if !continues { closeGesture() }
      document.push(History.Step(recipe, label: label))
      gesture = Gesture(
        subject: subject, time: time, isDrag: isDrag || (continues && gesture?.isDrag == true),
        hasStep: true)
    }
    return requestPicture(isMoving: true)
  }

  /// A change that is a step of its own.
  mutating func step(
    _ recipe: Recipe, label: String, isStart: Bool = false, projection: JSONDocument? = nil
  ) -> [Command] {
    unflip()
    closeGesture()
    guard recipe != self.recipe || isStart else { return [] }
    document.push(
      History.Step(recipe, label: label, isStart: isStart, projection: projection))
    mix.follow(recipe.mix)
    revealFocus()
    return requestPicture(isMoving: false)
  }

  /// Ends a movement; one that came back to where it began leaves no step.
  mutating func closeGesture() {
    guard let ended = gesture else { return }
    gesture = nil
    let history = document.history
    if ended.hasStep, history.isAtEnd, history.canUndo, !history.current.isStart,
      history.steps[history.index - 1].recipe == history.current.recipe
    {
      document.dropLast()
    }
  }

  private mutating func unflip() {
    if pictures.comparison.isFlipped { pictures.comparison = .off }
  }

  // MARK: Steps

  mutating func move(toStep index: Int) -> [Command] {
    closeGesture()
    let old = recipe
    document.move(to: index)
    mix.follow(recipe.mix)
    panel.typed = nil
    revealFocus()
    return recipe == old ? [] : requestPicture(isMoving: false)
  }

  mutating func undo() -> [Command] {
    closeGesture()
    guard document.history.canUndo else {
      notice = .information("nothing to undo")
      return []
    }
    let label = document.history.current.label
    let commands = move(toStep: document.history.index - 1)
    notice = .information("undone: \(label)")
    return commands
  }

  mutating func redo() -> [Command] {
    closeGesture()
    guard document.history.canRedo else {
      notice = .information("nothing to redo")
      return []
    }
    let commands = move(toStep: document.history.index + 1)
    notice = .information("redone: \(document.history.current.label)")
    return commands
  }

  /// Brings an earlier session back after the steps of this one: undo leads to them.
  mutating func restore(_ restored: History, bookmarks: [Recipe]) -> [Command] {
    closeGesture()
    document.recoverableSteps = nil
    let base = document.history.index + 1
    for step in restored.steps { document.push(step) }
    if !bookmarks.isEmpty { document.addBookmarks(bookmarks) }
    notice = .information("the earlier session is back; undo leads to this one")
    let commands = move(toStep: base + restored.index)
    return commands.isEmpty ? requestPicture(isMoving: false) : commands
  }

  // MARK: Faces

  /// A new face: ψ, cutoff and noise stay, edits and mix go.
  mutating func startFace(seed: UInt32) -> [Command] {
    var fresh = recipe
    fresh.latent = .seed(seed, classIndex: recipe.latent.classIndex)
    fresh.edits = []
    fresh.mix = []
    document.presetName = nil
    let commands = step(fresh, label: "new face, seed \(seed)", isStart: true)
    document.saved = fresh
    return commands
  }

  /// The next seed or the one before, with the edits as they are.
  mutating func walkSeed(by distance: Int, time: Double) -> [Command] {
    guard let seed = recipe.latent.seed else {
      notice = .information("this face is \(recipe.latent.summary), not a seed")
      return []
    }
    var next = recipe
    let moved = seed.moved(by: distance)
    next.latent = .seed(moved, classIndex: recipe.latent.classIndex)
    return change(next, label: "seed \(moved)", subject: .seed, time: time)
  }

  mutating func clearEdits() -> [Command] {
    var plain = recipe
    plain.edits = []
    plain.mix = []
    return step(plain, label: "no edits")
  }

  /// Goes to the next bookmark, or the first; one undo leads back from all of them.
  mutating func nextBookmark(time: Double) -> [Command] {
    guard !document.bookmarks.isEmpty else {
      notice = .information("no bookmarks yet: * sets one")
      return []
    }
    let index = document.bookmarks.firstIndex(of: recipe).map { $0 + 1 } ?? 0
    let next = index % document.bookmarks.count
    let commands = change(
      document.bookmarks[next], label: "bookmark \(next + 1)", subject: .bookmarks, time: time)
    mix.follow(recipe.mix)
    notice = .information("bookmark \(next + 1) of \(document.bookmarks.count)")
    return commands
  }
}

extension UInt32 {
  /// Steps along the seeds, stopping at both ends.
  func moved(by distance: Int) -> UInt32 {
    UInt32(Swift.min(Swift.max(Int(self) + distance, 0), Int(UInt32.max)))
  }
}
