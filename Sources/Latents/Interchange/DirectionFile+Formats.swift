import Checkpoints
import Files
import Tensors

// The formats that say more than a bare array: which array holds what.
extension DirectionFile {
  /// GANSpace's cache: lat_comp [n, 1, width], lat_stdev [n], lat_mean [1, width]; the act_ arrays
  /// are the same in the space of activations and of no use here.
  ///
  /// One unit of a slider is one standard deviation: w += x · σ · v. The file does not say whether
  /// the latents were of Z or W, except where the activations are themselves the latents: GANSpace
  /// then looked at W.
  static func ganSpace(_ checkpoint: Checkpoint) throws(DirectionError) -> DirectionFile {
    var entry = try componentEntry(
      checkpoint, vectors: "lat_comp", deviations: "lat_stdev", mean: "lat_mean")
    if checkpoint.entry("act_comp")?.shape == entry.stack.shape,
      try VectorStack(checkpoint, "act_comp").values == entry.stack.values
    {
      entry.space = .w
    }
    return DirectionFile(path: checkpoint.source, format: .ganSpace, entries: [entry])
  }

  /// e4e's: comp [n, 1, w_dim], std [n], mean [1, w_dim], of W.
  static func components(_ checkpoint: Checkpoint) throws(DirectionError) -> DirectionFile {
    var entry = try componentEntry(checkpoint, vectors: "comp", deviations: "std", mean: "mean")
    entry.space = .w
    return DirectionFile(path: checkpoint.source, format: .components, entries: [entry])
  }

  private static func componentEntry(
    _ checkpoint: Checkpoint, vectors: String, deviations: String, mean: String
  ) throws(DirectionError) -> Entry {
    let file = checkpoint.source
    let stack = try VectorStack(checkpoint, vectors)
    guard stack.shape.count == 2 || stack.shape.count == 3 && stack.shape[1] == 1 else {
      throw DirectionError(
        file: file, reason: .shape(array: vectors, stack.shape, expected: "[n, 1, width]"))
    }
    var entry = Entry("", stack)
    if checkpoint.names.contains(deviations) {
      let found = try VectorStack(checkpoint, deviations)
      guard found.values.count == stack.rows, found.values.allSatisfy({ $0 >= 0 }) else {
        throw DirectionError(
          file: file,
          reason: .shape(
            array: deviations, found.shape, expected: "\(stack.rows) numbers, none negative"))
      }
      entry.deviations = found.values
    }
    if checkpoint.names.contains(mean) {
      let found = try VectorStack(checkpoint, mean)
      guard found.values.count == stack.width else {
        throw DirectionError(
          file: file, reason: .shape(array: mean, found.shape, expected: "[1, \(stack.width)]"))
      }
      entry.center = found.values
    }
    return entry
  }

  /// One direction that GANSpace's viewer saved: a dictionary of arrays and words. Nil where the
  /// pickle has no words.
  static func ganSpaceExport(_ checkpoint: Checkpoint) throws(DirectionError) -> DirectionFile? {
    let path = checkpoint.source
    func failure(_ problem: String) -> DirectionError {
      DirectionError(file: path, reason: .description(problem))
    }
    let root: PickleView
    do {
      root = try PickleView(try MappedFile(path: path).bytes, vocabulary: .torch)
    } catch let error as FileError {
      throw DirectionError(file: path, reason: .file(error))
    } catch { throw failure("\(error)") }
    guard let space = root["latent_space"]?.text else { return nil }
    let stack = try VectorStack(checkpoint, "lat_comp")
    guard stack.rows == 1 else {
      throw DirectionError(
        file: path, reason: .shape(array: "lat_comp", stack.shape, expected: "[1, width]"))
    }
    var entry = Entry(root["name"]?.text.map { String($0.prefix(80)) } ?? "", stack)
    switch space.uppercased() {
    case "Z": entry.space = .z
    case "W": entry.space = .w
    default: throw failure("latent_space is \"\(space.prefix(20))\", expected Z or W")
    }
    if let deviation = root["lat_stdev"] {
      let number =
        if let plain = deviation.double { Float(plain) } else {
          try? NumPyObjects.array(deviation)?.tensor().values.first
        }
      guard let number, number.isFinite, number > 0 else { throw failure("lat_stdev is no number") }
      entry.deviations = [number]
    }
    if let start = root["edit_start"]?.integer, let end = root["edit_end"]?.integer {
      // The end is excluded; the viewer writes one far beyond the last row for "all".
      guard start >= 0, end > start else { throw failure("no rows in \(start)..<\(end)") }
      entry.rows = start == 0 && end >= 18 ? .all : LayerRange(start...min(end, 1000) - 1)
    }
    return DirectionFile(path: path, format: .ganSpaceExport, entries: [entry])
  }

  /// rosinality's closed-form factorisation: eigvec [w_dim, n], a direction of W in each column,
  /// the strongest first.
  static func factor(_ checkpoint: Checkpoint) throws(DirectionError) -> DirectionFile {
    let columns = try VectorStack(checkpoint, "eigvec")
    guard columns.shape.count == 2 else {
      throw DirectionError(
        file: checkpoint.source,
        reason: .shape(array: "eigvec", columns.shape, expected: "[w_dim, n]"))
    }
    let (width, count) = (columns.shape[0], columns.shape[1])
    var values: [Float] = []
    values.reserveCapacity(width * count)
    for column in 0..<count {
      for row in 0..<width { values.append(columns.values[row * count + column]) }
    }
    var entry = Entry("", VectorStack(name: "eigvec", shape: [count, 1, width], values: values))
    entry.space = .w
    return DirectionFile(path: checkpoint.source, format: .factor, entries: [entry])
  }
}
