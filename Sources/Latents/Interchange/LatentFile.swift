package import Checkpoints
package import Files
package import StyleGAN
package import Tensors

/// Why a file gives no latent: one line that names the file.
package struct LatentFileError: Error, Sendable, CustomStringConvertible {
  package enum Reason: Sendable {
    case checkpoint(CheckpointError)
    /// Readable, but without an array a latent could be.
    case noLatent(found: [String])
    case shape(array: String, [Int], numWs: Int, wDim: Int)
    case elementType(array: String, ElementType)
    /// Not a latent of this model.
    case latent(LatentError)
  }
  package let file: String
  package let reason: Reason

  package var description: String {
    switch reason {
    case .checkpoint(let error): error.description
    case .noLatent(let found):
      "\(file): there is no array w in it, it has \(found.prefix(8).joined(separator: ", "))"
        + (found.count > 8 ? ", …" : "")
    case .shape(let array, let shape, let numWs, let wDim):
      "\(file): \(array.isEmpty ? "" : array + ": ")the shape \(shape) is no latent; expected [1, \(numWs), \(wDim)]"
    case .elementType(let array, let type):
      "\(file): \(array.isEmpty ? "the array" : array) holds \(type) numbers; a latent is floating-point"
    case .latent(let error): "\(file): \(error)"
    }
  }
}

/// A file of latents as projectors and encoders write them: the array w (or ws, latent) of a .npz, a
/// .npy, a tensor in a .pt, rosinality's projections {picture: {latent, noise}}, safetensors. What it
/// is is told by its content, never by its name.
package struct LatentFile: Sendable {
  package struct Entry: Hashable, Sendable {
    /// The name the file gives the latent: that of its picture; empty where it gives none.
    package let name: String
    package let latent: LatentSource
  }
  package let path: String
  package let entries: [Entry]

  /// Latents one file may hold; a projection has one, a batch a few.
  private static let countLimit = 1000

  /// Reads the latents of a file for a model. Rows that are all the same are a point of W, as the
  /// reference projector finds it; ψ applies to it again and at 1 leaves it as it is.
  package static func read(
    path: String, for configuration: GeneratorConfiguration
  ) throws(LatentFileError) -> LatentFile {
    func failure(_ reason: LatentFileError.Reason) -> LatentFileError {
      LatentFileError(file: path, reason: reason)
    }
    do {
      let checkpoint = try Checkpoint.open(path: path)
      let names = arrays(of: checkpoint)
      guard !names.isEmpty else { throw failure(.noLatent(found: checkpoint.names)) }
      var entries: [Entry] = []
      for name in names {
        let label = checkpoint.names.count == 1 ? "" : name
        guard let (type, shape) = checkpoint.entry(name) else {
          _ = try checkpoint.tensor(name)
          throw failure(.noLatent(found: checkpoint.names))
        }
        guard type.isFloat else { throw failure(.elementType(array: label, type)) }
        let (numWs, wDim) = (configuration.numWs, configuration.wDim)
        // [w], [1, w], [1, 1, w] are a point of W; [rows, w] and [1, rows, w] of W+; [n, rows, w]
        // are several.
        let batch = shape.count == 3 ? shape[0] : 1
        guard (1...3).contains(shape.count), batch > 0, batch <= countLimit,
          shape.suffix(2).allSatisfy({ (1...1 << 16).contains($0) })
        else {
          throw failure(.shape(array: label, shape, numWs: numWs, wDim: wDim))
        }
        let width = shape[shape.count - 1]
        let rows = shape.count == 1 ? 1 : shape[shape.count - 2]
        if batch > 1, width != wDim || rows != 1 && rows != numWs {
          throw failure(.shape(array: label, shape, numWs: numWs, wDim: wDim))
        }
        // Checked before anything is decoded: a shape may claim anything.
        let claimed: LatentSource = rows == 1 ? .w([]) : .ws([], rows: rows)
        try require(claimed, width: width, configuration, failure)
        let values = try checkpoint.tensor(name).values
        for index in 0..<batch {
          let part = Array(values[index * rows * width..<(index + 1) * rows * width])
          guard part.allSatisfy(\.isFinite) else {
            throw failure(.latent(.notFinite("a value of the latent")))
          }
          entries.append(
            Entry(
              name: title(name, index, of: batch, isOnly: names.count == 1),
              latent: source(part, rows: rows, width: width)))
        }
      }
      return LatentFile(path: path, entries: entries)
    } catch let error as CheckpointError {
      throw failure(.checkpoint(error))
    } catch let error as LatentFileError {
      throw error
    } catch { preconditionFailure("no other error is thrown here") }
  }

  private static func require(
    _ claimed: LatentSource, width: Int, _ configuration: GeneratorConfiguration,
    _ failure: (LatentFileError.Reason) -> LatentFileError
  ) throws(LatentFileError) {
    if case .ws(_, let rows) = claimed, rows != configuration.numWs {
      throw failure(.latent(.rowCount(found: rows, expected: configuration.numWs)))
    }
    guard width == configuration.wDim else {
      throw failure(
        .latent(.width(what: "the latent", found: width, expected: configuration.wDim)))
    }
  }

  private static func source(_ values: [Float], rows: Int, width: Int) -> LatentSource {
    let first = values[..<width]
    let isW = (1..<rows).allSatisfy { values[$0 * width..<($0 + 1) * width] == first }
    return isW ? .w(Array(first)) : .ws(values, rows: rows)
  }

  /// The arrays that are latents, by the names the field uses; the only array whatever its name.
  private static func arrays(of checkpoint: Checkpoint) -> [String] {
    let names = checkpoint.names
    if names.count == 1 { return names }
    // Of a projection that keeps both, W+ is what makes the picture.
    for name in ["ws", "w", "w_plus", "wplus", "latent", "latents", "latent_code", "array"]
    where names.contains(name) { return [name] }
    return names.filter { $0.hasSuffix("/latent") }
  }

  /// "photo" of "photos/photo.jpg/latent".
  private static func title(_ name: String, _ index: Int, of count: Int, isOnly: Bool) -> String {
    var title = ""
    if name.hasSuffix("/latent") {
      let picture = name.dropLast("/latent".count).split(separator: "/").last ?? ""
      title = String(picture.lastIndex(of: ".").map { picture[..<$0] } ?? picture)
      title.unicodeScalars.removeAll { $0.properties.generalCategory == .control }
      title = String(title.prefix(80))
    }
    guard count > 1 else { return title }
    return title.isEmpty ? "\(index + 1)" : "\(title) \(index + 1)"
  }

  /// Writes ws as the reference projector does: the array w, float32 [1, num_ws, w_dim], alone in a
  /// .npz, or bare as a .npy.
  /// - Parameter ws: [num_ws, w_dim]
  package static func write(_ ws: Tensor, to path: String, isArchive: Bool) throws(FileError) {
    precondition(ws.shape.rank == 2, "ws of shape \(ws.shape)")
    let array = NPYArray(Tensor(ws.values, shape: Shape([1] + ws.shape.dimensions)))
    if isArchive {
      try NPZArchive.save([("w", array)], to: path)
    } else {
      try array.save(to: path)
    }
  }
}
