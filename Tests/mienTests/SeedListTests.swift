import Testing

@testable import mien

struct SeedListTests {
  @Test(
    arguments: [
      ("7", [7]), ("0-3", [0, 1, 2, 3]), ("3,8,12-14", [3, 8, 12, 13, 14]), ("5,5,4-4", [5, 5, 4]),
      ("007", [7]), ("4294967295", [4_294_967_295]),
      ("4294967294-4294967295", [4_294_967_294, 4_294_967_295]),
    ] as [(String, [UInt32])])
  func spellings(text: String, seeds: [UInt32]) throws {
    #expect(Array(try SeedList(parsing: text)) == seeds)
  }

  @Test func aLongRangeTakesNoMemory() throws {
    let list = try SeedList(parsing: "5,0-4294967295")
    #expect(list.count == 4_294_967_297)
    #expect(list[0] == 5)
    #expect(list[4_294_967_296] == 4_294_967_295)
  }

  @Test(arguments: [
    ("", "write seeds as 7, 0-35 or 3,8,12-19"),
    ("a", "write seeds as 7, 0-35 or 3,8,12-19"),
    ("1,", "write seeds as 7, 0-35 or 3,8,12-19"),
    ("1-", "write seeds as 7, 0-35 or 3,8,12-19"),
    ("-1", "write seeds as 7, 0-35 or 3,8,12-19"),
    ("+1", "write seeds as 7, 0-35 or 3,8,12-19"),
    ("1-2-3", "write seeds as 7, 0-35 or 3,8,12-19"),
    ("1 2", "write seeds as 7, 0-35 or 3,8,12-19"),
    ("٣", "write seeds as 7, 0-35 or 3,8,12-19"),
    ("9-3", "the range 9-3 runs backwards"),
    ("4294967296", "seeds run from 0 to 4294967295"),
    ("99999999999999999999", "seeds run from 0 to 4294967295"),
  ])
  func anythingElseIsRefused(text: String, words: String) {
    let failure = #expect(throws: Failure.self) { _ = try SeedList(parsing: text) }
    #expect(failure?.status == .usage)
    #expect(failure?.description == words)
  }
}
