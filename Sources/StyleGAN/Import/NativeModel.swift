import Checkpoints
package import Tensors

/// A direction in W that came with a model: adding `vector` once moves by one unit.
package struct NamedDirection: Sendable {
  package let name: String
  /// "attribute"
  package let kind: String
  /// The rows of ws it is meant for: "all", "coarse", "0-3" …
  package let rows: String
  /// How much of the attribute W explains, 0…1, where it was measured.
  package let r2: Double?
  /// [w_dim]
  package let vector: Tensor

  package init(name: String, kind: String, rows: String, r2: Double?, vector: Tensor) {
    self.name = name
    self.kind = kind
    self.rows = rows
    self.r2 = r2
    self.vector = vector
  }
}

/// A paragraph of what a model says about itself: how it was made, how good it is, what it is for.
package struct CardEntry: Hashable, Sendable {
  package let topic: String
  package let text: String
}

/// Our own files: safetensors under StyleGAN2-ADA names, the configuration as JSON text under
/// `mien` in the metadata.
enum NativeModel {
  static let metadataKey = "mien"
  static let format = "mien.model/1"

  struct Header {
    var name: String?
    var licence: String?
    var claims = NetworkSource.Claims()
    var directions: [DirectionEntry] = []
    var card: [CardEntry] = []
    var origin: ModelOrigin?
    /// Of all tensors' bytes in the order of the file, recorded when the file was written.
    var dataSHA256: String?
    /// Whether every number of the original was kept.
    var isExact = false

    /// What presets know the model by, where no hash of the file itself is asked for.
    var identity: String? {
      guard let dataSHA256 else { return nil }
      return isExact ? origin?.sha256 ?? dataSHA256 : dataSHA256
    }
  }

  struct DirectionEntry {
    let name: String
    let tensor: String
    let kind: String
    let rows: String
    let r2: Double?
  }

  /// Reads the JSON of the metadata.
  static func header(_ text: String, source: String) throws(ModelError) -> Header {
    func failure(_ what: String) -> ModelError {
      ModelError(source, .configuration("its model description is damaged: \(what)"))
    }
    let json: JSONValue
    do {
      json = try JSONValue(parsing: text)
    } catch { throw failure("\(error)") }
    guard let format = json["format"]?.string else { throw failure("no format") }
    guard format == Self.format else {
      throw ModelError(
        source,
        .unsupported("its model description has the format \(format), expected \(Self.format)"))
    }
    var header = Header()
    if let name = json["family"]?.string {
      guard let family = GeneratorConfiguration.Family(rawValue: name) else {
        throw ModelError(
          source,
          .unsupported("its family is \(name); stylegan1, stylegan2 and stylegan3 are supported"))
      }
      header.claims.family = family
    }
    header.name = json["name"]?.string
    header.licence = json["licence"]?.string
    if let name = json["architecture"]?.string {
      guard let architecture = GeneratorConfiguration.Architecture(rawValue: name) else {
        throw failure("the architecture \(name) is unknown")
      }
      header.claims.architecture = architecture
    }
    func integer(_ key: String) throws(ModelError) -> Int? {
      guard let value = json[key], !value.isNull else { return nil }
      guard let integer = value.integer else {
        throw failure("\"\(key)\" is \(value.kind), expected an integer")
      }
      return integer
    }
    func number(_ key: String) throws(ModelError) -> Float? {
      guard let value = json[key], !value.isNull else { return nil }
      guard let number = value.double else {
        throw failure("\"\(key)\" is \(value.kind), expected a number")
      }
      return Float(number)
    }
    header.claims.resolution = try integer("resolution")
    header.claims.imageChannels = try integer("img_channels")
    header.claims.zDim = try integer("z_dim")
    header.claims.wDim = try integer("w_dim")
    header.claims.cDim = try integer("c_dim")
    header.claims.mappingLayers = try integer("mapping_layers")
    header.claims.mappingLearningRateMultiplier = try number("mapping_lr_multiplier")
    header.claims.convClamp = try number("conv_clamp")
    if header.claims.family == .styleGAN3 {
      guard let schedule = json["alias_free"], schedule.members != nil else {
        throw failure("no schedule of its layers (alias_free)")
      }
      do {
        header.claims.aliasFree = try AliasFreeConfiguration(schedule)
      } catch { throw failure("\"alias_free.\(error.field)\" is \(error.found)") }
    }
    func hash(_ value: JSONValue?, _ key: String) throws(ModelError) -> String? {
      guard let value else { return nil }
      guard let text = value.string, text.utf8.count == 64,
        text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
      else { throw failure("\"\(key)\" is no SHA-256") }
      return text
    }
    if let origin = json["source"] {
      header.origin = ModelOrigin(
        file: origin["file"]?.string ?? "", sha256: try hash(origin["sha256"], "source.sha256"),
        container: origin["container"]?.string ?? "")
    }
    header.dataSHA256 = try hash(json["data_sha256"], "data_sha256")
    header.isExact = json["exact"] == .bool(true)
    for entry in json["card"]?.array ?? [] {
      guard let topic = entry["topic"]?.string, let text = entry["text"]?.string else {
        throw failure("a paragraph of its card without topic or text")
      }
      header.card.append(CardEntry(topic: topic, text: text))
    }
    for entry in json["directions"]?.array ?? [] {
      guard let name = entry["name"]?.string, let tensor = entry["tensor"]?.string else {
        throw failure("a direction without name or tensor")
      }
      if let space = entry["space"]?.string, space != "w" {
        throw failure("direction \"\(name)\" is in the space \(space), expected w")
      }
      guard !header.directions.contains(where: { $0.name == name }) else {
        throw failure("direction \"\(name)\" appears twice")
      }
      header.directions.append(
        DirectionEntry(
          name: name, tensor: tensor, kind: entry["kind"]?.string ?? "attribute",
          rows: entry["rows"]?.string ?? "all", r2: entry["r2"]?.double))
    }
    return header
  }

  /// The directions of a file, checked against w_dim.
  static func directions(
    _ entries: [DirectionEntry], in file: Safetensors, wDim: Int, source: String
  ) throws(ModelError) -> [NamedDirection] {
    var directions: [NamedDirection] = []
    for entry in entries {
      func failure(_ problem: ModelError.Problem) -> ModelError { ModelError(source, problem) }
      guard let view = file.views[entry.tensor] else {
        throw failure(.missing(name: entry.tensor))
      }
      guard view.type.isFloat else {
        throw failure(.elementType(name: entry.tensor, found: view.type))
      }
      guard view.shape == [wDim] else {
        throw failure(.shape(name: entry.tensor, found: view.shape, expected: [wDim]))
      }
      let vector = view.tensor()
      if let index = vector.firstNonFinite {
        throw failure(
          .notFinite(name: entry.tensor, value: "\(vector.values[index])", index: index))
      }
      directions.append(
        NamedDirection(
          name: entry.name, kind: entry.kind, rows: entry.rows, r2: entry.r2, vector: vector))
    }
    return directions
  }
}
