package import StyleGAN

/// What the person importing a file of directions says about it; what a file cannot tell is never
/// guessed.
package struct DirectionImport: Hashable, Sendable {
  /// One unit of the slider.
  package enum Unit: Hashable, Sendable {
    /// As the file has it: its vectors, or its standard deviations where it gives them.
    case stored
    /// That many of the file's units.
    case times(Float)
    /// One standard deviation of the codes along the direction, measured on the model.
    case deviation
  }

  /// nil takes the file's own name. Of several directions each gets a number behind it.
  package var name: String?
  package var space: Direction.Space?
  package var rows: LayerRange?
  package var unit: Unit
  package var isAbsolute: Bool
  /// How many components to take of formats that hold a whole basis, strongest first.
  package var componentCount: Int

  package init(
    name: String? = nil, space: Direction.Space? = nil, rows: LayerRange? = nil,
    unit: Unit = .stored, isAbsolute: Bool = false, componentCount: Int = 10
  ) {
    self.name = name
    self.space = space
    self.rows = rows
    self.unit = unit
    self.isAbsolute = isAbsolute
    self.componentCount = componentCount
  }
}

extension DirectionFile {
  /// The file's directions for a model.
  /// - Parameter statistics: of the model's W, asked for only to measure standard deviations;
  ///   returning nil leaves the unit as stored.
  package func directions(
    for configuration: GeneratorConfiguration, _ options: DirectionImport,
    statistics: () -> LatentStatistics? = { nil }
  ) throws(DirectionError) -> [Direction] {
    if let rows = options.rows, !rows.fits(configuration) {
      throw failure(.rows(.rowsOutsideModel(rows, rows: configuration.numWs)))
    }
    var found: [Direction] = []
    for entry in entries {
      var group: [Direction] = []
      for vector in try vectors(of: entry, configuration, options) {
        group.append(try direction(vector, entry, configuration, options))
      }
      let base = entry.name.isEmpty ? options.name ?? stem : entry.name
      for index in group.indices {
        group[index].name = group.count == 1 ? base : "\(base) \(index + 1)"
      }
      found += group
    }
    // A name given counts more than the file's own.
    if let name = options.name {
      for index in found.indices {
        found[index].name = found.count == 1 ? name : "\(name) \(index + 1)"
      }
    }
    if case .deviation = options.unit { found = measured(found, statistics) }
    return found
  }

  private func failure(_ reason: DirectionError.Reason) -> DirectionError {
    DirectionError(file: path, reason: reason)
  }

  /// One direction's rows, before scaling.
  private struct Vector {
    let values: [Float]
    let rows: Int
    let space: Direction.Space
    let deviation: Float?
  }

  private func vectors(
    of entry: Entry, _ configuration: GeneratorConfiguration, _ options: DirectionImport
  ) throws(DirectionError) -> [Vector] {
    let stack = entry.stack
    let perVector = stack.rowsPerVector
    // A matrix with the model's number of rows is one direction of W+, unless it was said to be a
    // pile of others.
    let isWPlus = perVector > 1 && (stack.isBatch || perVector == configuration.numWs)
    let space = try space(of: entry, isWPlus: isWPlus, configuration, options)
    let width = space == .z ? configuration.zDim : configuration.wDim
    guard stack.width == width else {
      throw failure(.width(array: stack.name, found: stack.width, expected: width, space: space))
    }
    if space == .wPlus {
      if stack.rows == 1 {
        let values = (0..<configuration.numWs).flatMap { _ in stack.values }
        return [Vector(values: values, rows: configuration.numWs, space: space, deviation: nil)]
      }
      guard perVector == configuration.numWs else {
        throw failure(
          .rowCount(array: stack.name, found: perVector, expected: configuration.numWs))
      }
      return stride(from: 0, to: stack.rows, by: perVector).map { start in
        Vector(
          values: stack.rows(start..<start + perVector), rows: perVector, space: space,
          deviation: nil)
      }
    }
    if isWPlus, stack.rowsAreEqual {
      return [Vector(values: stack.rows(0..<1), rows: 1, space: space, deviation: nil)]
    }
    guard !stack.isBatch || perVector == 1 else {
      throw failure(
        .shape(
          array: stack.name, stack.shape,
          expected: "equal rows, which these are not, for a direction of \(space.rawValue)"))
    }
    let isBasis = format == .factor || format == .ganSpace || format == .components
    let count = isBasis ? min(stack.rows, max(1, options.componentCount)) : stack.rows
    return (0..<count).map { row in
      Vector(
        values: stack.rows(row..<row + 1), rows: 1, space: space,
        deviation: entry.deviations?[row])
    }
  }

