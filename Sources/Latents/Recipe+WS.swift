package import StyleGAN
package import Tensors

extension Recipe {
  /// The input of the synthesis network: map z → w, truncate, mix rows, add edits.
  ///
  /// Edits count in order. Those of W and W+ move the mixed, truncated rows they name; of a W+
  /// direction each row gets its own vector. Relative ones add strength · vector; absolute ones
  /// first take off the row's own position, so that equal edits lead all faces to one place, and
  /// strength 0 leads onto the plane. Edits of Z move the z that `latent` starts from, not those
  /// of mixed faces; rows they do not name keep the w of the unmoved z.
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
    let configuration = model.configuration
    var ws = try source(latent, model: model, cache: &cache)
    moveZ(&ws, model: model, directions: directions)
    for mix in mix where mix.weight != 0 {
      let rows = mix.rows.rows(in: configuration)
      guard !rows.isEmpty else { continue }
      ws.blend(
        try source(mix.latent, model: model, cache: &cache), rows: rows, weight: mix.weight)
    }
    for edit in edits {
      guard let direction = directions[edit.direction], direction.space != .z,
        direction.moves(by: edit.strength)
      else { continue }
      ws.move(along: direction, by: edit.strength, rows: edit.rows.rows(in: configuration))
    }
    return ws.tensor
  }

  /// Replaces the rows that edits of Z name by those of the moved z.
  private func moveZ(
    _ ws: inout Latent<WPlus>, model: any LatentModel, directions: DirectionLibrary
  ) {
    let steps = edits.compactMap { edit -> (edit: Edit, direction: Direction)? in
      guard let direction = directions[edit.direction], direction.space == .z,
        direction.moves(by: edit.strength)
      else { return nil }
      return (edit, direction)
    }
    guard !steps.isEmpty, case .seed(let seed, let classIndex) = latent else { return }
    let z = Latent<Z>(seed: seed, dimension: model.configuration.zDim)
    let classes = model.configuration.cDim > 0 ? [classIndex ?? 0] : nil
    // One run of the mapping network for each set of edits that meet on some row.
    var faces: [[Int]: Latent<WPlus>] = [:]
    let rows = steps.map { $0.edit.rows.rows(in: model.configuration) }
    for row in 0..<model.configuration.numWs {
      let here = steps.indices.filter { rows[$0].contains(row) }
      guard !here.isEmpty else { continue }
      if faces[here] == nil {
        let moved = z.moved(along: here.map { (steps[$0].direction, steps[$0].edit.strength) })
        faces[here] = truncated(
          Latent<W>(model.map(z: moved.tensor, classIndices: classes).values), model)
      }
      if let face = faces[here] { ws.blend(face, rows: row..<row + 1, weight: 1) }
    }
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
    return truncated(w, model)
  }

  private func truncated(_ w: Latent<W>, _ model: any LatentModel) -> Latent<WPlus> {
    truncation.apply(
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
      try direction.validate(for: configuration)
      if direction.space == .z, !latent.hasZ { throw .noZ(direction: direction.name) }
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
