import Testing

@testable import mien

struct TextTableTests {
  @Test func columnsAlignAndLinesEndWithoutSpaces() {
    var table = TextTable()
    table.append(["a", "bb", ""])
    table.append(["größe", "b"])
    table.append([])
    #expect(table.text == "a      bb\ngröße  b\n\n")
  }

  @Test(arguments: [
    (0.5, 2, "0.5"), (-1.6, 2, "-1.6"), (3, 2, "3"), (0.004, 2, "0"), (-0.004, 2, "0"),
    (0.005, 2, "0.01"), (12.345, 1, "12.3"), (0.0625, 4, "0.0625"), (-0.999, 2, "-1"),
    (.infinity, 2, "inf"),
  ])
  func shortNumbers(value: Double, decimals: Int, text: String) {
    #expect(short(value, decimals: decimals) == text)
  }
}
