import Checkpoints
import Files

/// Reads arrays of a basis file and holds them to their shapes.
struct FaceKitArchive {
  let path: String
  private let arrays: NPZArchive
  private let zip: ZipArchive

  init(path: String) throws(FaceKitError) {
    self.path = path
    let bytes: Bytes
    do {
      bytes = try MappedFile(path: path).bytes
    } catch { throw .file(error) }
    do {
      arrays = try NPZArchive(bytes, source: path)
    } catch { throw .archive(error) }
    do {
      zip = try ZipArchive(bytes)
    } catch { throw .zip(path: path, error) }
  }

  /// An array of a shape in which nil stands for any extent.
  private func array(_ name: String, _ shape: [Int?]) throws(FaceKitError) -> NPYArray {
    let array: NPYArray
    do {
      array = try arrays.array(name)
    } catch { throw .archive(error) }
    guard array.shape.count == shape.count,
      zip2(array.shape, shape).allSatisfy({ $1 == nil || $0 == $1 })
    else {
      let expected = shape.map { $0.map(String.init) ?? "n" }.joined(separator: ", ")
      throw .shape(path: path, array: name, found: "\(array.shape)", expected: "[\(expected)]")
    }
    return array
  }

  private func zip2(_ found: [Int], _ expected: [Int?]) -> [(Int, Int?)] {
    Array(Swift.zip(found, expected))
  }

  func floats(_ name: String, _ shape: [Int?]) throws(FaceKitError) -> [Float] {
    let array = try array(name, shape)
    guard array.type.isFloat else {
      throw .elementType(
        path: path, array: name, found: array.type.description, expected: "float32")
    }
    let values = array.doubles.map(Float.init)
    guard values.allSatisfy(\.isFinite) else { throw .notFinite(path: path, array: name) }
    return values
  }

  /// The bits of a float16 array.
  func halves(_ name: String, _ shape: [Int?]) throws(FaceKitError) -> [UInt16] {
    let array = try array(name, shape)
    guard array.type == .float16 else {
      throw .elementType(
        path: path, array: name, found: array.type.description, expected: "float16")
    }
    let values = unsafe array.view.contiguousBytes().withUnsafeBytes {
      unsafe Array($0.bindMemory(to: UInt16.self))
    }
    guard values.allSatisfy({ $0 & 0x7c00 != 0x7c00 }) else {
      throw .notFinite(path: path, array: name)
    }
    return values
  }

  func integers(_ name: String, _ shape: [Int?], below limit: Int) throws(FaceKitError) -> [Int] {
    let array = try array(name, shape)
    guard let values = array.integers else {
      throw .elementType(
        path: path, array: name, found: array.type.description, expected: "integers")
    }
    if let value = values.first(where: { $0 < 0 || $0 >= limit }) {
      throw .outside(path: path, array: name, value: value, limit: limit)
    }
    return values
  }

  /// A one-dimensional array of texts: NumPy's `<U16`, four bytes a character.
  func names(_ name: String) throws(FaceKitError) -> [String] {
    guard let entry = zip[name + ".npy"] else {
      throw .missing(path: path, what: "the array \(name)")
    }
    let bytes: [UInt8]
    do {
      bytes = try zip.content(of: entry).array
    } catch { throw .zip(path: path, error) }
    let malformed = FaceKitError.elementType(
      path: path, array: name, found: "something else", expected: "texts (NumPy <U)")
    guard bytes.count > 10 else { throw malformed }
    let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    guard bytes[6] == 1, start <= bytes.count else { throw malformed }
    let header = String(decoding: bytes[10..<start], as: UTF8.self)
    guard let type = header.split(separator: "'").first(where: { $0.hasPrefix("<U") }),
      let width = Int(type.dropFirst(2)), width > 0,
      (bytes.count - start) % (4 * width) == 0
    else { throw malformed }
    return stride(from: start, to: bytes.count, by: 4 * width).map { at in
      var scalars = String.UnicodeScalarView()
      for i in stride(from: at, to: at + 4 * width, by: 4) {
        let code = UInt32(bytes[i]) | UInt32(bytes[i + 1]) << 8 | UInt32(bytes[i + 2]) << 16
        guard code != 0, let scalar = Unicode.Scalar(code) else { break }
        scalars.append(scalar)
      }
      return String(scalars)
    }
  }
}
