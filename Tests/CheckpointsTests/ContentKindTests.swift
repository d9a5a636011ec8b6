import Checkpoints
import Files
import Testing

@Suite struct ContentKindTests {
  private func kind(_ text: String) -> ContentKind {
    ContentKind(Bytes(text.unicodeScalars.map { UInt8($0.value) }))
  }

  @Test func toldByContent() {
    #expect(kind("") == .empty)
    #expect(kind("PK\u{3}\u{4}…".filter(\.isASCII)) == .zip)
    #expect(kind("\u{93}NUMPY\u{1}\0") == .npy)
    #expect(kind("\u{80}\u{2}}.") == .pickle)
    #expect(kind("\u{10}\0\0\0\0\0\0\0{\"a\"") == .safetensors)
    #expect(kind("  \n<!DOCTYPE html><html>") == .html)
    #expect(kind("<html lang=en>") == .html)
    #expect(kind("version https://git-lfs.github.com/spec/v1\noid") == .gitLFSPointer)
    #expect(kind("\u{ff}\u{d8}\u{ff}\u{e0}") == .picture("JPEG"))
    #expect(kind("\u{89}PNG\r\n\u{1a}\n") == .picture("PNG"))
    #expect(kind("\u{1f}\u{8b}\u{8}") == .gzip)
    #expect(kind("\u{89}HDF\r\n\u{1a}\n") == .hdf5)
    #expect(kind("GGUF\u{3}") == .gguf)
    #expect(kind(String(repeating: "\0", count: 257) + "ustar") == .tar)
    #expect(kind("Dear reader,\nthis is a text.") == .text)
    #expect(kind("\u{1}\u{2}\u{3}\u{ff}\u{fe}\u{4}\u{5}\u{6}\u{7}\u{8}") == .unknown)
    // Protocol 0 has no header.
    #expect(kind("(dp0\nS'a'\n") == .pickle)
    #expect(kind("cos\nsystem\n(S'x'\ntR.") == .pickle)
    #expect(kind("(not a pickle but a remark)") == .text)
    #expect(kind("cats and dogs\nlive here\n") == .text)
  }
}
