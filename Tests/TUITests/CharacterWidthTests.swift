import TUI
import Testing

struct CharacterWidthTests {
  @Test(arguments: [
    ("a", 1), ("é", 1), ("e\u{301}", 1), ("ψ", 1), ("w̄", 1), ("─", 1), ("█", 1), ("▸", 1),
    ("漢", 2), ("あ", 2), ("한", 2), ("Ａ", 2), ("🙂", 2), ("❤\u{FE0F}", 2), ("🇨🇭", 2),
    ("★", 1), ("\u{301}", 0), ("\u{200B}", 0), ("…", 1), ("−", 1),
  ])
  func columns(text: String, columns: Int) { #expect(text.columns == columns) }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
    ("漢字漢", 5, "漢字…"), ("漢字漢", 4, "漢…"), ("", 3, ""),
  ])
  func truncation(text: String, limit: Int, result: String) {
    #expect(text.truncated(toColumns: limit) == result)
  }

  @Test func wrapping() {
    #expect("the quick brown fox".wrapped(toColumns: 10) == ["the quick", "brown fox"])
    #expect("a extraordinarily b".wrapped(toColumns: 6) == ["a", "extra…", "b"])
    #expect("".wrapped(toColumns: 6) == [])
    #expect("x".wrapped(toColumns: 0) == [])
  }
}
