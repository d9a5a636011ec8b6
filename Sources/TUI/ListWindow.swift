/// Which lines of a list show through a window of some height.
package struct ListWindow: Hashable, Sendable {
  package var count: Int
  package var height: Int
  /// The first line shown.
  package private(set) var offset: Int

  package init(count: Int, height: Int, offset: Int = 0) {
    self.count = count
    self.height = max(0, height)
    self.offset = max(0, min(offset, count - self.height))
  }

  package var visible: Range<Int> { offset..<min(count, offset + height) }
  package var hasMoreAbove: Bool { offset > 0 }
  package var hasMoreBelow: Bool { offset + height < count }

  /// Scrolls as little as needed to show `index`, with `margin` lines around it where there are.
  package func revealing(_ index: Int, margin: Int = 0) -> ListWindow {
    let margin = max(0, min(margin, (height - 1) / 2))
    var offset = offset
    if index + margin >= offset + height { offset = index + margin - height + 1 }
    if index - margin < offset { offset = index - margin }
    return ListWindow(count: count, height: height, offset: offset)
  }

  package func scrolled(by lines: Int) -> ListWindow {
    ListWindow(count: count, height: height, offset: offset + lines)
  }
}
