import CTerminal
import TUI

/// What the terminal answers when asked, without running a program in it.
package enum TerminalProbe {
  /// Seconds to wait for the last answer. Local terminals take a millisecond, distant ones the
  /// time of a round trip; those that do not answer at all are rare.
  package static let patience = 1.0

  /// Whether the answer to the last question is there.
  package static func isComplete(_ replies: [TerminalReply]) -> Bool {
    replies.contains { if case .attributes = $0 { true } else { false } }
  }

  package struct Result: Sendable {
    package var environment: TerminalEnvironment
    package var replies: [TerminalReply]
    package var seconds: Double
  }

  /// Asks and waits. The terminal is in raw mode meanwhile, and given back before this returns.
  package static func run(variables: [String: String]) throws(TerminalError) -> Result {
    let device = try TerminalDevice()
    let environment = device.environment(variables: variables)
    if environment.isDumb { return Result(environment: environment, replies: [], seconds: 0) }

    let code = mien_terminal_listen(device.output)
    guard code == 0 else {
      throw .system(operation: "tcsetattr", reason: NcursesGrid.reason(code))
    }
    defer { mien_terminal_stop_listening() }
    let clock = ContinuousClock()
    let start = clock.now
    var elapsed: Double { start.duration(to: clock.now) / .seconds(1) }
    var question = Array(TerminalQuery.capabilities.utf8)[...]
    var decoder = InputDecoder()
    var replies: [TerminalReply] = []
    while elapsed < patience, !isComplete(replies) {
      let ready = device.wait(alsoForOutput: !question.isEmpty, timeout: patience - elapsed)
      if ready.output { question = question.dropFirst(try device.write(question)) }
      guard ready.input else { continue }
      let bytes = try device.read()
      if bytes.isEmpty { break }
      for case .reply(let reply) in decoder.feed(bytes) { replies.append(reply) }
    }
    return Result(environment: environment, replies: replies, seconds: elapsed)
  }
}
