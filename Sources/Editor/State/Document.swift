package import Latents

/// What would be lost if it were not written down: the steps, the bookmarks, the preset's name.
package struct Document: Hashable, Sendable {
  package var history: History
  package var bookmarks: [Recipe] = []
  /// The preset this is, once loaded or saved.
  package var presetName: String?
  /// The recipe as it is in that preset, or of the first face.
  package var saved: Recipe
  /// Records that are not in the journal yet.
  package var unwritten: [JournalRecord] = []
  /// Steps of an earlier session that can be brought back.
  package var recoverableSteps: Int?

  package init(_ recipe: Recipe, label: String, presetName: String? = nil) {
    let first = History.Step(recipe, label: label, isStart: true)
    history = History(first)
    self.presetName = presetName
    saved = recipe
    unwritten = [.step(first)]
  }

  package var recipe: Recipe { history.current.recipe }
  package var isChanged: Bool { recipe != saved }

  package mutating func push(_ step: History.Step) {
    history.push(step)
    unwritten.append(.step(step))
  }

  /// Rewrites the current step while a movement goes on; the journal gets only the last version.
  package mutating func amend(recipe: Recipe, label: String) {
    history.amend(recipe: recipe, label: label)
    switch unwritten.last {
    case .step: unwritten[unwritten.count - 1] = .step(history.current)
    case .amended: unwritten[unwritten.count - 1] = .amended(history.current)
    default: unwritten.append(.amended(history.current))
    }
  }

  package mutating func dropLast() {
    history.dropLast()
    if case .step = unwritten.last {
      unwritten.removeLast()
    } else {
      unwritten.append(.dropped)
    }
  }

  package mutating func move(to index: Int) {
    history.move(to: index)
    if case .moved = unwritten.last { unwritten.removeLast() }
    unwritten.append(.moved(history.index))
  }

  package mutating func toggleBookmark() {
    if let index = bookmarks.firstIndex(of: recipe) {
      bookmarks.remove(at: index)
    } else {
      bookmarks.append(recipe)
    }
    unwritten.append(.bookmarks(bookmarks))
  }

  package mutating func addBookmarks(_ recipes: [Recipe]) {
    bookmarks += recipes.filter { !bookmarks.contains($0) }
    unwritten.append(.bookmarks(bookmarks))
  }
}
