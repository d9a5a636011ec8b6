/// A generator ready to use, and what its file says about it.
package struct Model: Sendable {
  package let name: String
  /// Of the whole file, 64 hexadecimal digits.
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
