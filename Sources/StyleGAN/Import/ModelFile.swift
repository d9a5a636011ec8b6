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
    /// What it was imported from.
    package let origin: ModelOrigin?
    /// What presets know it by, where the file says so itself.
    let identity: String?
  }

  /// Opens a model file.
  package static func load(path: String) throws(ModelError) -> Model {
    let file = try map(path)
    let contents = try read(file.bytes, source: path)
    // Pages already decoded are let go now and then: a large file need not lie in memory twice.
    var decoded = 0
    let generator = try generator(of: contents) { tensor in
      decoded += tensor.count * MemoryLayout<Float>.size
      if decoded > 32 << 20 {
        file.releasePages()
        decoded = 0
      }
    }
    file.releasePages()
    let sha256 = contents.identity ?? SHA256.hex(of: file)
    return model(contents, generator, sha256: sha256, path: path)
  }

  /// Opens a model in memory that lives as long as the program, such as the embedded one.
  /// - Parameter name: what errors call it, and its name where it has none itself.
  package static func load(bytes: UnsafeRawBufferPointer, name: String) throws(ModelError) -> Model
  {
    let bytes = unsafe Bytes(unsafeStatic: bytes)
    let contents = try read(bytes, source: name)
    return model(
      contents, try generator(of: contents),
      sha256: contents.identity ?? SHA256.hex(of: bytes), path: nil)
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
    let found = try find(bytes, source: source)
    if let damage = found.network.damages.first { throw damage }
    let configuration = try GeneratorConfiguration(inferring: found.network)
    return Contents(
      name: found.header?.name ?? stem(source), configuration: configuration,
      network: try found.network.checked(for: configuration),
      directions: try found.directions(wDim: configuration.wDim),
      licence: found.header?.licence, origin: found.header?.origin,
      identity: found.header?.identity)
  }

  /// A generator where it was found, nothing about it checked.
  struct Found {
    var network: NetworkSource
    /// Our own description of it, where there is one.
    var header: NativeModel.Header?
    var file: Safetensors?

    func directions(wDim: Int) throws(ModelError) -> [NamedDirection] {
      guard let header, let file else { return [] }
      return try NativeModel.directions(
        header.directions, in: file, wDim: wDim, source: network.source)
    }
  }

  /// Looks for a generator in a file of any kind.
  static func find(_ bytes: Bytes, source: String) throws(ModelError) -> Found {
    let kind = ContentKind(bytes)
    switch kind {
    case .pickle where LegacyTorchStream.isStream(bytes), .zip:
      let archive: TorchArchive
      do {
        archive = try TorchArchive(bytes)
      } catch { throw ModelError(source, .torch(error)) }
      return Found(network: try TorchModel.read(archive, source: source))
    case .pickle:
      let root: PickleView
      do {
        root = try PickleView(
          bytes, vocabulary: NVIDIAPickle.vocabulary.adding(TensorFlowPickle.roles))
      } catch { throw ModelError(source, .pickle(error)) }
      if let network = try NVIDIAPickle.read(root, source: source) {
        return Found(network: network)
      }
      if let network = try TensorFlowPickle.read(root, source: source) {
        return Found(network: network)
      }
      throw ModelError(source, .notAGenerator(found: root.summary))
    case .safetensors:
      let file: Safetensors
      do {
        file = try Safetensors(bytes)
      } catch { throw ModelError(source, .safetensors(error)) }
      return try find(file, source: source)
    case .npy:
      throw ModelError(source, .notAGenerator(found: kind.description))
    default: throw ModelError(source, .content(kind))
    }
  }

  static func find(_ file: Safetensors, source: String) throws(ModelError) -> Found {
    guard let text = file.metadata[NativeModel.metadataKey] else {
      // Someone else's safetensors: the names tell whose.
      if let dictionary = StateDictionary(withoutPrefix(file.views)) {
        return Found(network: try dictionary.network(source: source, container: "safetensors"))
      }
      if let network = ForeignNetwork(names: file.names) {
        throw ModelError(source, .otherNetwork(network))
      }
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
    return Found(network: network, header: header, file: file)
  }

  /// Names without the checkpoint key some converters put in front ("g_ema.conv1.conv.weight").
  private static func withoutPrefix(_ views: [String: TensorView]) -> [String: TensorView] {
    for prefix in ["g_ema.", "G_ema.", "generator_smooth.", "generator.", "module.", "params_ema."]
    where views.keys.contains(where: { $0.hasPrefix(prefix) }) {
      return Dictionary(
        views.map { ($0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0, $1) },
        uniquingKeysWith: { first, _ in first })
    }
    return views
  }

  /// "ffhq" of "/models/ffhq.pkl".
  private static func stem(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// - Parameter didDecode: told of every tensor as it is handed to the generator.
  private static func generator(
    of contents: Contents, didDecode: @escaping (Tensor) -> Void = { _ in }
  ) throws(ModelError) -> Generator {
    do {
      let network = contents.network
      let average =
        network.computesWAverage ? try network.computedWAverage(contents.configuration) : nil
      return try Generator(contents.configuration) { name in
        if name == "mapping.w_avg", let average { return average }
        let tensor = try network.tensor(name)
        didDecode(tensor)
        return tensor
      }
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
