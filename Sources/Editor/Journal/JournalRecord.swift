package import Latents

/// One line of the journal: replayed in order, the records give the session back.
package enum JournalRecord: Hashable, Sendable {
  /// A step after the current one.
  case step(History.Step)
  /// The current step, changed.
  case amended(History.Step)
  /// The last step was taken back for good.
  case dropped
  /// Undo, redo, or a jump to this step.
  case moved(Int)
  case bookmarks([Recipe])
}

/// What a journal amounts to.
package struct JournalReplay: Hashable, Sendable {
  package private(set) var history: History?
  package private(set) var bookmarks: [Recipe] = []

  package init(_ records: some Sequence<JournalRecord>) {
    for record in records { apply(record) }
  }

  private mutating func apply(_ record: JournalRecord) {
    switch record {
    case .step(let step):
      if history == nil { history = History(step) } else { history?.push(step) }
    case .amended(let step): history?.amend(recipe: step.recipe, label: step.label)
    case .dropped:
      if let history, history.isAtEnd, history.canUndo { self.history?.dropLast() }
    case .moved(let index): history?.move(to: index)
    case .bookmarks(let recipes): bookmarks = recipes
    }
  }
}
