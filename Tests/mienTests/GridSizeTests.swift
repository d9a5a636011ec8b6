import Testing

@testable import mien

struct GridSizeTests {
  @Test func columnsComeFirst() throws {
    let grid = try GridSize(parsing: "6x4")
    #expect(grid.columns == 6)
    #expect(grid.rows == 4)
    #expect(grid.count == 24)
    #expect(grid.description == "6x4")
  }

  @Test(arguments: ["", "6", "6x", "x4", "6x4x2", "0x4", "-1x4", "1001x1", "6 x 4", "6*4"])
  func anythingElseIsRefused(text: String) {
    let failure = #expect(throws: Failure.self) { _ = try GridSize(parsing: text) }
    #expect(failure?.description == "write a grid as COLSxROWS, such as 6x4")
  }
}
