import Checkpoints
package import Files
package import Tensors

/// The fastest way for every shape of layer that was measured on this machine: measured once, kept
/// in a file that names processor and library, so that a new one of either measures again.
package struct SynthesisPlan: Sendable {
  /// Processor, instruction set, library and threads it was measured with.
  package let engine: String
  var choices: [LayerShape: LayerChoice] = [:]

  package init(engine: EngineDescription = .current) { self.engine = engine.identity }

  package var isEmpty: Bool { choices.isEmpty }

  /// The plan's place in `folder`: one file for each engine.
  package func path(in folder: String) -> String {
    "\(folder)/\(SHA256.hex(of: Array(engine.utf8)).prefix(16)).json"
  }

  /// What an earlier run measured; nothing where there is none, or one of another engine, or
  /// anything else than a plan: it can be measured again.
  package init(engine: EngineDescription = .current, folder: String) {
    self.init(engine: engine)
    guard let file = try? MappedFile(path: path(in: folder)),
      let root = try? JSONValue(parsing: file.bytes.array),
      root["mien"]?.integer == 1, root["engine"]?.string == self.engine
    else { return }
    var texts: [String: LayerChoice] = [:]
    for member in root["layers"]?.members ?? [] {
      texts[member.key] = member.value.string.flatMap(LayerChoice.init(text:))
    }
    named = texts
  }

  /// Choices of a file by the text of their shape.
  private var named: [String: LayerChoice] = [:]

  subscript(shape: LayerShape) -> LayerChoice? {
    if let choice = choices[shape] { return choice }
    guard let choice = named[shape.description] else { return nil }
    return LayerChoice.candidates(for: shape).contains(choice) ? choice : nil
  }

  mutating func choose(_ choice: LayerChoice, for shape: LayerShape) { choices[shape] = choice }

  /// Writes all choices, atomically; makes the folder.
  package func save(folder: String) throws(FileError) {
    try StandardFolders.make(folder)
    var all = named
    for (shape, choice) in choices { all[shape.description] = choice }
    let layers = all.sorted { $0.key < $1.key }
      .map { JSONValue.Member($0.key, .string($0.value.text)) }
    let root = JSONValue.object([
      .init("mien", .integer(1)), .init("engine", .string(engine)),
      .init("layers", .object(layers)),
    ])
    try AtomicFile.write(Array((root.encoded + "\n").utf8), to: path(in: folder))
  }
}
