import Glibc

/// What the kernel says about the processors.
struct ProcessorDescription {
  var name: String
  var count: Int
  /// Those instruction sets that the engine makes use of.
  var features: [String]

  /// The features that matter here, in the order they are listed.
  private static let interesting = [
    "sse4_2", "avx", "fma", "avx2", "f16c", "avx512f", "avx512vl", "avx512_vnni", "avx512_bf16",
    "avx512_fp16", "amx_tile", "amx_bf16", "asimd", "sve", "bf16",
  ]

  /// - Parameter text: the contents of /proc/cpuinfo.
  init(cpuinfo text: String, count: Int) {
    var name: String?
    var found: Set<Substring> = []
    for line in text.split(separator: "\n") {
      let halves = line.split(separator: ":", maxSplits: 1)
      guard halves.count == 2 else { continue }
      switch halves[0].filter({ $0 != "\t" && $0 != " " }) {
      case "modelname", "Model": name = name ?? String(halves[1].drop { $0 == " " })
      case "flags", "Features": found.formUnion(halves[1].split(separator: " "))
      default: break
      }
      // All processors of a machine are the same; the first tells enough.
      if name != nil, !found.isEmpty { break }
    }
    self.name = name ?? "unknown"
    self.count = count
    features = Self.interesting.filter { found.contains($0[...]) }
  }

  static var current: ProcessorDescription {
    ProcessorDescription(cpuinfo: cpuinfo, count: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  /// Not mapped: files of /proc have no size.
  private static var cpuinfo: String {
    let file = unsafe open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while bytes.count < 65536 {
      let count = unsafe read(file, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  var findings: [(name: String, value: String)] {
    [
      ("processor", name), ("cores", "\(count)"),
      ("instructions", features.isEmpty ? "none known" : features.joined(separator: " ")),
    ]
  }
}
