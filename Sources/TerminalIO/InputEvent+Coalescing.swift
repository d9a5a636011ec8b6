package import TUI

extension InputEvent {
  /// Of motions of the same drag that wait one after the other only the newest counts; of several
  /// wakes one. Presses, releases and keys are all kept.
  package static func coalesced(_ events: [InputEvent]) -> [InputEvent] {
    var result: [InputEvent] = []
    for event in events {
      if let last = result.last, event.replaces(last) {
        result[result.count - 1] = event
      } else if event != .wake || !result.contains(.wake) {
        result.append(event)
      }
    }
    return result
  }

  private func replaces(_ older: InputEvent) -> Bool {
    switch (self, older) {
    case (.mouse(let new), .mouse(let old)):
      if case .drag = new.kind { return new.kind == old.kind && new.modifiers == old.modifiers }
      return false
    case (.resize, .resize): return true
    default: return false
    }
  }
}
