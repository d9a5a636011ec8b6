import Foundation
import TUI
import TerminalIO
import Testing

@Suite struct PseudoTerminalTests {
  private func output(of terminal: PseudoTerminal, until text: String) -> String {
    var all: [UInt8] = []
    let end = Date().addingTimeInterval(20)
    while Date() < end, !String(decoding: all, as: UTF8.self).contains(text) {
      _ = terminal.wait(seconds: 0.1)
      all += terminal.read()
    }
    return String(decoding: all, as: UTF8.self)
  }

  @Test func runsACommandInATerminal() throws {
    let terminal = try PseudoTerminal(size: Size(columns: 91, rows: 17))
    try terminal.run(
      ["/bin/sh", "-c", "stty size; read word; echo \"got $word $NAME\"; exit 3"],
      environment: ["PATH=/usr/bin:/bin", "NAME=value"])
    #expect(terminal.process > 0)
    #expect(output(of: terminal, until: "91").contains("17 91"))
    terminal.send("hello\n")
    #expect(output(of: terminal, until: "value").contains("got hello value"))
    var status: Int32?
    let end = Date().addingTimeInterval(20)
    while status == nil, Date() < end {
      status = terminal.status()
      usleep(2000)
    }
    #expect(status == 3)
    #expect(terminal.process == 0)
  }

  @Test func endsWhatItStarted() throws {
    let terminal = try PseudoTerminal(size: Size(columns: 80, rows: 24))
    try terminal.run(["/bin/sleep", "100"], environment: [])
    let process = terminal.process
    terminal.end(by: SIGKILL)
    #expect(terminal.process == 0)
    #expect(kill(process, 0) == -1)
  }
}
