/// A generator ready to use, and what its file says about it.
package struct Model: Sendable {
  package let name: String
  /// What presets know it by, 64 hexadecimal digits: the hash of the file, for an import without
  /// loss that of the file it was made from, for one with less precision that of its tensors.
  package let sha256: String
  package let generator: Generator
  /// Directions that came with the model.
  package let directions: [NamedDirection]
  package let licence: String?
  /// nil for the embedded model.
  package let path: String?
  /// "NVIDIA PyTorch pickle": how the file is written.
  package let container: String
  /// What a person should know about how it was read.
  package let notes: [String]

  package var configuration: GeneratorConfiguration { generator.configuration }
}
