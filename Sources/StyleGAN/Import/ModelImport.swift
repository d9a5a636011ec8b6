import Checkpoints
import Files
import NN
import Tensors

/// A model of any supported kind on its way into our own form: one safetensors file with the whole
/// configuration in it, that is mapped instead of read.
package struct ModelImport: Sendable {
  package enum Precision: String, Sendable, CaseIterable {
    /// Every number is kept.
    case f32
    /// Kernels and matrices are rounded to half precision, everything small is kept; half the size.
    case f16
  }

  /// What came of it.
  package struct Result: Sendable {
    package let byteCount: Int
    package let origin: ModelOrigin
    /// Tensors that half precision cannot hold and that were kept in float32.
    package let keptNames: [String]
  }

  private let file: MappedFile
  private let contents: ModelFile.Contents

  package var configuration: GeneratorConfiguration { contents.configuration }
  package var notes: [String] { contents.network.notes }

  /// Opens the file and checks that its tensors are those of a generator.
  package init(path: String) throws(ModelError) {
    do {
      file = try MappedFile(path: path)
    } catch { throw ModelError(path, .file(error)) }
    contents = try ModelFile.read(file.bytes, source: path)
  }

  /// Writes the model, complete or not at all.
  /// - Parameters:
  ///   - licence: a note of the user's; that of the file where it has one itself.
  ///   - progress: told the share that is done, 0…1.
  ///   - isCancelled: asked many times a second.
  /// - Returns: nil where it was cancelled; nothing is left behind then.
  package func write(
    to path: String, name: String, precision: Precision, licence: String?,
    progress: (Double) -> Void, isCancelled: () -> Bool
  ) throws(ModelError) -> Result? {
    guard let sourceHash = fileHash({ progress($0 / 3) }, isCancelled) else { return nil }
    let origin = ModelOrigin(
      file: fileName(of: contents.network.source),
      sha256: contents.identity ?? sourceHash, container: contents.network.container)
    var parameters = try Parameters(contents, file: file, precision: precision)

    // Once for the hash, which stands before the data, and once for the data.
    var hash = SHA256()
    let total = Double(max(parameters.elementCount, 1))
    var done = 0
    var entries: [SafetensorsWriter.Entry] = []
    for index in parameters.indices {
      if isCancelled() { return nil }
      let (tensor, type) = try parameters.load(index)
      entries.append(.init(name: parameters.names[index], shape: tensor.shape, type: type))
      unsafe SafetensorsWriter.withStoredBytes(tensor, as: type) { unsafe hash.update($0) }
      done += tensor.count
      progress((1 + Double(done) / total) / 3)
    }
    let description = NativeModel.description(
      configuration, name: name, licence: licence ?? contents.licence,
      directions: contents.directions, origin: origin,
      dataSHA256: SHA256.hex(digest: hash.digest()),
      isExact: precision == .f32)
    do throws(FileError) {
      var writer = try SafetensorsWriter(
        entries, metadata: [NativeModel.metadataKey: description], to: path)
      done = 0
      for index in parameters.indices {
        if isCancelled() { return nil }
        let tensor: Tensor
        do {
          tensor = try parameters.load(index).tensor
        } catch { preconditionFailure("it was readable a moment ago: \(error)") }
        try writer.append(tensor)
        done += tensor.count
        progress((2 + Double(done) / total) / 3)
      }
      try writer.commit()
    } catch { throw ModelError(path, .file(error)) }
    return Result(
      byteCount: entries.reduce(0) { $0 + $1.shape.count * $1.type.byteCount }, origin: origin,
      keptNames: parameters.keptNames)
  }

  /// The name without the folder.
  private func fileName(of source: String) -> String {
    source.split(separator: "/").last.map(String.init) ?? source
  }

  private func fileHash(_ progress: (Double) -> Void, _ isCancelled: () -> Bool) -> String? {
    var hash = SHA256()
    let step = 4 << 20
    for start in stride(from: 0, to: file.count, by: step) {
      if isCancelled() { return nil }
      unsafe file.withBytes {
        unsafe hash.update(
          UnsafeRawBufferPointer(rebasing: $0[start..<min(start + step, $0.count)]))
      }
      file.releasePages()
      progress(Double(start) / Double(file.count))
    }
    return SHA256.hex(digest: hash.digest())
  }

  /// The tensors to write, decoded one at a time.
  private struct Parameters {
    private let contents: ModelFile.Contents
    private let file: MappedFile
    private let precision: Precision
    private let shapes: [Shape]
    private let average: Tensor?
    let names: [String]
    private(set) var keptNames: [String] = []

    var indices: Range<Int> { names.indices }
    var elementCount: Int { shapes.reduce(0) { $0 + $1.count } }

    init(
      _ contents: ModelFile.Contents, file: MappedFile, precision: Precision
    ) throws(ModelError) {
      self.contents = contents
      self.file = file
      self.precision = precision
      let census = Generator.census(contents.configuration).entries
      names = census.map(\.name) + contents.directions.map(NativeModel.tensorName)
      shapes = census.map(\.shape) + contents.directions.map(\.vector.shape)
      if contents.network.computesWAverage {
        do {
          average = try contents.network.computedWAverage(contents.configuration)
        } catch let error as ModelError {
          throw error
        } catch { throw contents.network.error(.configuration("\(error)")) }
      } else {
        average = nil
      }
    }

    mutating func load(_ index: Int) throws(ModelError) -> (tensor: Tensor, type: ElementType) {
      let own = names.count - contents.directions.count
      if index >= own { return (contents.directions[index - own].vector, .float32) }
      let name = names[index]
      if name == "mapping.w_avg", let average { return (average, .float32) }
      // A single number is [] for some writers and [1] for others.
      let tensor = try contents.network.tensor(name).reshaped(shapes[index])
      if tensor.count > 1 << 20 { file.releasePages() }
      guard precision == .f16, tensor.shape.rank >= 2, !name.hasSuffix("noise_const") else {
        return (tensor, .float32)
      }
      // Beyond 65504 half precision is infinite.
      if tensor.values.contains(where: { abs($0) > 65504 }) {
        if !keptNames.contains(name) { keptNames.append(name) }
        return (tensor, .float32)
      }
      return (tensor, .float16)
    }
  }
}
