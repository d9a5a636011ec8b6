import Checkpoints

extension NativeModel {
  /// The JSON text of the metadata; reading it gives the same configuration bit for bit.
  static func description(
    _ configuration: GeneratorConfiguration, name: String, licence: String?,
    directions: [NamedDirection], origin: ModelOrigin?, dataSHA256: String?, isExact: Bool
  ) -> String {
    var members: [JSONValue.Member] = [
      .init("format", .string(format)), .init("name", .string(name)),
      .init("family", .string(configuration.family.rawValue)),
      .init("resolution", .integer(configuration.resolution)),
      .init("img_channels", .integer(configuration.imageChannels)),
      .init("z_dim", .integer(configuration.zDim)), .init("w_dim", .integer(configuration.wDim)),
      .init("c_dim", .integer(configuration.cDim)),
      .init("num_ws", .integer(configuration.numWs)),
      .init("mapping_layers", .integer(configuration.mappingLayers)),
      .init(
        "mapping_lr_multiplier", .number(Double(configuration.mappingLearningRateMultiplier))),
    ]
    if configuration.family == .styleGAN2 {
      members.append(.init("architecture", .string(configuration.architecture.rawValue)))
    }
    if let clamp = configuration.convClamp {
      members.append(.init("conv_clamp", .number(Double(clamp))))
    }
    if let schedule = configuration.aliasFree {
      members.append(.init("alias_free", schedule.json))
    }
    if let licence { members.append(.init("licence", .string(licence))) }
    if !directions.isEmpty {
      members.append(
        .init(
          "directions",
          .array(
            directions.map { direction in
              var fields: [JSONValue.Member] = [
                .init("name", .string(direction.name)),
                .init("tensor", .string(tensorName(of: direction))),
                .init("kind", .string(direction.kind)), .init("space", .string("w")),
                .init("rows", .string(direction.rows)),
              ]
              if let r2 = direction.r2 { fields.append(.init("r2", .number(r2))) }
              return .object(fields)
            })))
    }
    if let origin {
      var fields: [JSONValue.Member] = [
        .init("file", .string(origin.file)), .init("container", .string(origin.container)),
      ]
      if let sha256 = origin.sha256 { fields.append(.init("sha256", .string(sha256))) }
      members.append(.init("source", .object(fields)))
    }
    if let dataSHA256 { members.append(.init("data_sha256", .string(dataSHA256))) }
    members.append(.init("exact", .bool(isExact)))
    return JSONValue.object(members).encoded
  }

  static func tensorName(of direction: NamedDirection) -> String {
    "directions." + direction.name
  }
}
