import FoundationEssentials
import Glibc
import TUI
import TerminalIO

/// The editor as its user starts it, in a pseudo-terminal with sixels, 8 x 16 pixels a cell, that
/// reads as fast as it is given, or as slowly as a link would.
final class EditorInTerminal {
  /// Between this terminal and the editor.
  struct Link {
    /// Bytes a second; nil without limit.
    var rate: Double?
    /// Seconds from a question to its answer, beside what the rate takes.
    var roundTrip = 0.0
  }

  let terminal: PseudoTerminal
  private let link: Link
  private var stream = TerminalStream()
  private let clock = ContinuousClock()
  private let started: ContinuousClock.Instant
  private var answers: [(due: Double, text: String)] = []
  private var received = 0.0
  private var allowance = 0.0
  private var lastAllowed = 0.0

  /// When each picture was complete that differs from the one before it, and its bytes.
  private(set) var pictures: [(time: Double, bytes: Int)] = []
  /// Pictures sent although they show nothing new.
  private(set) var repetitions = 0
  private(set) var lastPicture: [UInt8] = []
  private(set) var lastPictureTime = 0.0

  /// - Parameter folder: where this editor keeps its journal.
  init(model: String, size: Size, folder: String, link: Link = Link()) throws {
    self.link = link
    terminal = try PseudoTerminal(size: size)
    var variables = ProcessInfo.processInfo.environment
    variables["TERM"] = "xterm-256color"
    variables["COLORTERM"] = "truecolor"
    variables["TMUX"] = nil
    variables["NO_COLOR"] = nil
    variables["XDG_STATE_HOME"] = folder
    started = clock.now
    try terminal.run(
      [try Self.executable(), "edit", "--model", model, "--graphics", "sixel"],
      environment: variables.map { "\($0)=\($1)" })
  }

  deinit { end() }

  /// This program.
  private static func executable() throws(Failure) -> String {
    guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else { throw .failed("the path of this program is not to be found in /proc/self/exe") }
    return path
  }

  /// Seconds since it was started.
  var now: Double { started.duration(to: clock.now) / .seconds(1) }

  func send(_ text: String) { terminal.send(text) }

  /// Is a terminal for a while, or until something holds.
  @discardableResult
  func pump(seconds: Double, until holds: () -> Bool = { false }) -> Bool {
    let end = now + seconds
    while true {
      if holds() { return true }
      let time = now
      if time >= end { return false }
      while let answer = answers.first, answer.due <= time {
        terminal.send(answer.text)
        answers.removeFirst()
      }
      var patience = end - time
      if let answer = answers.first { patience = min(patience, answer.due - time) }
      let limit = takeAllowance(time)
      if limit == 0 { patience = min(patience, 0.002) }
      guard limit > 0 else {
        usleep(UInt32(patience * 1e6))
        continue
      }
      // A millisecond is the least `poll` waits; close ends are awaited awake.
      guard terminal.wait(seconds: patience < 0.001 ? 0 : patience) else { continue }
      let bytes = terminal.read(atMost: limit)
      if bytes.isEmpty {
        if terminal.process == 0 || terminal.status() != nil { return holds() }
        usleep(1000)
      }
      allowance -= Double(bytes.count)
      for item in stream.feed(bytes) { handle(item) }
    }
  }

  private func takeAllowance(_ time: Double) -> Int {
    guard let rate = link.rate else { return .max }
    allowance = min(allowance + (time - lastAllowed) * rate, max(1024, rate * 0.02))
    lastAllowed = time
    return max(0, Int(allowance))
  }

  private func handle(_ item: TerminalStream.Item) {
    switch item {
    case .question(let answer): answers.append((now + link.roundTrip, answer))
    case .picture(let bytes):
      lastPictureTime = now
      if bytes == lastPicture {
        repetitions += 1
      } else {
        pictures.append((lastPictureTime, bytes.count))
        lastPicture = bytes
      }
    }
  }

  /// Waits until it shows and computes nothing any more, which ends what was asked of it before.
  /// - Returns: whether that came within the time.
  @discardableResult
  func waitUntilQuiet(atMost seconds: Double = 60) -> Bool {
    let end = now + seconds
    while now < end {
      let (count, before) = (pictures.count + repetitions, ProcessFigures(of: terminal.process))
      pump(seconds: 0.5)
      let used = ProcessFigures(of: terminal.process).processorSeconds - before.processorSeconds
      if count == pictures.count + repetitions, used < 0.05 { return true }
    }
    return false
  }

  func end() {
    guard terminal.process > 0 else { return }
    terminal.end(by: SIGTERM)
    pump(seconds: 2) { terminal.status() != nil }
    terminal.end(by: SIGKILL)
  }
}

/// A folder that goes away with its last user.
final class ScratchFolder {
  let path: String

  init() throws {
    let name = "mien-bench-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    let url = FileManager.default.temporaryDirectory.appending(path: name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
