package import Checkpoints
package import Files
import NN

/// Everything that can be said about a file that may hold a generator; works on damaged files too.
package struct ModelExamination: Sendable {
  /// A tensor that is not as the network needs it.
  package struct Oddity: Hashable, Sendable {
    package let tensor: String
    package let what: String
  }

  package let source: String
  package let byteCount: Int
  /// Of the whole file.
  package let sha256: String
  /// What the file looks like by its first bytes.
  package let kind: ContentKind
  /// "NVIDIA PyTorch pickle", where a generator was found.
  package private(set) var container: String?
  /// The name the file gives its network.
  package private(set) var name: String?
  /// Where enough was found to know it.
  package private(set) var configuration: GeneratorConfiguration?
  /// Trained numbers of such a network.
  package private(set) var parameterCount: Int?
  package private(set) var missing: [String] = []
  /// Tensors that such a network has no place for.
  package private(set) var surplus: [String] = []
  package private(set) var odd: [Oddity] = []
  /// How the file stores its numbers: float32, float16 …
  package private(set) var elementTypes: [String] = []
  package private(set) var trainingData: [String] = []
  package private(set) var notes: [String] = []
  package private(set) var directions: [NamedDirection] = []
  package private(set) var licence: String?
  /// What the file says about how it was made and what it is for.
  package private(set) var card: [CardEntry] = []
  package private(set) var origin: ModelOrigin?
  /// What presets know it by.
  package private(set) var identity: String
  /// Why it cannot be used; nil for a model in order.
  package private(set) var problem: ModelError?
  /// Whether it is in our own form already.
  package private(set) var isNative = false

  /// - Throws: where the file cannot be opened at all.
  package init(path: String) throws(ModelError) {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch { throw ModelError(path, .file(error)) }
    self.init(file.bytes, source: path, sha256: SHA256.hex(of: file), file: file)
  }

  /// The same for bytes in memory.
  package init(_ bytes: Bytes, source: String) {
    self.init(bytes, source: source, sha256: SHA256.hex(of: bytes), file: nil)
  }

  private init(_ bytes: Bytes, source: String, sha256: String, file: MappedFile?) {
    self.source = source
    self.sha256 = sha256
    identity = sha256
    byteCount = bytes.count
    kind = ContentKind(bytes)
    let found: ModelFile.Found
    var cutNames: [String] = []
    do throws(ModelError) {
      found = try ModelFile.find(bytes, source: source)
    } catch {
      problem = error
      // The header of a cut file still says what it was.
      guard kind == .safetensors, let rest = try? Safetensors(salvaging: bytes),
        !rest.cutNames.isEmpty, let salvaged = try? ModelFile.find(rest, source: source)
      else { return }
      found = salvaged
      cutNames = rest.cutNames
    }
    examine(found, cutNames: cutNames, file: file)
  }

  private mutating func examine(
    _ found: ModelFile.Found, cutNames: [String], file: MappedFile?
  ) {
    var network = found.network
    container = network.container
    trainingData = network.trainingData
    name = found.header?.name
    licence = found.header?.licence
    card = found.header?.card ?? []
    origin = found.header?.origin
    identity = found.header?.identity ?? sha256
    isNative = found.header != nil
    elementTypes = Set(network.tensors.values.map(\.type)).map(\.description).sorted()
    for damage in network.damages { note(damage) }
    odd += cutNames.map { Oddity(tensor: $0, what: "the file ends before it does") }
    let configuration: GeneratorConfiguration
    do {
      configuration = try GeneratorConfiguration(inferring: network)
    } catch {
      note(error)
      notes = network.notes
      lookForOddNumbers(network, file)
      return
    }
    self.configuration = configuration
    let census = Generator.census(configuration)
    parameterCount = census.trainedCount
    let needed = Set(census.entries.map(\.name))
    surplus =
      network.tensors.keys.filter { !needed.contains($0) && !$0.hasSuffix("_filter") }.sorted()
      + network.unusedNames
    for problem in network.complete(for: configuration) {
      if case .missing(let name) = problem.problem {
        if self.problem == nil { self.problem = problem }
        if !cutNames.contains(name), !odd.contains(where: { $0.tensor == name }) {
          missing.append(name)
        }
      } else {
        note(problem)
      }
    }
    do {
      notes = try network.checked(for: configuration).notes
    } catch {
      notes = network.notes
      if missing.isEmpty && odd.isEmpty { note(error) }
    }
    do {
      directions = try found.directions(wDim: configuration.wDim)
    } catch { note(error) }
    lookForOddNumbers(network, file)
  }

  /// Keeps the first problem as the reason and every tensor's as an oddity.
  private mutating func note(_ error: ModelError) {
    if problem == nil { problem = error }
    if let oddity = error.oddity, !odd.contains(oddity) { odd.append(oddity) }
  }

  /// NaN and infinity, wherever they are.
  private mutating func lookForOddNumbers(_ network: NetworkSource, _ file: MappedFile?) {
    for name in network.tensors.keys.sorted() {
      guard let stored = network.tensors[name], stored.type.isFloat, stored.shape != nil else {
        continue
      }
      do {
        _ = try network.tensor(name)
      } catch { note(error) }
      if stored.view.count > 1 << 20 { file?.releasePages() }
    }
  }
}

extension ModelError {
  /// The tensor concerned and what is odd about it.
  fileprivate var oddity: ModelExamination.Oddity? {
    switch problem {
    case .shape(let name, let found, let expected):
      .init(tensor: name, what: "shape \(found), expected \(expected)")
    case .elementType(let name, let found):
      .init(tensor: name, what: "\(found) numbers, expected floating-point ones")
    case .notFinite(let name, let value, let index):
      .init(tensor: name, what: "\(value) at element \(index)")
    case .tensor(let name, let reason): .init(tensor: name, what: reason)
    default: nil
    }
  }
}
