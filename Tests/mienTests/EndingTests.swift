import ArgumentParser
import Testing

@testable import mien

struct EndingTests {
  @Test func failuresAreOneLineWithTheProgramsName() {
    let ending = Ending(Failure.failed("no\nlines"))
    #expect(ending.status == 1)
    #expect(ending.text == "mien: no lines")
  }

  /// File names and file contents are quoted in errors.
  @Test func controlCharactersNeverReachTheTerminal() {
    #expect(Ending.oneLine("a\u{1B}]0;b\u{7}\u{9B}c\td\u{7F}é") == "a�]0;b��c�d�é")
  }

  @Test func usageErrorsSayWhereHelpIs() {
    let ending = parse(["generate", "--seeds", "1", "-o", "x", "--bogus"])
    #expect(ending.status == 2)
    #expect(ending.text == "mien: Unknown option '--bogus' (see 'mien generate --help')")
  }

  @Test func valuesKeepTheReason() {
    let ending = parse(["generate", "--seeds", "9-3", "-o", "x"])
    #expect(ending.status == 2)
    #expect(
      ending.text
        == "mien: The value '9-3' is invalid for '--seeds <seeds>': the range 9-3 runs backwards (see 'mien generate --help')"
    )
  }

  @Test func helpIsNoError() {
    let ending = parse(["generate", "--help"])
    #expect(ending.status == 0)
    #expect(ending.text.hasPrefix("OVERVIEW: Make pictures of seeds or presets."))
  }

  private func parse(_ arguments: [String]) -> Ending {
    do {
      var command = try Mien.parseAsRoot(arguments)
      // Help is a command too.
      try command.run()
      return Ending(Failure.failed("nothing was wrong"))
    } catch { return Ending(error) }
  }
}
