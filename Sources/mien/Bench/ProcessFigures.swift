import Glibc

/// What the kernel says a process uses.
struct ProcessFigures {
  var residentBytes = 0
  /// The most it ever had resident.
  var peakBytes = 0
  /// Of processor time, user and system, all threads.
  var processorSeconds = 0.0

  static var own: ProcessFigures { ProcessFigures(of: getpid()) }

  init(of process: pid_t) {
    for line in Self.text("/proc/\(process)/status").split(separator: "\n") {
      let words = line.split { $0 == " " || $0 == "\t" }
      guard words.count >= 2, let value = Int(words[1]) else { continue }
      if words[0] == "VmRSS:" { residentBytes = value * 1024 }
      if words[0] == "VmHWM:" { peakBytes = value * 1024 }
    }
    // The name in the second field may hold anything; the fields after its bracket are numbers.
    let stat = Self.text("/proc/\(process)/stat")
    let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
    if fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) {
      processorSeconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
  }

  private static func text(_ path: String) -> String {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: 8192)
    let count = unsafe read(file, &buffer, buffer.count)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }
}
