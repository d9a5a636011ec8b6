import Foundation
import Testing

/// The demonstration program in a pseudo-terminal: whatever ends it, the terminal is as it was.
@Suite(.serialized) struct TerminalSessionTests {
  static let program: String? = {
    // Beside the test bundle.
    let folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let candidates = [
      folder, Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent(),
    ]
    return candidates.map { $0.appendingPathComponent("TerminalDemo").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  static let environment = [
    "TERM=xterm-256color", "LC_ALL=C.UTF-8", "SWIFT_BACKTRACE=enable=no", "PATH=/usr/bin:/bin",
  ]
  private static let enter = "\u{1b}[?1049h"
  private static let leave = "\u{1b}[?25h\u{1b}[?1049l"

  private func count(_ sequence: String, in text: String) -> Int {
    text.components(separatedBy: sequence).count - 1
  }

  private func start(_ arguments: [String] = []) throws -> (AnsweringTerminal, modes: [UInt8]) {
    let terminal = try AnsweringTerminal()
    let modes = terminal.modes
    try terminal.run([try #require(Self.program)] + arguments, environment: Self.environment)
    // The first picture has been sent.
    try #require(
      terminal.wait {
        $0.contains("\u{1b}[5n") || arguments.contains("ascii") && $0.contains("quit")
      })
    #expect(terminal.modes != modes)
    return (terminal, modes)
  }

  private func expectRestored(_ terminal: AnsweringTerminal, _ modes: [UInt8], times: Int = 1) {
    #expect(terminal.modes == modes)
    #expect(count(Self.leave, in: terminal.text) == times)
    #expect(count(Self.enter, in: terminal.text) == times)
    for mode in ["1002", "1006", "2004"] {
      #expect(count("\u{1b}[?\(mode)l", in: terminal.text) >= times)
    }
  }

  @Test(.enabled(if: program != nil)) func quits() throws {
    let (terminal, modes) = try start()
    #expect(terminal.text.contains("\u{1b}P0;1;0q"), "a sixel picture")
    terminal.send("q")
    #expect(terminal.waitForEnd() == 0)
    expectRestored(terminal, modes)
  }

  @Test(.enabled(if: program != nil), arguments: [SIGTERM, SIGINT, SIGHUP, SIGQUIT])
  func endsBySignal(_ signal: Int32) throws {
    let (terminal, modes) = try start()
    kill(terminal.process, signal)
    #expect(terminal.waitForEnd() == 128 + signal)
    expectRestored(terminal, modes)
    // Said by the program's last chance to save, kept until the terminal was given back.
    let after = terminal.text.components(separatedBy: Self.leave).last ?? ""
    #expect(after.contains("demo: saved"))
  }

  @Test(
    .enabled(if: program != nil),
    arguments: [("t", SIGILL), ("o", SIGSEGV), ("a", SIGABRT)])
  func crashes(_ key: String, _ signal: Int32) throws {
    let (terminal, modes) = try start()
    terminal.send(key)
    let status = try #require(terminal.waitForEnd())
    // A trap is an illegal instruction on x86 and a breakpoint on ARM.
    #expect(status == 128 + signal || key == "t" && status == 128 + SIGTRAP)
    expectRestored(terminal, modes)
    if key == "t" {
      let after = terminal.text.components(separatedBy: Self.leave).last ?? ""
      #expect(after.contains("the demo was asked to trap"), "the reason is on the screen")
    }
  }

  @Test(.enabled(if: program != nil)) func standardErrorComesAfterwards() throws {
    let (terminal, modes) = try start()
    // The second picture says that what came before it has been dealt with.
    terminal.send("e\u{1b}[C")
    #expect(terminal.wait { self.count("\u{1b}[5n", in: $0) == 2 })
    #expect(!terminal.text.contains("complaint"))
    terminal.send("q")
    #expect(terminal.waitForEnd() == 0)
    #expect(
      terminal.text.components(separatedBy: Self.leave).last?.contains("demo: complaint") == true)
    expectRestored(terminal, modes)
  }

  @Test(.enabled(if: program != nil)) func stopsAndGoesOn() throws {
    let terminal = try AnsweringTerminal()
    let modes = terminal.modes
    // A shell with job control: without one, nobody could continue the program.
    let script = "set -m; \"$0\"; echo STOPPED $?; stty -a; sleep 0.2; fg; echo ENDED $?"
    try terminal.run(
      ["/bin/bash", "-c", script, try #require(Self.program)], environment: Self.environment)
    try #require(terminal.wait { $0.contains("\u{1b}[5n") })
    terminal.send("\u{1a}")
    #expect(terminal.wait { $0.contains("STOPPED 148") })
    #expect(count(Self.leave, in: terminal.text) == 1)
    #expect(terminal.wait { self.count(Self.enter, in: $0) == 2 })
    #expect(terminal.text.contains(" icanon "))
    let redrawn = { (text: String) -> Bool in
      let last = text.components(separatedBy: Self.enter).last ?? ""
      return last.contains("position") && last.contains("\u{1b}P0;1;0q") && last.contains("resumed")
    }
    #expect(terminal.wait(until: redrawn))
    terminal.send("q")
    #expect(terminal.wait { $0.contains("ENDED 0") })
    _ = terminal.waitForEnd()
    expectRestored(terminal, modes, times: 2)
  }

  @Test(.enabled(if: program != nil)) func followsTheWindow() throws {
    let (terminal, modes) = try start()
    terminal.resize(columns: 100, rows: 30)
    #expect(terminal.wait { $0.contains("\u{1b}[30;1H") || $0.contains("\u{1b}[30d") })
    terminal.send("q")
    #expect(terminal.waitForEnd() == 0)
    expectRestored(terminal, modes)
  }

  @Test(.enabled(if: program != nil)) func silentTerminalsAreTakenAsTheyCome() throws {
    let terminal = try AnsweringTerminal()
    terminal.attributes = ""  // no answer that could be understood
    try terminal.run(
      [try #require(Self.program)], environment: Self.environment + ["COLORTERM=truecolor"])
    #expect(terminal.wait { $0.contains("38;2;") })
    terminal.send("q")
    #expect(terminal.waitForEnd() == 0)
  }

  @Test(.enabled(if: program != nil)) func refusesDumbAndTinyTerminals() throws {
    let dumb = try AnsweringTerminal()
    try dumb.run([try #require(Self.program)], environment: ["TERM=dumb"])
    #expect(dumb.waitForEnd() == 2)
    #expect(dumb.text.contains("TERM=dumb cannot place the cursor"))
    #expect(!dumb.text.contains("\u{1b}"))

    let tiny = try AnsweringTerminal(columns: 20, rows: 5)
    try tiny.run([try #require(Self.program)], environment: Self.environment)
    #expect(tiny.waitForEnd() == 2)
    #expect(tiny.text.contains("the terminal has 20x5 characters, the editor needs 40x12"))
    #expect(!tiny.text.contains("\u{1b}"))
  }
}
