import TUI
import Testing

struct KeyTableTests {
  private let table = KeyTable<String, Int>([
    KeyBinding(
      "less", in: "page", [KeyChord(.left), .character("h")], help: "less", mouse: "drag",
      action: 1),
    KeyBinding(
      "redo", in: "page", [.control("r"), .character("|")], help: "redo", hint: "redo", action: 2),
    KeyBinding("inner", in: "mix", [.character("h")], help: "inner", hint: "redo", action: 3),
    KeyBinding("type", in: "mix", [.character("1")], keys: "1…9", help: "type", action: 4),
  ])

  @Test func theInnermostContextDecides() {
    #expect(table.action(for: .character("h"), in: ["page"]) == 1)
    #expect(table.action(for: .character("h"), in: ["mix", "page"]) == 3)
    #expect(table.action(for: .control("r"), in: ["mix", "page"]) == 2)
    #expect(table.action(for: .character("r"), in: ["mix", "page"]) == nil)
    #expect(table.action(for: .character("h"), in: []) == nil)
  }

  @Test func names() {
    #expect(KeyChord(.left, [.control, .shift]).description == "ctrl-shift-←")
    #expect(KeyChord.character(" ").description == "space")
    #expect(KeyChord(.function(5), .alt).description == "alt-F5")
    #expect(table.bindings(in: "page").map(\.keys) == ["← h", "ctrl-r |"])
  }

  @Test func hintsOnlyOnce() {
    #expect(table.hints(in: ["mix", "page"]).map(\.id) == ["inner"])
    #expect(table.hints(in: ["page"]).map(\.id) == ["redo"])
  }

  @Test func markdown() {
    #expect(
      table.markdown(contexts: [("page", "everywhere"), ("mix", "in the mix")]) == """
        | everywhere | | mouse |
        |---|---|---|
        | `←` `h` | less | drag |
        | `ctrl-r` `\\|` | redo |  |

        | in the mix | | mouse |
        |---|---|---|
        | `h` | inner |  |
        | `1…9` | type |  |

        """)
  }

  @Test func duplicatesTrap() async {
    await #expect(processExitsWith: .failure) {
      _ = KeyTable<String, Int>([
        KeyBinding("a", in: "page", [.character("x")], help: "", action: 1),
        KeyBinding("b", in: "page", [.character("x")], help: "", action: 2),
      ])
    }
    await #expect(processExitsWith: .failure) {
      _ = KeyTable<String, Int>([
        KeyBinding("a", in: "page", [.character("x")], help: "", action: 1),
        KeyBinding("a", in: "page", [.character("y")], help: "", action: 2),
      ])
    }
  }
}
