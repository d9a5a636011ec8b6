import ArgumentParser
import FoundationEssentials
import TerminalIO

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "What this terminal and machine can do, and how that was found out.")

  @OptionGroup var json: JSONOption

  func run() {
    let report = DoctorReport.make(variables: ProcessInfo.processInfo.environment)
    StandardOutput.write(json.json ? report.json() : report.text())
  }
}
