import BundledModel
import Files
import StyleGAN
import Testing

@Suite struct EncoderFileTests {
  private var bytes: [UInt8] { unsafe Array(BundledModel.encoderBytes) }

  private func load(_ bytes: [UInt8], generator: String = "", wDim: Int = 256) throws(EncoderError) {
    _ = try EncoderFile.load(Bytes(bytes), name: "e", generator: generator, wDim: wDim)
  }

  private func own() throws -> String {
    try unsafe ModelFile.load(bytes: BundledModel.bytes, name: "studio").sha256
  }

  @Test func isOfNoUseToAnotherGenerator() {
    #expect {
      try load(bytes, generator: String(repeating: "0", count: 64))
    } throws: { error in
      guard case .otherGenerator(_, _, let generator)? = error as? EncoderError else {
        return false
      }
      return generator.hasPrefix("000") && "\(error)".contains("another generator")
    }
  }

  @Test func refusesDamage() throws {
    let own = try own()
    for count in [0, 7, 100, bytes.count / 2, bytes.count - 1] {
      #expect(throws: EncoderError.self) {
        try load(Array(bytes.prefix(count)), generator: own)
      }
    }
    #expect(throws: EncoderError.self) { try load(bytes, generator: own, wDim: 17) }
  }

  @Test func aModelIsNoEncoder() {
    #expect {
      try load(unsafe Array(BundledModel.bytes))
    } throws: { error in
      guard case .notAnEncoder? = error as? EncoderError else { return false }
      return true
    }
  }
}
