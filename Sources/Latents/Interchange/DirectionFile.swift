import Checkpoints
import Files
import StyleGAN
import Tensors

/// A file of directions as other tools write them, read without knowing a model yet.
///
/// Formats are told apart by content, never by name: bare arrays (.npy, .npz, .pt, safetensors) of
/// one or many vectors, InterFaceGAN's boundaries and the directions of W+ encoders among them;
/// GANSpace's caches and exports; e4e's principal components; rosinality's factor files; and what
/// this program writes. Of which space the vectors are is taken from the file only where its
/// format says so; else `DirectionImport` must.
package struct DirectionFile: Sendable {
  package enum Format: String, Sendable {
    case arrays = "arrays"
    case ganSpace = "GANSpace cache"
    case ganSpaceExport = "GANSpace export"
    case components = "principal components"
    case factor = "factor file"
    case mien = "mien"
  }

  /// One or several directions under one name.
  struct Entry: Sendable {
    /// The name the file gives; empty where it gives none.
    var name: String
    var stack: VectorStack
    /// Length of one unit of the slider for each vector; nil leaves the vectors as they are.
    var deviations: [Float]?
    /// One row.
    var center: [Float]?
    /// Where the file says so.
    var space: Direction.Space?
    var rows: LayerRange?
    /// A direction this program wrote, complete.
    var direction: Direction?

    init(_ name: String, _ stack: VectorStack) {
      self.name = name
      self.stack = stack
    }
  }

  package let path: String
  package let format: Format
  let entries: [Entry]

  /// The space the format speaks of; nil where it does not tell.
  package var space: Direction.Space? { entries.first?.space }

  /// - Parameter path: a file, or the folder that `mien discover` writes.
  package static func read(path: String) throws(DirectionError) -> DirectionFile {
    if let found = try discovered(path: path) { return found }
    let checkpoint: Checkpoint
    do {
      checkpoint = try Checkpoint.open(path: path)
    } catch { throw DirectionError(file: path, reason: .checkpoint(error)) }
    let names = Set(checkpoint.names)
    if let direction = try stored(checkpoint) {
      var entry = Entry(
        direction.name,
        VectorStack(
          name: direction.name, shape: [direction.vectorRows, direction.width],
          values: direction.vector))
      entry.direction = direction
      entry.space = direction.space
      return DirectionFile(path: path, format: .mien, entries: [entry])
    }
    if names.contains("lat_comp") {
      if checkpoint.kind == .pickle, let export = try ganSpaceExport(checkpoint) { return export }
      return try ganSpace(checkpoint)
    }
    if names.contains("eigvec") { return try factor(checkpoint) }
    if names.isSuperset(of: ["comp", "mean", "std"]) { return try components(checkpoint) }
    var entries: [Entry] = []
    var count = 0
    for name in checkpoint.names {
      let stack = try VectorStack(checkpoint, name)
      count += stack.values.count
      guard count <= VectorStack.largestCount else {
        throw DirectionError(
          file: path,
          reason: .noDirections(found: "\(names.count) arrays with more than \(count) numbers"))
      }
      entries.append(Entry(given(name), stack))
    }
    guard !entries.isEmpty else {
      throw DirectionError(file: path, reason: .noDirections(found: "it is empty"))
    }
    return DirectionFile(path: path, format: .arrays, entries: entries)
  }

  init(path: String, format: Format, entries: [Entry]) {
    self.path = path
    self.format = format
    self.entries = entries
  }

  /// What arrays are called that nobody named.
  private static let anonymous: Set = [
    "array", "arr_0", "boundary", "direction", "latent", "vector", "data", "tensor", "w", "ws",
  ]

  /// The name an array gives its direction, without control characters; empty where none.
  private static func given(_ name: String) -> String {
    if anonymous.contains(name) { return "" }
    var clean = ""
    for scalar in name.unicodeScalars.prefix(80)
    where scalar.properties.generalCategory != .control { clean.unicodeScalars.append(scalar) }
    return clean
  }

  /// "age" of "/somewhere/age.npy".
  var stem: String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}
