import Foundation
import TestFixtures
import Testing

/// README says what is true. (Its keys are tested beside the key table.)
@Suite struct ReadmeTests {
  private func readme() throws -> String {
    try String(
      contentsOf: TestFixtures.repository.appending(path: "README.md"), encoding: .utf8)
  }

  @Test func theGateRunsItsTestCommand() throws {
    let gate = try String(
      contentsOf: TestFixtures.repository.appending(path: ".ci/run"), encoding: .utf8)
    let command = try #require(gate.split(separator: "\n").last.map(String.init))
    #expect(try readme().contains("\n\(command)\n"))
  }

  @Test func itsPicturesExist() throws {
    let text = try readme()
    for match in text.matches(of: /!\[[^\]]*\]\(([^)]+)\)/) {
      let path = TestFixtures.repository.appending(path: String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(match.1)")
    }
    #expect(text.contains("!["))
  }
}
