import Editor
import Foundation
import TUI
import Testing

struct EditorKeysTests {
  /// Building the table traps on a chord bound twice; this makes sure that it is built.
  @Test func everyContextHasKeys() {
    for context in Context.allCases {
      #expect(!EditorKeys.table.bindings(in: context).isEmpty)
    }
  }

  @Test func noKeyIsShadowedByAnotherContextOfTheSameMoment() {
    // On a control that takes digits and in the mix, keys of the page must stay reachable.
    let page = Set(EditorKeys.table.bindings(in: .page).flatMap(\.chords))
    for context in [Context.value, .slider, .mix] {
      let inner = Set(EditorKeys.table.bindings(in: context).flatMap(\.chords))
      #expect(page.isDisjoint(with: inner))
    }
    let list = Set(EditorKeys.table.bindings(in: .list).flatMap(\.chords))
    let presets = Set(EditorKeys.table.bindings(in: .presets).flatMap(\.chords))
    #expect(list.isDisjoint(with: presets))
  }

  @Test func everyBindingHasAKey() {
    for binding in EditorKeys.table.bindings {
      #expect(!binding.chords.isEmpty, "\(binding.id) has only the mouse")
      #expect(!binding.help.isEmpty)
    }
  }

  /// Whatever a click can start is bound to a key as well.
  @Test func hintsLeadToBoundActions() {
    let editor = ScriptedEditor(120, 40)
    let actions = Set(EditorKeys.table.bindings.map(\.action))
    for region in editor.state.regions {
      if case .hint(let action) = region.target { #expect(actions.contains(action)) }
    }
  }

  @Test func helpListsEveryKey() {
    var editor = ScriptedEditor(160, 60)
    editor.keys("?")
    var text = editor.screen
    editor.keys("pagedown")
    text += editor.screen
    for binding in EditorKeys.table.bindings {
      #expect(
        text.contains(binding.help.truncated(toColumns: 30).dropLast()), "\(binding.id) is missing")
    }
  }

  private static let readme = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "README.md")

  /// Between the marks README has the tables that the key table makes.
  @Test(
    .enabled(
      if: ((try? String(contentsOf: readme, encoding: .utf8))?.contains("<!-- keys -->") ?? false),
      "README has no place for the keys"))
  func readmeHasTheseKeys() throws {
    let text = try String(contentsOf: EditorKeysTests.readme, encoding: .utf8)
    let begin = try #require(text.range(of: "<!-- keys -->\n"))
    let end = try #require(text.range(of: "<!-- /keys -->"))
    #expect(
      String(text[begin.upperBound..<end.lowerBound]) == EditorKeys.markdown,
      "replace it by:\n\(EditorKeys.markdown)")
  }

  @Test func markdownHasARowForEachBinding() {
    let rows = EditorKeys.markdown.split(separator: "\n").filter { $0.hasPrefix("| `") }
    #expect(rows.count == EditorKeys.table.bindings.count)
  }
}
