package import Checkpoints
package import Files
package import NN
import Tensors

/// The LPIPS feature network on disk: made once from torchvision's VGG16 weights and the LPIPS
/// heads, which a user gets from their authors, as one safetensors file.
package enum FeatureNetworkFile {
  private static let metadataKey = "mien.features"
  private static let kind = "lpips-vgg16"
  package static let fileName = "lpips-vgg16.safetensors"

  /// Reads torchvision's `vgg16` state dictionary and the heads of LPIPS v0.1 (`vgg.pth`), and
  /// writes both to `path`.
  /// - Throws: where a tensor is missing or has another shape, or the file cannot be written.
  package static func convert(
    vgg: String, heads: String, to path: String
  ) throws(FeatureNetworkError) {
    let weights = try open(vgg)
    let linear = try open(heads)
    var features = LPIPSFeatures()
    try load(&features, path: vgg) { name throws(FeatureNetworkError) in
      // "lin0.weight" of ours is "lin0.model.1.weight" of theirs.
      name.hasPrefix("lin")
        ? try tensor(name.replacing(".weight", with: ".model.1.weight"), in: linear, heads)
        : try tensor(name, in: weights, vgg)
    }
    var collector = ParameterList()
    features.visit(&collector)
    do {
      try Safetensors.save(collector.entries, metadata: [metadataKey: kind], to: path)
    } catch {
      throw .file(error)
    }
  }

  /// The features of a file that `convert` wrote.
  package static func load(path: String) throws(FeatureNetworkError) -> LPIPSFeatures {
    let file = try open(path)
    guard file.metadata[metadataKey] == kind else { throw .notFeatures(path: path) }
    var features = LPIPSFeatures()
    try load(&features, path: path) { name throws(FeatureNetworkError) in
      try tensor(name, in: file, path)
    }
    return features
  }

  private static func open(_ path: String) throws(FeatureNetworkError) -> Checkpoint {
    do {
      return try Checkpoint.open(path: path)
    } catch {
      throw .checkpoint(error)
    }
  }

  private static func tensor(
    _ name: String, in file: Checkpoint, _ path: String
  ) throws(FeatureNetworkError) -> Tensor {
    do {
      return try file.tensor(name)
    } catch {
      throw .checkpoint(error)
    }
  }

  private static func load(
    _ features: inout LPIPSFeatures, path: String,
    _ source: @escaping (String) throws(FeatureNetworkError) -> Tensor
  ) throws(FeatureNetworkError) {
    var loader = ParameterLoader { try source($0) }
    do {
      try features.visit(&loader)
    } catch let error as FeatureNetworkError {
      throw error
    } catch let error as ParameterMismatch {
      throw .mismatch(path: path, error)
    } catch {
      preconditionFailure("no other error is thrown here")
    }
    guard features.heads.allSatisfy({ $0.tensor.values.allSatisfy { $0 >= 0 } }) else {
      throw .negativeHead(path: path)
    }
  }
}

/// Every parameter with its name and values.
private struct ParameterList: ParameterVisitor {
  typealias Failure = Never
  var path: [String] = []
  var entries: [(name: String, tensor: Tensor)] = []

  mutating func visit(
    _ name: String, _ parameter: inout Parameter, in path: [String]
  ) throws(Never) {
    entries.append(((path + [name]).joined(separator: "."), parameter.tensor))
  }
}

/// Why a file gives no feature network: one line that names the file.
package enum FeatureNetworkError: Error, Sendable, CustomStringConvertible {
  case checkpoint(CheckpointError)
  case file(FileError)
  case mismatch(path: String, ParameterMismatch)
  case notFeatures(path: String)
  case negativeHead(path: String)

  package var description: String {
    switch self {
    case .checkpoint(let error): error.description
    case .file(let error): error.description
    case .mismatch(let path, let error): "\(path): \(error)"
    case .notFeatures(let path):
      "\(path): it holds no LPIPS features; make the file with mien model import --lpips"
    case .negativeHead(let path):
      "\(path): a weight of the LPIPS heads is negative, which no published head has"
    }
  }
}
