import Foundation
import Testing

@testable import mien

@Suite struct DoctorReportTests {
  private let cpuinfo = """
    processor\t: 0
    model name\t: Example(R) Processor 9000
    flags\t\t: fpu vme sse4_2 avx fma avx2 avx512f amx_tile

    processor\t: 1
    model name\t: Example(R) Processor 9000
    flags\t\t: fpu vme sse4_2 avx fma avx2 avx512f amx_tile
    """

  @Test func processorsAreReadFromWhatTheKernelSays() {
    let found = ProcessorDescription(cpuinfo: cpuinfo, count: 2)
    #expect(found.name == "Example(R) Processor 9000")
    #expect(found.features == ["sse4_2", "avx", "fma", "avx2", "avx512f", "amx_tile"])
    let unknown = ProcessorDescription(cpuinfo: "", count: 1)
    #expect(unknown.name == "unknown")
    #expect(unknown.findings.last?.value == "none known")
  }

  @Test func worksWithoutATerminal() throws {
    let mien = try MienProcess()
    let text = try mien("doctor")
    #expect(text.status == 0)
    #expect(text.errors == "")
    #expect(text.output.contains("not asked: input or output is not a terminal"))
    for library in ["oneDNN", "ncurses", "libsixel", "libpng", "zlib"] {
      #expect(text.output.contains("\n\(library) "))
    }
    let json = try mien("doctor", "--json")
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    let members = try #require(object as? [String: [String: Any]])
    #expect(Set(members.keys) == ["terminal", "machine", "libraries"])
    #expect(members["terminal"]?["reasons"] as? [String] == [])
    #expect(members["machine"]?["cores"] as? String != nil)
  }
}
