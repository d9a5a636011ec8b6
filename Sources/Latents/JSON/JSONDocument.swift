/// A JSON document as it was written: order of members and spelling of numbers are kept, so that a
/// file can be rewritten without disturbing what this program does not know.
package enum JSONDocument: Hashable, Sendable {
  case null
  case bool(Bool)
  /// The number as written; JSON sets no limit to its size or digits.
  case number(String)
  case string(String)
  case array([JSONDocument])
  case object(JSONMembers)

  /// What this is, in words, for error messages.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "text"
    case .array: "a list"
    case .object: "an object"
    }
  }

  package static func number(_ value: Int) -> JSONDocument { .number(String(value)) }

  /// The shortest spelling that reads back as the same float.
  /// - Precondition: finite; JSON has no word for the others.
  package static func number(_ value: Float) -> JSONDocument {
    precondition(value.isFinite, "JSON has no \(value)")
    return .number(value.description)
  }

  /// As `number(_: Float)`; whole numbers without a fraction.
  package static func number(_ value: Double) -> JSONDocument {
    precondition(value.isFinite, "JSON has no \(value)")
    return .number(
      value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : value.description)
  }
}

/// The members of a JSON object in the order they were written, each key once.
package struct JSONMembers: Hashable, Sendable {
  package private(set) var keys: [String] = []
  private var values: [String: JSONDocument] = [:]

  package init() {}

  /// - Precondition: no key twice.
  package init(_ members: KeyValuePairs<String, JSONDocument>) {
    for (key, value) in members {
      precondition(values[key] == nil, "the key \(key) twice")
      self[key] = value
    }
  }

  /// Setting a new key appends it, setting an old one keeps its place, setting nil removes it.
  package subscript(key: String) -> JSONDocument? {
    get { values[key] }
    set {
      let old = values.updateValueOrRemove(newValue, forKey: key)
      switch (old, newValue) {
      case (nil, .some): keys.append(key)
      case (.some, nil): keys.removeAll { $0 == key }
      default: break
      }
    }
  }

  package var count: Int { keys.count }
}

extension Dictionary {
  fileprivate mutating func updateValueOrRemove(_ value: Value?, forKey key: Key) -> Value? {
    if let value { updateValue(value, forKey: key) } else { removeValue(forKey: key) }
  }
}
