import Files

/// A value of a pickle, inert: nothing in it was imported, constructed or called.
///
/// Small on purpose. Texts and bytes are ranges of the file, containers are indices into the
/// graph's nodes: so values that Python shares are shared here, cycles cost nothing, and freeing
/// a graph of any depth needs no recursion.
enum PickleValue: Sendable, BitwiseCopyable {
  case none
  case bool(Bool)
  case integer(Int)
  /// Two's complement, little-endian, more than eight bytes.
  case wideInteger(PickleRange)
  case double(Double)
  /// UTF-8.
  case text(PickleRange)
  /// Python 2's str: bytes, or text in Latin-1, as its reader likes.
  case rawText(PickleRange)
  case bytes(PickleRange)
  /// A mention of something in a module.
  case global(Int32)
  case list(Int32)
  case tuple(Int32)
  case set(Int32)
  case dictionary(Int32)
  /// A call that Python would have made: see `PickleCall`.
  case call(Int32)
  /// A reference to something outside the pickle; its node holds the identifier.
  case persistent(Int32)
}

/// Bytes of the source, or, from the source's end on, of the graph's decoded texts.
struct PickleRange: Hashable, Sendable, BitwiseCopyable {
  var offset: Int
  var count: Int
}

/// The content of a container.
struct PickleNode: Sendable {
  /// Elements in order; of dictionaries keys and values in turn.
  var items: [PickleValue] = []
  /// The call this node belongs to, for calls that behave as dictionaries.
  var call: Int32 = -1
}

/// A call as the pickle asks for it; it was not made.
struct PickleCall: Sendable {
  let global: Int32
  let role: PickleVocabulary.Role
  /// A tuple.
  let arguments: PickleValue
  /// What BUILD would have handed to the object.
  var state: PickleValue?
  /// The opcode's place.
  let offset: Int
}

/// Everything a pickle said, immutable.
package final class PickleGraph: Sendable {
  let source: Bytes
  /// Texts that were written with escapes, decoded.
  let decoded: Bytes
  let nodes: [PickleNode]
  let calls: [PickleCall]
  /// "module.name"
  let globals: [String]
  /// The nodes of references to the outside.
  let persistents: [Int32]

  init(
    source: Bytes, decoded: Bytes, nodes: [PickleNode], calls: [PickleCall], globals: [String],
    persistents: [Int32]
  ) {
    self.source = source
    self.decoded = decoded
    self.nodes = nodes
    self.calls = calls
    self.globals = globals
    self.persistents = persistents
  }

  func bytes(_ range: PickleRange) -> Bytes {
    let inSource = range.offset < source.count
    let slice =
      inSource
      ? source.slice(from: range.offset, count: range.count)
      : decoded.slice(from: range.offset - source.count, count: range.count)
    // The reader made every range from bytes it had checked.
    return slice ?? Bytes([])
  }
}
