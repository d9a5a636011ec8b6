import Checkpoints

// The schedule of a StyleGAN3 network in the description of our own files, under the names of the
// reference code's arguments.
extension AliasFreeConfiguration {
  /// A field that is missing or not what it should be.
  struct FieldError: Error {
    let field: String
    let found: String
  }

  init(_ json: JSONValue) throws(FieldError) {
    self.init()
    func value(_ field: String) throws(FieldError) -> JSONValue {
      guard let value = json[field] else { throw FieldError(field: field, found: "missing") }
      return value
    }
    func integer(_ field: String) throws(FieldError) -> Int {
      let value = try value(field)
      guard let integer = value.integer else {
        throw FieldError(field: field, found: "\(value.kind), expected an integer")
      }
      return integer
    }
    func number(_ field: String) throws(FieldError) -> Double {
      let value = try value(field)
      guard let number = value.double else {
        throw FieldError(field: field, found: "\(value.kind), expected a number")
      }
      return number
    }
    layerCount = try integer("num_layers")
    criticalCount = try integer("num_critical")
    firstCutoff = try number("first_cutoff")
    firstStopband = try number("first_stopband")
    lastStopbandRelative = try number("last_stopband_rel")
    margin = try integer("margin_size")
    kernel = try integer("conv_kernel")
    guard case .bool(let radial) = try value("use_radial_filters") else {
      throw FieldError(field: "use_radial_filters", found: "not true or false")
    }
    usesRadialFilters = radial
    channelBase = try integer("channel_base")
    channelMax = try integer("channel_max")
    outputScale = Float(try number("output_scale"))
    filterSize = try integer("filter_size")
    upsampling = try integer("lrelu_upsampling")
  }

  var json: JSONValue {
    .object([
      .init("num_layers", .integer(layerCount)),
      .init("num_critical", .integer(criticalCount)),
      .init("first_cutoff", .number(firstCutoff)),
      .init("first_stopband", .number(firstStopband)),
      .init("last_stopband_rel", .number(lastStopbandRelative)),
      .init("margin_size", .integer(margin)),
      .init("conv_kernel", .integer(kernel)),
      .init("use_radial_filters", .bool(usesRadialFilters)),
      .init("channel_base", .integer(channelBase)),
      .init("channel_max", .integer(channelMax)),
      .init("output_scale", .number(Double(outputScale))),
      .init("filter_size", .integer(filterSize)),
      .init("lrelu_upsampling", .integer(upsampling)),
    ])
  }
}
