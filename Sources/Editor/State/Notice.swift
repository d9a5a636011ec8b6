/// A sentence in the last line, until the next key.
package struct Notice: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case information, error }
  package var text: String
  package var kind: Kind

  package static func information(_ text: String) -> Notice {
    Notice(text: text, kind: .information)
  }
  package static func error(_ text: String) -> Notice { Notice(text: text, kind: .error) }
}
