import Foundation
import Testing

struct EditCommandTests {
  private let mien: MienProcess

  init() throws { mien = try MienProcess() }

  @Test(arguments: [[], ["edit"], ["--seed", "7"], ["morning"], ["edit", "--graphics", "ascii"]])
  func withoutATerminal(arguments: [String]) throws {
    expect(
      try mien.run(arguments), fails: 2,
      "mien: the editor needs a terminal, but input or output is redirected; `mien generate` makes pictures without one"
    )
  }

  @Test func aWordThatIsNothing() throws {
    expect(
      try mien("genrate"), fails: 2,
      "mien: there is no command and no preset 'genrate' (see 'mien --help')")
    expect(
      try mien("edit", "face.json"), fails: 1,
      "mien: face.json: cannot open: No such file or directory")
  }

  @Test func optionsThatContradict() throws {
    expect(
      try mien("edit", "morning", "--seed", "3"), fails: 2,
      "mien: --seed and a preset both say which face to start with (see 'mien edit --help')")
    expect(
      try mien("edit", "--graphics", "ink"), fails: 2,
      "mien: The value 'ink' is invalid for '--graphics <auto|sixel|kitty|iterm|blocks|ascii>'. Please provide one of: auto, sixel, kitty, iterm, blocks, ascii (see 'mien edit --help')"
    )
  }

  @Test func helpNamesEveryCommand() throws {
    let result = try mien("--help")
    #expect(result.status == 0)
    for command in [
      "edit", "generate", "mix", "presets", "directions", "discover", "model", "doctor", "bench",
    ] {
      #expect(result.output.contains("\n  \(command) "), "\(command)")
    }
  }
}
