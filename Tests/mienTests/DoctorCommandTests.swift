import Foundation
import Testing

struct DoctorCommandTests {
  @Test func worksWithoutATerminal() throws {
    let mien = try MienProcess()
    let text = try mien("doctor")
    #expect(text.status == 0)
    #expect(text.output.contains("oneDNN"))
    let json = try mien("doctor", "--json")
    #expect(json.status == 0)
    #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [String: Any])
  }
}
