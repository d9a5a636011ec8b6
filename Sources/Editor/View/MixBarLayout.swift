package import TUI

/// The mix bar on its line: `A ━━━━┃████┃━━━━━━ B  4 | 8`.
package struct MixBarLayout: Hashable, Sendable {
  package let mark: Rect
  /// From the first part to the last; the letters stand outside.
  package let bar: Rect
  package let numbers: Rect
  package let scale: Int
  package let handles: HandleBar

  package init(_ rect: Rect, mix: MixPanel, isNarrow: Bool) {
    var rest = rect
    if !isNarrow { _ = rest.takeLeft(FieldLayout.titleColumns - 1) }
    mark = rest.takeLeft(1)
    var handles = HandleBar(count: mix.rowCount, handles: mix.borders, isSecond: mix.isB)
    handles.shares = mix.weights
    self.handles = handles
    _ = rest.takeLeft(2)
    var after = rest
    let scale = handles.scale(available: rest.size.columns - 2 - 8, limit: 3)
    self.scale = scale
    bar = after.takeLeft(handles.width(scale: scale))
    _ = after.takeLeft(2)
    numbers = after
  }
}
