import Checkpoints
import Files
import Foundation
import Tensors
import Testing

@Suite struct SafetensorsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func roundTrip() throws {
    let path = folder / "a.safetensors"
    let a = Tensor((0..<6).map { Float($0) + 0.1 }, shape: [2, 3])
    let b = Tensor([7], shape: [])
    try Safetensors.save(
      [("a", a, .float32), ("b \"quoted\"", b, .float16), ("none", Tensor(zeros: [0]), .float32)],
      metadata: ["mien": "{\"x\": \"ü\\n\"}"], to: path)
    let checkpoint = try Checkpoint.open(path: path)
    #expect(checkpoint.names == ["a", "b \"quoted\"", "none"])
    #expect(checkpoint.metadata == ["mien": "{\"x\": \"ü\\n\"}"])
    #expect(try checkpoint.tensor("a").values == a.values)
    #expect(checkpoint.entry("a")?.type == .float32)
    #expect(checkpoint.entry("b \"quoted\"")?.type == .float16)
    #expect(try checkpoint.tensor("b \"quoted\"").values == [7])
    #expect(try checkpoint.tensor("none").count == 0)
    #expect(checkpoint.entry("c") == nil)
    #expect {
      try checkpoint.tensor("c")
    } throws: {
      "\($0)" == "\(path): there is no tensor \"c\""
    }
    let header = try MappedFile(path: path).bytes.integer(at: 0, as: UInt64.self)
    #expect((header! + 8) % 64 == 0)
  }

  /// Rounding to half precision against Swift's own.
  @Test func halves() throws {
    let path = folder / "h.safetensors"
    var values: [Float] = [0, -0.0, 65504, 65519.9, 65520, 1e-8, 6e-8, 2.98e-8, 1 / 3, .infinity]
    values += (0..<20_000).map { Float(sin(Double($0))) * pow(2, Float($0 % 50 - 30)) }
    try Safetensors.save([("x", Tensor(values, shape: [values.count]))], as: .float16, to: path)
    let read = try Checkpoint.open(path: path).tensor("x").values
    for (value, half) in zip(values, read) {
      #expect(half == Float(Float16(value)), "\(value)")
    }
  }

  private func parse(_ header: String, data: Int) throws -> Safetensors {
    let count = header.utf8.count
    return try Safetensors(
      Bytes(
        (0..<8).map { UInt8(count >> (8 * $0) & 255) } + Array(header.utf8)
          + [UInt8](repeating: 0, count: data)))
  }

  @Test func everyError() {
    func expect(_ description: String, _ header: String, data: Int) {
      #expect {
        try parse(header, data: data)
      } throws: {
        #expect("\($0)" == description)
        return true
      }
    }
    func one(_ fields: String) -> String { "{\"a\":{\(fields)}}" }
    expect(
      "\"a\" in the safetensors header: it is a number, not an object", "{\"a\":1}", data: 0)
    expect("\"a\" in the safetensors header: no dtype", one(""), data: 0)
    expect("\"a\" in the safetensors header: no shape", one("\"dtype\":\"F32\""), data: 0)
    expect(
      "\"a\" in the safetensors header: its shape is not made of counts",
      one("\"dtype\":\"F32\",\"shape\":[-1]"), data: 0)
    expect(
      "\"a\" in the safetensors header: no pair of data_offsets",
      one("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]"), data: 0)
    expect(
      "\"a\" in the safetensors header: unknown fields",
      one("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1"), data: 4)
    expect(
      "\"__metadata__\" in the safetensors header: \"k\" is a number, not a text",
      "{\"__metadata__\":{\"k\":1}}", data: 0)
    expect(
      "\"__metadata__\" in the safetensors header: it is a list, not an object",
      "{\"__metadata__\":[]}", data: 0)
    expect(
      "\"a\" of shape [2] in float16 does not fit its 8 bytes",
      one("\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]"), data: 8)
    expect(
      "\"a\" ends at byte 4 of 3: the file is cut off or damaged",
      one("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]"), data: 3)
  }
}