  /// What the file says, else what the importer says, else what the shape leaves no doubt about.
  private func space(
    of entry: Entry, isWPlus: Bool, _ configuration: GeneratorConfiguration,
    _ options: DirectionImport
  ) throws(DirectionError) -> Direction.Space {
    if let said = entry.space {
      if let asked = options.space, asked != said {
        throw failure(.otherSpace(asked: asked, found: said))
      }
      return said
    }
    if let asked = options.space { return asked }
    if isWPlus { return .wPlus }
    let (width, z, w) = (entry.stack.width, configuration.zDim, configuration.wDim)
    guard width == z || width == w else {
      throw failure(.width(array: entry.stack.name, found: width, expected: w, space: .w))
    }
    if z != w { return width == w ? .w : .z }
    throw failure(.spaceUnknown(hint: hint(entry)))
  }

  /// What it looks like, for the person who must decide.
  private func hint(_ entry: Entry) -> String? {
    if entry.stack.rowsPerVector > 1 {
      return "\(entry.stack.rows) vectors of \(entry.stack.width)"
    }
    let squares = entry.stack.values.reduce(0.0) { $0 + Double($1) * Double($1) }
    let isUnit = entry.stack.rows == 1 && abs(squares.squareRoot() - 1) < 1e-3
    let name = stem.lowercased()
    if name.contains("_w_") || name.hasSuffix("_w") {
      return "the name of the file suggests w"
    }
    if name.contains("_z_") || name.hasSuffix("_z") {
      return "the name of the file suggests z"
    }
    return isUnit ? "its length 1 suggests a boundary of InterFaceGAN" : nil
  }

  private func direction(
    _ vector: Vector, _ entry: Entry, _ configuration: GeneratorConfiguration,
    _ options: DirectionImport
  ) throws(DirectionError) -> Direction {
    let stored = entry.direction
    let rows = options.rows ?? entry.rows ?? stored?.rows ?? .all
    guard rows.fits(configuration) else {
      throw failure(.rows(.rowsOutsideModel(rows, rows: configuration.numWs)))
    }
    let isAbsolute = options.isAbsolute || stored?.editing == .absolute
    guard !isAbsolute || vector.space != .wPlus else { throw failure(.absoluteWPlus) }
    let center = entry.center ?? stored?.center
    if let center, center.count * vector.rows != vector.values.count {
      throw failure(
        .shape(array: "the mean", [center.count], expected: "[\(vector.values.count)]"))
    }
    var values = vector.values
    let length = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard length > 0 else { throw failure(.zero(array: entry.stack.name)) }
    if let deviation = vector.deviation {
      guard deviation > 0 else { throw failure(.zero(array: entry.stack.name)) }
      values = values.map { Float(Double($0) / length * Double(deviation)) }
    }
    if case .times(let factor) = options.unit { values = values.map { $0 * factor } }
    let direction = Direction(
      name: "", kind: .imported, rows: rows, space: vector.space, vector: values,
      vectorRows: vector.rows, editing: isAbsolute ? .absolute : .relative,
      center: vector.space == .wPlus ? nil : center, r2: stored?.r2,
      origin: stored?.origin ?? origin)
    try direction.requireLength(array: entry.stack.name, file: path)
    return direction
  }

  private var origin: String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return format == .arrays || format == .mien ? file : "\(file), \(format.rawValue)"
  }

  /// One unit of each slider at one standard deviation: of W as sampled, of Z 1.
  private func measured(
    _ directions: [Direction], _ statistics: () -> LatentStatistics?
  ) -> [Direction] {
    var sampled: LatentStatistics?
    return directions.map { direction in
      guard direction.scale > 0 else { return direction }
      if direction.space == .z { return direction.scaled(by: 1 / direction.scale) }
      if sampled == nil { sampled = statistics() }
      guard let sampled else { return direction }
      // W lies in W+ with equal rows; along a W+ direction its spread is that of the rows' sum.
      var row = [Double](repeating: 0, count: direction.width)
      for index in direction.unit.indices {
        row[index % row.count] += Double(direction.unit[index])
      }
      let deviation = Float(sampled.deviation(along: row))
      return deviation > 0 ? direction.scaled(by: deviation / direction.scale) : direction
    }
  }
}
