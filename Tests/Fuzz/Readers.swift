import Checkpoints
import Files
import StyleGAN
import Tensors

/// What a file goes through when a person names it as a model, a direction or a latent.
package struct Readers {
  /// How often a reader accepted its input.
  package private(set) var accepted = 0
  package private(set) var refused = 0

  package init() {}

  /// Reads the bytes in every way. Whatever they are, this returns.
  package mutating func read(_ bytes: [UInt8]) {
    let bytes = Bytes(bytes)
    note { _ = try Self.decode(try ModelFile.read(bytes, source: "input")) }
    _ = ModelExamination(bytes, source: "input").problem?.description
    note { try Self.decode(try Checkpoint(bytes, name: "input")) }
    switch ContentKind(bytes) {
    case .npy: note { _ = try NPYArray(bytes).tensor }
    case .zip:
      note {
        let archive = try NPZArchive(bytes, source: "input")
        for name in archive.names { _ = try? archive.array(name).tensor }
      }
    default: break
    }
  }

  private mutating func note(_ work: () throws -> Void) {
    do {
      try work()
      accepted += 1
    } catch {
      refused += 1
      precondition(!"\(error)".isEmpty)
    }
  }

  private static func decode(_ contents: ModelFile.Contents) throws {
    for name in contents.network.tensors.keys { _ = try? contents.network.tensor(name) }
  }

  private static func decode(_ checkpoint: Checkpoint) throws {
    for name in checkpoint.names { _ = try? checkpoint.tensor(name) }
  }
}
