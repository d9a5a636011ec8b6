import Checkpoints
import Files
import Tensors

/// Components computed before, as safetensors files in a folder: one for each model and method.
///
/// What cannot be read is computed again and what cannot be written is not kept: a cache is never
/// the reason for an error.
package struct DirectionCache: Hashable, Sendable {
  package let folder: String
  /// SHA-256 of the model's file, lower-case hexadecimal.
  package let modelSHA256: String

  package init(folder: String, modelSHA256: String) {
    self.folder = folder
    self.modelSHA256 = modelSHA256
  }

  /// Raised when the mathematics change, so that older files are not taken for newer ones.
  private static let version = 1

  /// The file of one method's components.
  package func path(of discovery: DirectionDiscovery) -> String {
    // The checksum came from a model's file, but a caller may pass anything.
    let model = String(modelSHA256.filter(\.isHexDigit).prefix(64))
    return folder + "/" + model + "-" + DirectionCache.key(discovery) + ".safetensors"
  }

  private static func key(_ discovery: DirectionDiscovery) -> String {
    "v\(version)-sefa\(discovery.sefaCount)-pca\(discovery.pcaCount)"
      + "-n\(discovery.sampleCount)-seed\(discovery.seed)"
  }

  /// - Returns: nil where there is no file, or one that is not what was written for this model.
  func load(_ discovery: DirectionDiscovery, width: Int) -> [Direction]? {
    guard let checkpoint = try? Checkpoint.open(path: path(of: discovery)),
      checkpoint.metadata["mien.directions"] == DirectionCache.key(discovery),
      checkpoint.metadata["mien.model"] == modelSHA256,
      let sefa = DirectionCache.load(.sefa, atMost: discovery.sefaCount, from: checkpoint, width),
      let pca = DirectionCache.load(.pca, atMost: discovery.pcaCount, from: checkpoint, width)
    else { return nil }
    return sefa + pca
  }

  private static func load(
    _ kind: Direction.Kind, atMost count: Int, from checkpoint: Checkpoint, _ width: Int
  ) -> [Direction]? {
    guard checkpoint.entry(kind.rawValue) != nil else { return [] }
    guard let units = try? checkpoint.tensor(kind.rawValue),
      let scales = try? checkpoint.tensor(kind.rawValue + ".scale"),
      units.shape.rank == 2, units.shape[0] <= count, units.shape[1] == width,
      scales.shape == [units.shape[0]]
    else { return nil }
    let (values, deviations) = (units.values, scales.values)
    guard values.allSatisfy(\.isFinite), deviations.allSatisfy({ $0.isFinite && $0 >= 0 })
    else { return nil }
    return deviations.enumerated().map { index, scale in
      Direction(
        kind, number: index + 1, unit: Array(values[index * width..<(index + 1) * width]),
        scale: scale)
    }
  }

  func save(_ components: [Direction], of discovery: DirectionDiscovery) {
    var tensors: [(name: String, tensor: Tensor)] = []
    for kind in [Direction.Kind.sefa, .pca] {
      let directions = components.filter { $0.kind == kind }
      guard let width = directions.first?.vector.count else { continue }
      tensors.append(
        (kind.rawValue, Tensor(directions.flatMap(\.unit), shape: [directions.count, width])))
      tensors.append(
        (kind.rawValue + ".scale", Tensor(directions.map(\.scale), shape: [directions.count])))
    }
    do {
      try StandardFolders.make(folder)
      try Safetensors.save(
        tensors,
        metadata: ["mien.directions": DirectionCache.key(discovery), "mien.model": modelSHA256],
        to: path(of: discovery))
    } catch {
      return
    }
  }
}
