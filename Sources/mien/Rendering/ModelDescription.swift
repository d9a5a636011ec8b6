import Latents
import StyleGAN

/// What `model info` says.
struct ModelDescription {
  private let loaded: LoadedModel

  init(_ loaded: LoadedModel) { self.loaded = loaded }

  var json: JSONDocument {
    let configuration = loaded.configuration
    var object = JSONMembers([
      "name": .string(loaded.reference.name),
      "family": .string(configuration.family.rawValue),
      "architecture": .string(configuration.architecture.rawValue),
      "resolution": .number(configuration.resolution),
      "channels": .number(configuration.imageChannels),
      "parameters": .number(loaded.parameterCount),
      "z_dim": .number(configuration.zDim),
      "w_dim": .number(configuration.wDim),
      "num_ws": .number(configuration.numWs),
      "classes": .number(configuration.cDim),
      "mapping_layers": .number(configuration.mappingLayers),
      "block_channels": .array(configuration.blockChannels.map { .number($0) }),
      "bytes": .number(loaded.byteCount),
      "sha256": loaded.reference.sha256.map(JSONDocument.string) ?? .null,
      "directions": .array(loaded.attributes.map { .string($0.name) }),
      "licence": loaded.licence.map(JSONDocument.string) ?? .null,
    ])
    object["path"] = loaded.path.map(JSONDocument.string)
    return .object(object)
  }

  var text: String {
    let configuration = loaded.configuration
    var table = TextTable()
    table.append(["name", loaded.reference.name])
    table.append(["file", loaded.path ?? "built in"])
    table.append([
      "family", "\(configuration.family.rawValue), \(configuration.architecture.rawValue)",
    ])
    table.append([
      "picture",
      "\(configuration.resolution)x\(configuration.resolution), \(configuration.imageChannels) channels",
    ])
    table.append(["parameters", "\(loaded.parameterCount)"])
    table.append([
      "latents",
      "z \(configuration.zDim), w \(configuration.wDim), \(configuration.numWs) rows of ws",
    ])
    table.append(["classes", configuration.cDim == 0 ? "none" : "\(configuration.cDim)"])
    table.append(["bytes", "\(loaded.byteCount)"])
    if let sha256 = loaded.reference.sha256 { table.append(["sha256", sha256]) }
    if !loaded.attributes.isEmpty {
      table.append(["directions", loaded.attributes.map(\.name).joined(separator: ", ")])
    }
    if let licence = loaded.licence { table.append(["licence", licence]) }
    return table.text
  }
}
