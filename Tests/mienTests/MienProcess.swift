import Foundation
import Testing

/// The built program, run as its user runs it.
struct MienProcess {
  /// What a run left behind.
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// Where the run's files go; also its home, so that the tester's own library is not touched.
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Beside the test bundle, in debug and release builds alike.
  static let executable: URL = {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: own).deletingLastPathComponent().appending(path: "mien")
  }()

  /// Runs to the end, in the run's folder.
  @discardableResult
  func callAsFunction(_ arguments: String...) throws -> Result { try run(arguments) }

  @discardableResult
  func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
    let running = try start(arguments, environment: environment)
    running.process.waitUntilExit()
    return try running.result()
  }

  struct Running {
    let process: Process
    let output: URL
    let errors: URL

    func result() throws -> Result {
      let killed = process.terminationReason == .uncaughtSignal
      return Result(
        status: killed ? -process.terminationStatus : process.terminationStatus,
        output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }
  }

  func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Running {
    let logs = try folder.fresh("run")
    let output = logs.appending(path: "stdout")
    let errors = logs.appending(path: "stderr")
    for file in [output, errors] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = MienProcess.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    process.environment = [
      "HOME": folder.url.path, "PATH": "/usr/bin:/bin", "TERM": "dumb", "LANG": "C.UTF-8",
    ].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    return Running(process: process, output: output, errors: errors)
  }

  func path(_ name: String) -> String { folder.url.appending(path: name).path }

  /// Names in the run's folder, without what this harness and the caches put there.
  func files(in name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: name.isEmpty ? folder.url.path : path(name)
    ).filter { !$0.hasPrefix("run-") && $0 != ".cache" }.sorted()
  }
}

/// A folder that goes away with its last user.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "mien-tests-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func fresh(_ prefix: String) throws -> URL {
    let folder = url.appending(path: "\(prefix)-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}

/// The command failed with exactly this line.
func expect(
  _ result: MienProcess.Result, fails status: Int32, _ words: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(result.status == status, sourceLocation: sourceLocation)
  #expect(result.errors == words + "\n", sourceLocation: sourceLocation)
  #expect(result.output == "", sourceLocation: sourceLocation)
}
