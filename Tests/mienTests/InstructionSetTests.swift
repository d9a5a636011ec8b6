import Checkpoints
import Foundation
import Tensors
import Testing

/// What a processor lacks costs time, not the picture. oneDNN's own variable takes instructions away
/// from the library and from the kernels alike.
@Suite(.serialized) struct InstructionSetTests {
  private let mien: MienProcess

  init() throws { mien = try MienProcess() }

  private func pictures(limit: String?) throws -> [Float] {
    let result = try mien.run(
      ["generate", "--seeds", "1,2", "-o", "\(limit ?? "all").npy"],
      environment: limit.map { ["ONEDNN_MAX_CPU_ISA": $0] } ?? [:])
    try #require(result.status == 0, "\(result.errors)")
    return try NPYArray.load(path: mien.path("\(limit ?? "all").npy")).tensor.values
  }

  @Test func everySetGivesTheSamePicture() throws {
    let expected = try pictures(limit: "SSE41")
    let range = expected.reduce(0) { max($0, abs($1)) }
    for limit in ["AVX2", "AVX512_CORE", nil] {
      let found = try pictures(limit: limit)
      #expect(found.count == expected.count)
      let error = zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / range
      #expect(error < 5e-5, "\(limit ?? "no limit")")
    }
  }

  @Test func benchSaysWhatItRanOn() throws {
    let result = try mien.run(
      ["bench", "--resolution", "32", "--channel-base", "1024", "--runs", "1", "--json"],
      environment: ["ONEDNN_MAX_CPU_ISA": "AVX2"])
    #expect(result.status == 0)
    #expect(!result.output.contains("amx") && !result.output.contains("avx512"))
  }
}
