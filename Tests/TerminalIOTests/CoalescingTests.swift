import TUI
import TerminalIO
import Testing

@Suite struct CoalescingTests {
  private func drag(_ column: Int, _ modifiers: Modifiers = []) -> InputEvent {
    .mouse(MouseEvent(.drag(1), at: Point(column: column, row: 0), modifiers: modifiers))
  }
  private func press(_ column: Int) -> InputEvent {
    .mouse(MouseEvent(.press(1), at: Point(column: column, row: 0)))
  }

  @Test func onlyTheNewestOfConsecutiveDragsRemains() {
    #expect(
      InputEvent.coalesced([press(1), drag(2), drag(3), drag(4), press(4), drag(5)])
        == [press(1), drag(4), press(4), drag(5)])
  }

  @Test func dragsWithOtherModifiersAreOthers() {
    #expect(
      InputEvent.coalesced([drag(1), drag(2, .shift), drag(3, .shift)])
        == [drag(1), drag(3, .shift)])
  }

  @Test func keysAreNeverDropped() {
    let keys = Array(repeating: InputEvent.key(.right, []), count: 5)
    #expect(InputEvent.coalesced(keys) == keys)
  }

  @Test func wakesAndResizesAreOne() {
    let (small, large) = (Size(columns: 1, rows: 1), Size(columns: 2, rows: 2))
    #expect(
      InputEvent.coalesced([.wake, .key(.up, []), .wake, .resize(small), .resize(large)])
        == [.wake, .key(.up, []), .resize(large)])
  }
}
