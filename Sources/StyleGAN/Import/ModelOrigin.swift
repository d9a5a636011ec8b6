/// The file that a model was imported from.
package struct ModelOrigin: Hashable, Sendable {
  /// Its name, without the folder.
  package let file: String
  package let sha256: String?
  /// "NVIDIA PyTorch pickle"
  package let container: String
}
