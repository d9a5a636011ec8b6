import Checkpoints
import Files
import Foundation
import Tensors
import TestFixtures
import Testing

@Suite struct NPYArrayTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func roundTrips() throws {
    let tensor = Tensor((0..<6).map { Float($0) / 3 }, shape: [2, 3])
    let path = folder / "a.npy"
    try NPYArray(tensor).save(to: path)
    let read = try NPYArray.load(path: path)
    #expect(read.shape == [2, 3])
    #expect(read.type == .float32)
    #expect(read.tensor.values == tensor.values)

    let doubles = [0.1, -2.5, 1e300]
    #expect(try NPYArray(Bytes(NPYArray(doubles, shape: [3]).encoded)).doubles == doubles)
    #expect(try NPYArray(Bytes(NPYArray([Int.max], shape: []).encoded)).integers == [Int.max])
    #expect(try NPYArray(Bytes(NPYArray([Int](), shape: [0, 4]).encoded)).shape == [0, 4])
  }

  /// Byte for byte what numpy.save writes.
  @Test func headerIsNumPys() {
    let header = NPYArray.float32Header(shape: [4, 16])
    let text = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 16), }"
    #expect(header.count == 128)
    #expect(Array(header[0..<10]) == [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0])
    #expect(String(decoding: header[10...], as: UTF8.self).hasPrefix(text + " "))
    #expect(header.last == 0x0a)
    let control = TestFixtures.committed("hostile/control_c_order.npy")
    let bytes = try? Data(contentsOf: control)
    #expect(bytes.map { Array($0.prefix(128)) } == header)
  }

  @Test func oneDimension() {
    let text = String(decoding: NPYArray.float32Header(shape: [5]), as: UTF8.self)
    #expect(text.contains("'shape': (5,), }"))
    #expect(
      String(decoding: NPYArray.float32Header(shape: []), as: UTF8.self).contains("'shape': (), }"))
  }

  @Test func errorsNameTheFile() throws {
    let path = folder / "x.npy"
    try AtomicFile.write(Array("hello".utf8), to: path)
    #expect {
      try NPYArray.load(path: path)
    } throws: {
      "\($0)" == "\(path): no NumPy array: it does not begin with \\x93NUMPY"
    }
    let missing = folder / "none.npy"
    #expect {
      try NPYArray.load(path: missing)
    } throws: {
      "\($0)" == "\(missing): cannot open: No such file or directory"
    }
  }

  private func parse(_ header: String, data: Int = 0, version: UInt8 = 1) throws -> NPYArray {
    let count = header.utf8.count
    let length = [UInt8(count & 255), UInt8(count >> 8)] + (version > 1 ? [0, 0] : [])
    return try NPYArray(
      Bytes(
        [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8)
          + [UInt8](repeating: 0, count: data)))
  }

  @Test func headersOfOtherWriters() throws {
    #expect(
      try parse(#"{"shape": (2L, 1), 'descr':'<f8','fortran_order':True}"#, data: 16).shape == [
        2, 1,
      ])
    #expect(
      try parse("{'descr': '=i2', 'fortran_order': False, 'shape': ()}", data: 2).type == .int16)
    #expect(
      try parse("{'descr': '|b1', 'fortran_order': False, 'shape': (1,)}", data: 1, version: 3)
        .integers == [0])
  }

  @Test func malformedHeaders() {
    func expect(_ error: NPYError, _ header: String, data: Int = 0) {
      #expect(throws: error) { try parse(header, data: data) }
    }
    expect(.headerSyntax("'}' appears twice"), "{'}': True, '}': False}")
    expect(.headerSyntax("':' expected at byte 4"), "{'a'}")
    expect(.headerSyntax("the end expected at byte 2"), "{}{}")
    expect(.missingKey("descr"), "{}")
    expect(
      .headerSyntax("it has 4 keys instead of 3"),
      "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'more': True}")
    expect(
      .headerSyntax("'shape' is no tuple"),
      "{'descr': '<f4', 'fortran_order': False, 'shape': True}")
    expect(
      .headerSyntax("an integer expected at byte 51"),
      "{'descr': '<f4', 'fortran_order': False, 'shape': (x,)}")
    expect(.elementType("<f9"), "{'descr': '<f9', 'fortran_order': False, 'shape': ()}")
    expect(.objects, "{'descr': '|O', 'fortran_order': False, 'shape': ()}")
    expect(
      .dataLong(shape: [], surplus: 1), "{'descr': '<f4', 'fortran_order': False, 'shape': ()}",
      data: 5)
  }
}
