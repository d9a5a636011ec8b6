import CPNG
import CZlib
import Glibc
import Latents
import TUI
import Tensors
import TerminalIO

/// What this terminal and this machine can do, and how that was found out.
struct DoctorReport {
  /// A subject with its findings, each a name and a value.
  struct Section {
    var title: String
    var findings: [(name: String, value: String)]
  }

  var sections: [Section]
  /// Why pictures are shown the way they are, one sentence each.
  var reasons: [String]
  var capabilities: Capabilities?

  /// Asks the terminal, when there is one, and waits a second at most.
  static func make(
    variables: [String: String], choice: GraphicsChoice = .auto,
    processors: ProcessorDescription = .current
  ) -> DoctorReport {
    var report = DoctorReport(sections: [], reasons: [], capabilities: nil)
    do {
      let probe = try TerminalProbe.run(variables: variables)
      report.add(probe, choice)
    } catch {
      let reason =
        error == .notATerminal ? "input or output is not a terminal" : error.description
      report.sections.append(
        Section(
          title: "terminal",
          findings: [("state", "not asked: \(reason)")]
            + Self.surroundings(.described(by: variables))))
    }
    report.sections.append(Section(title: "machine", findings: processors.findings))
    let engine = EngineDescription.current
    let instructions = "\(engine.instructionSet), \(engine.threads) threads"
    report.sections.append(
      Section(
        title: "libraries",
        findings: [("oneDNN", "\(engine.libraryVersion) (\(instructions))")]
          + TerminalLibraries.versions + [
            ("libpng", unsafe String(cString: mien_png_version())),
            ("zlib", unsafe String(cString: mien_zlib_version())),
          ]))
    return report
  }

  private mutating func add(_ probe: TerminalProbe.Result, _ choice: GraphicsChoice) {
    let environment = probe.environment
    let found = Capabilities(
      environment: environment, replies: probe.replies, choice: choice)
    capabilities = found
    reasons = found.reasons
    var findings = [
      ("size", "\(environment.size.columns)x\(environment.size.rows) characters"),
      (
        "window",
        environment.pixels.width > 0
          ? "\(environment.pixels.width)x\(environment.pixels.height) pixels, says the kernel"
          : "the kernel knows no pixels"
      ),
      ("cell", "\(found.cell.width)x\(found.cell.height) pixels"),
      ("pictures", found.graphics.rawValue),
      ("colours", Self.words(found.colors)),
      (
        "answers",
        TerminalProbe.isComplete(probe.replies)
          ? "after \(Self.milliseconds(probe.seconds)) ms"
          : "none within \(Self.milliseconds(TerminalProbe.patience)) ms"
      ),
    ]
    findings += probe.replies.map { Self.words($0) }
    findings += Self.surroundings(environment)
    sections.append(Section(title: "terminal", findings: findings))
  }

  private static func surroundings(
    _ environment: TerminalEnvironment
  ) -> [(name: String, value: String)] {
    var findings: [(name: String, value: String)] = []
    for name in ["TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR"] {
      if let value = environment[name] { findings.append((name, value)) }
    }
    findings.append(("terminfo", environment.terminfoColors.map { "\($0) colours" } ?? "no entry"))
    let between = [
      environment.isInTmux ? "tmux" : nil, environment.isInScreen ? "screen" : nil,
      environment.isRemote ? "ssh" : nil,
    ].compactMap { $0 }
    findings.append(("between", between.isEmpty ? "nothing" : between.joined(separator: ", ")))
    findings.append(
      (
        "locale",
        (environment.characterLocale ?? "none set")
          + (environment.isUTF8 ? ", UTF-8" : ", ASCII only")
      ))
    return findings
  }

  private static func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1000).rounded()) }

  private static func words(_ colors: ColorDepth) -> String {
    switch colors {
    case .trueColor: "24-bit"
    case .palette256: "256"
    case .palette16: "16"
    case .none: "none"
    }
  }

  private static func words(_ reply: TerminalReply) -> (name: String, value: String) {
    switch reply {
    case .attributes(let list):
      (
        "attributes",
        list.map(String.init).joined(separator: ";") + (list.contains(4) ? " (4 is sixel)" : "")
      )
    case .ready: ("status", "ready")
    case .cellSize(let width, let height): ("cell size", "\(width)x\(height) pixels")
    case .mode(2026, let state):
      ("synchronised updates", state == 1 || state == 2 ? "yes" : "no")
    case .mode(let mode, let state): ("mode \(mode)", "\(state)")
    case .version(let text): ("name", printable(text))
    case .background(let red, let green, let blue): ("background", "rgb \(red) \(green) \(blue)")
    }
  }

  /// What a terminal calls itself must not steer another.
  private static func printable(_ text: String) -> String {
    let harmless = text.unicodeScalars.filter { $0.value >= 0x20 && $0 != "\u{7f}" }
    return String(String.UnicodeScalarView(harmless))
  }

  func text() -> String {
    var text = ""
    for section in sections {
      text += section.title + "\n"
      var table = TextTable()
      for (name, value) in section.findings { table.append(["  " + name, value]) }
      text += table.text
      if section.title == "terminal", !reasons.isEmpty {
        text += "  because\n" + reasons.map { "    \($0)\n" }.joined()
      }
      text += "\n"
    }
    text.removeLast()
    return text
  }

  func json() -> String {
    var document = JSONMembers()
    for section in sections {
      var members = JSONMembers()
      for (name, value) in section.findings { members[name] = .string(value) }
      if section.title == "terminal" {
        members["reasons"] = .array(reasons.map { .string($0) })
      }
      document[section.title] = .object(members)
    }
    return JSONDocument.object(document).pretty
  }
}
