import Checkpoints
package import Files
import NN
import Tensors

/// Reads generators from files of every supported kind, told apart by their content.
package enum ModelFile {
  /// What a model file holds, checked against its configuration, tensors not yet decoded.
  package struct Contents: Sendable {
    /// The name the file gives itself, else that of the file without ending.
    package let name: String
    package let configuration: GeneratorConfiguration
    package let network: NetworkSource
    package let directions: [NamedDirection]
    package let licence: String?
  }

  /// Opens a model file.
  package static func load(path: String) throws(ModelError) -> Model {
    let file = try map(path)
    let contents = try read(file.bytes, source: path)
    let generator = try generator(of: contents)
    file.releasePages()
    let sha256 = SHA256.hex(of: file)
    return model(contents, generator, sha256: sha256, path: path)
  }

  /// Opens a model in memory that lives as long as the program, such as the embedded one.
  /// - Parameter name: what errors call it, and its name where it has none itself.
  package static func load(bytes: UnsafeRawBufferPointer, name: String) throws(ModelError) -> Model
  {
    let bytes = unsafe Bytes(unsafeStatic: bytes)
    let contents = try read(bytes, source: name)
    return model(
      contents, try generator(of: contents), sha256: SHA256.hex(of: bytes), path: nil)
  }

  private static func model(
    _ contents: Contents, _ generator: Generator, sha256: String, path: String?
  ) -> Model {
    Model(
      name: contents.name, sha256: sha256, generator: generator,
      directions: contents.directions, licence: contents.licence, path: path,
      container: contents.network.container, notes: contents.network.notes)
  }

  /// Reads a file without decoding its tensors: enough to say what it is.
  package static func read(path: String) throws(ModelError) -> Contents {
    try read(try map(path).bytes, source: path)
  }

  private static func map(_ path: String) throws(ModelError) -> MappedFile {
    do {
      return try MappedFile(path: path)
    } catch { throw ModelError(path, .file(error)) }
  }

  package static func read(_ bytes: Bytes, source: String) throws(ModelError) -> Contents {
    let kind = ContentKind(bytes)
    switch kind {
    case .pickle:
      let root: PickleView
      do {
        root = try PickleView(bytes, vocabulary: NVIDIAPickle.vocabulary)
      } catch { throw ModelError(source, .pickle(error)) }
      guard let network = try NVIDIAPickle.read(root, source: source) else {
        throw ModelError(source, .notAGenerator(found: root.summary))
      }
      return try contents(network, source: source)
    case .safetensors:
      let file: Safetensors
      do {
        file = try Safetensors(bytes)
      } catch { throw ModelError(source, .safetensors(error)) }
      return try readNative(file, source: source)
    case .npy, .zip:
      throw ModelError(source, .notAGenerator(found: kind.description))
    default: throw ModelError(source, .content(kind))
    }
  }

  private static func readNative(
    _ file: Safetensors, source: String
  ) throws(ModelError) -> Contents {
    guard let text = file.metadata[NativeModel.metadataKey] else {
      let names = file.names.prefix(3).joined(separator: ", ")
      throw ModelError(
        source, .notAGenerator(found: "safetensors without a model description (\(names), …)"))
    }
    let header = try NativeModel.header(text, source: source)
    var network = NetworkSource(source: source, container: "safetensors")
    network.claims = header.claims
    for (name, view) in file.views where !name.hasPrefix("directions.") {
      network.tensors[name] = SourceTensor(view)
    }
    let configuration = try GeneratorConfiguration(inferring: network)
    return Contents(
      name: header.name ?? stem(source), configuration: configuration,
      network: try network.checked(for: configuration),
      directions: try NativeModel.directions(
        header.directions, in: file, wDim: configuration.wDim, source: source),
      licence: header.licence)
  }

  private static func contents(
    _ network: NetworkSource, source: String
  ) throws(ModelError) -> Contents {
    let configuration = try GeneratorConfiguration(inferring: network)
    return Contents(
      name: stem(source), configuration: configuration,
      network: try network.checked(for: configuration), directions: [], licence: nil)
  }

  /// "ffhq" of "/models/ffhq.pkl".
  private static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  private static func generator(of contents: Contents) throws(ModelError) -> Generator {
    do {
      return try Generator(contents.configuration) { try contents.network.tensor($0) }
    } catch let error as ModelError {
      throw error
    } catch let error as ParameterMismatch {
      throw ModelError(
        contents.network.source,
        .shape(
          name: error.name, found: error.found.dimensions, expected: error.expected.dimensions))
    } catch {
      throw ModelError(contents.network.source, .configuration("\(error)"))
    }
  }
}
