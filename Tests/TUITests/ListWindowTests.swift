import TUI
import Testing

struct ListWindowTests {
  @Test func showsAsLittleAsNeeded() {
    var window = ListWindow(count: 20, height: 5)
    #expect(window.visible == 0..<5)
    #expect(!window.hasMoreAbove && window.hasMoreBelow)
    window = window.revealing(4)
    #expect(window.offset == 0)
    window = window.revealing(5)
    #expect(window.offset == 1)
    window = window.revealing(10, margin: 1)
    #expect(window.visible == 7..<12)
    window = window.revealing(19, margin: 1)
    #expect(window.visible == 15..<20)
    #expect(window.hasMoreAbove && !window.hasMoreBelow)
    window = window.revealing(0, margin: 2)
    #expect(window.offset == 0)
  }

  @Test func staysInside() {
    #expect(ListWindow(count: 3, height: 10, offset: 9).visible == 0..<3)
    #expect(ListWindow(count: 0, height: 0).visible.isEmpty)
    #expect(ListWindow(count: 9, height: 4).scrolled(by: 100).offset == 5)
    #expect(ListWindow(count: 9, height: 4).scrolled(by: -100).offset == 0)
    for index in 0..<9 {
      #expect(
        ListWindow(count: 9, height: 1).revealing(index, margin: 3).visible == index..<index + 1)
    }
  }
}
