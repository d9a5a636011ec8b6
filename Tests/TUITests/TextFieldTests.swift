import TUI
import Testing

struct TextFieldTests {
  private func typed(_ field: inout TextField, _ keys: [(Key, Modifiers)]) {
    for (key, modifiers) in keys { _ = field.receive(key, modifiers) }
  }

  @Test func editing() {
    var field = TextField("morning")
    typed(
      &field, [(.left, []), (.left, []), (.character("X"), []), (.backspace, []), (.delete, [])])
    #expect(field.text == "mornig")
    typed(&field, [(.home, []), (.character("A"), []), (.end, []), (.character("Z"), [])])
    #expect(field.text == "AmornigZ")
    typed(&field, [(.character("u"), .control)])
    #expect(field.text == "")
  }

  @Test func wordsAndLines() {
    var field = TextField("one two  three")
    typed(&field, [(.character("w"), .control)])
    #expect(field.text == "one two  ")
    typed(&field, [(.character("w"), .control)])
    #expect(field.text == "one ")
    typed(&field, [(.character("a"), .control), (.character("k"), .control)])
    #expect(field.text == "")
    let refused = [
      field.receive(.character("x"), .control), field.receive(.enter, []),
      field.receive(.character("x"), .alt),
    ]
    #expect(refused == [false, false, false])
  }

  @Test func pastedControlCharactersAreDropped() {
    var field = TextField()
    field.insert("a\u{7}b\nc\u{1B}[")
    #expect(field.text == "abc[")
  }

  @Test func combiningCharacters() {
    var field = TextField("e")
    _ = field.receive(.character("\u{301}"), [])
    #expect(field.text == "é")
    #expect(field.cursor == 1)
    _ = field.receive(.backspace, [])
    #expect(field.text == "")
  }

  @Test func theCursorStaysInView() {
    var frame = Frame(size: Size(columns: 10, rows: 1))
    let field = TextField("a long name for a preset")
    field.draw(into: &frame, Rect(column: 2, row: 0, columns: 6, rows: 1), style: .plain)
    #expect(frame.cursor == Point(column: 7, row: 0))
    #expect(frame.description == "  reset\n[cursor at 7,0]\n")
  }
}
