/// The model a preset was made with.
package struct ModelReference: Hashable, Sendable {
  package var name: String
  /// Of the checkpoint file, lower-case hexadecimal; nil means any model of that name.
  package var sha256: String?

  package init(name: String, sha256: String? = nil) {
    self.name = name
    self.sha256 = sha256
  }

  /// Whether `other` is the same model: by content where both know it, else by name.
  package func matches(_ other: ModelReference) -> Bool {
    if let sha256, let theirs = other.sha256 { sha256 == theirs } else { name == other.name }
  }
}
