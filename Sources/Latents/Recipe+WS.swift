package import StyleGAN
package import Tensors

extension Recipe {
  /// The input of the synthesis network: map z → w, truncate, mix rows, add edits.
  /// - Returns: [num_ws, w_dim]
  package func ws(
    model: any LatentModel, directions: DirectionLibrary
  ) throws(LatentError) -> Tensor {
    var cache = LatentCache()
    return try ws(model: model, directions: directions, cache: &cache)
  }

  /// As `ws(model:directions:)`, mapping only seeds that `cache` does not know yet.
  /// - Parameter cache: of this model.
  package func ws(
    model: any LatentModel, directions: DirectionLibrary, cache: inout LatentCache
  ) throws(LatentError) -> Tensor {
    try validate(for: model.configuration, directions: directions)
    let rowCount = model.configuration.numWs
    var ws = try source(latent, model: model, cache: &cache)
    for mix in mix where mix.weight != 0 {
      let rows = mix.rows.rows(of: rowCount)
      guard !rows.isEmpty else { continue }
      ws.blend(
        try source(mix.latent, model: model, cache: &cache), rows: rows, weight: mix.weight)
    }
    for edit in edits where edit.strength != 0 {
      guard let direction = directions[edit.direction] else { continue }
      ws.add(direction.vector, times: edit.strength, rows: edit.rows.rows(of: rowCount))
    }
    return ws.tensor
  }

  /// A face before mixing: truncated where it comes from a seed or from W.
  private func source(
    _ source: LatentSource, model: any LatentModel, cache: inout LatentCache
  ) throws(LatentError) -> Latent<WPlus> {
    let w: Latent<W>
    switch source {
    case .seed(let seed, let classIndex):
      w = try cache.w(seed: seed, classIndex: classIndex, model: model)
    case .w(let values):
      w = Latent<W>(values)
    case .ws(let values, let rows):
      return Latent<WPlus>(values, rows: rows)
    }
    return truncation.apply(
      to: w, average: Latent<W>(model.wAverage.values), rows: model.configuration.numWs)
  }

  /// Makes sure that the recipe means something on that model, without running anything.
  package func validate(
    for configuration: GeneratorConfiguration, directions: DirectionLibrary
  ) throws(LatentError) {
    guard truncation.psi.isFinite else { throw .notFinite("psi") }
    try LatentSource.validate(latent, for: configuration)
    for mix in mix {
      try LatentSource.validate(mix.latent, for: configuration)
      guard mix.weight.isFinite else { throw .notFinite("a mixing weight") }
      guard (0...1).contains(mix.weight) else { throw .weight(mix.weight) }
      guard mix.rows.fits(configuration) else {
        throw .rowsOutsideModel(mix.rows, rows: configuration.numWs)
      }
    }
    for edit in edits {
      guard edit.strength.isFinite else {
        throw .notFinite("the strength of \"\(edit.direction)\"")
      }
      guard edit.rows.fits(configuration) else {
        throw .rowsOutsideModel(edit.rows, rows: configuration.numWs)
      }
      guard let direction = directions[edit.direction] else {
        throw .unknownDirection(edit.direction, known: directions.names)
      }
      guard direction.vector.count == configuration.wDim else {
        throw .width(
          what: "the direction \"\(direction.name)\"", found: direction.vector.count,
          expected: configuration.wDim)
      }
    }
  }
}

extension LatentSource {
  fileprivate static func validate(
    _ source: LatentSource, for configuration: GeneratorConfiguration
  ) throws(LatentError) {
    switch source {
    case .seed(_, let classIndex):
      if let classIndex, !(0..<configuration.cDim).contains(classIndex) {
        throw .classIndex(classIndex, classes: configuration.cDim)
      }
    case .w(let values):
      guard values.count == configuration.wDim else {
        throw .width(what: "the latent", found: values.count, expected: configuration.wDim)
      }
      guard values.allSatisfy(\.isFinite) else { throw .notFinite("a value of the latent") }
    case .ws(let values, let rows):
      guard rows == configuration.numWs else {
        throw .rowCount(found: rows, expected: configuration.numWs)
      }
      guard values.count == rows * configuration.wDim else {
        throw .width(
          what: "the latent", found: values.count, expected: rows * configuration.wDim)
      }
      guard values.allSatisfy(\.isFinite) else { throw .notFinite("a value of the latent") }
    }
  }
}
