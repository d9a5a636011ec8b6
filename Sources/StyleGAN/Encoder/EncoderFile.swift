package import Checkpoints
package import Files
import NN
import Tensors

/// The safetensors file of an encoder; its metadata say its shape and which generator it is for.
package enum EncoderFile {
  /// The generator's SHA-256 stands in the same metadata key as a model's description.
  private static let metadataKey = "mien"
  private static let format = "mien.encoder/1"
  /// Far above any real one: a damaged description must not ask for all memory.
  private static let largestExtent = 4096

  /// - Parameters:
  ///   - name: what errors call it
  ///   - sha256: of the generator's file
  /// - Throws: where it is damaged, or belongs to another generator
  package static func load(
    _ bytes: Bytes, name: String, generator sha256: String, wDim: Int
  ) throws(EncoderError) -> Encoder {
    let file: Checkpoint
    do {
      file = try Checkpoint(bytes, name: name)
    } catch {
      throw .checkpoint(error)
    }
    guard let text = file.metadata[metadataKey], let description = try? JSONValue(parsing: text),
      description["format"]?.string == format
    else { throw .notAnEncoder(source: name) }
    let owner = description["generator"]?.string ?? "none"
    guard owner == sha256 else {
      throw .otherGenerator(source: name, of: owner, generator: sha256)
    }
    var encoder = Encoder(try shape(description, source: name))
    guard encoder.shape.wDim == wDim else {
      throw .damaged(source: name, what: "w_dim \(encoder.shape.wDim), the generator's is \(wDim)")
    }
    try fill(&encoder, from: file)
    return encoder
  }

  private static func shape(
    _ description: JSONValue, source: String
  ) throws(EncoderError) -> Encoder.Shape {
    func extent(_ value: JSONValue?, _ name: String) throws(EncoderError) -> Int {
      guard let extent = value?.integer, (1...largestExtent).contains(extent) else {
        throw .damaged(source: source, what: name)
      }
      return extent
    }
    var widths: [Int] = []
    for value in description["widths"]?.array ?? [] { widths.append(try extent(value, "widths")) }
    let pooled = description["pooled"]?.array?.compactMap(\.integer) ?? []
    let side = try extent(description["side"], "side")
    guard !widths.isEmpty, widths.count <= 32, Set(pooled).count == pooled.count,
      pooled.allSatisfy(widths.indices.contains), side % (1 << pooled.count) == 0
    else { throw .damaged(source: source, what: "pooled") }
    return Encoder.Shape(
      side: side, widths: widths, pooled: Set(pooled),
      hidden: try extent(description["hidden"], "hidden"),
      wDim: try extent(description["w_dim"], "w_dim"))
  }

  private static func fill(
    _ encoder: inout Encoder, from file: Checkpoint
  ) throws(EncoderError) {
    var loader = ParameterLoader { name in
      let tensor = try file.tensor(name)
      guard tensor.values.allSatisfy(\.isFinite) else {
        throw EncoderError.damaged(source: file.source, what: "\(name) has values not finite")
      }
      return tensor
    }
    do {
      try encoder.visit(&loader)
    } catch let error as EncoderError {
      throw error
    } catch let error as CheckpointError {
      throw .checkpoint(error)
    } catch {
      throw .damaged(source: file.source, what: "\(error)")
    }
  }
}

/// Why a file gives no encoder: one line that names it.
package enum EncoderError: Error, Sendable, CustomStringConvertible {
  case checkpoint(CheckpointError)
  case notAnEncoder(source: String)
  /// The SHA-256 it was trained with, and the generator's at hand.
  case otherGenerator(source: String, of: String, generator: String)
  case damaged(source: String, what: String)

  package var description: String {
    switch self {
    case .checkpoint(let error): error.description
    case .notAnEncoder(let source): "\(source): it describes no encoder"
    case .otherGenerator(let source, let owner, let generator):
      "\(source): an encoder for another generator (\(owner.prefix(12))…, this one is "
        + "\(generator.prefix(12))…); train one for it, see the recipe beside the bundled model"
    case .damaged(let source, let what): "\(source): damaged encoder: \(what)"
    }
  }
}
