package import Files

/// A value of a pickle with what it refers to: reads like JSON, runs nothing.
package struct PickleView: Sendable {
  let graph: PickleGraph
  let value: PickleValue

  /// Reads the one pickle that `bytes` hold.
  package init(_ bytes: Bytes, vocabulary: PickleVocabulary) throws(PickleError) {
    var reader = PickleReader(source: bytes, vocabulary: vocabulary)
    self = try reader.read()
  }

  init(graph: PickleGraph, value: PickleValue) {
    self.graph = graph
    self.value = value
  }

  private func view(_ value: PickleValue) -> PickleView { PickleView(graph: graph, value: value) }

  package var isNone: Bool { if case .none = value { true } else { false } }

  package var bool: Bool? { if case .bool(let value) = value { value } else { nil } }

  package var integer: Int? {
    switch value {
    case .integer(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  package var double: Double? {
    switch value {
    case .double(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// Bytes, little-endian two's complement, of an integer too wide for Int.
  package var wideInteger: [UInt8]? {
    if case .wideInteger(let range) = value { graph.bytes(range).array } else { nil }
  }

  /// A text; Python 2's byte strings are read as Latin-1.
  package var text: String? {
    switch value {
    case .text(let range): String(decoding: graph.bytes(range).array, as: UTF8.self)
    case .rawText(let range):
      String(String.UnicodeScalarView(graph.bytes(range).array.map { Unicode.Scalar($0) }))
    default: nil
    }
  }

  /// Raw bytes: of a bytes object, of Python 2's str, or of the text protocol 2 hides them in.
  package var data: Bytes? {
    switch value {
    case .bytes(let range), .rawText(let range): graph.bytes(range)
    case .call:
      switch call {
      // codecs.encode(text, 'latin1'): how Python 3 writes bytes in protocol 2.
      case ("_codecs.encode", let arguments, _)?: Self.latin1(arguments)
      case ("builtins.bytearray", let arguments, _)?: arguments.first?.data
      default: nil
      }
    default: nil
    }
  }

  private static func latin1(_ arguments: [PickleView]) -> Bytes? {
    guard arguments.count == 2, let name = arguments[1].text,
      ["latin1", "latin-1", "iso-8859-1"].contains(name.lowercased()),
      case .text(let range) = arguments[0].value
    else { return nil }
    let text = arguments[0].graph.bytes(range)
    // Valid UTF-8 of scalars below 256: one byte, or C2/C3 and a continuation.
    var out: [UInt8] = []
    out.reserveCapacity(text.count)
    return unsafe text.withUnsafeBytes { source in
      var i = 0
      while i < source.count {
        let byte = unsafe source[i]
        if byte < 0x80 {
          out.append(byte)
          i += 1
        } else {
          guard byte == 0xc2 || byte == 0xc3, i + 1 < source.count else { return nil }
          unsafe out.append(byte << 6 | source[i + 1] & 0x3f)
          i += 2
        }
      }
      return Bytes(out)
    }
  }

  /// The name of a mentioned global: "torch.FloatStorage".
  package var global: String? {
    if case .global(let index) = value { graph.globals[Int(index)] } else { nil }
  }

  /// Elements of a list, tuple or set.
  package var elements: [PickleView]? {
    switch value {
    case .list(let index), .tuple(let index), .set(let index):
      graph.nodes[Int(index)].items.map(view)
    case .call(let index):
      graph.calls[Int(graph.nodes[Int(index)].call)].role == .sequence
        ? (call?.arguments.first?.elements ?? []) : nil
    default: nil
    }
  }

  /// Entries of a dictionary, or of an object that is one, in the order they were set.
  package var entries: [(key: PickleView, value: PickleView)]? {
    let items: [PickleValue]
    switch value {
    case .dictionary(let index): items = graph.nodes[Int(index)].items
    case .call(let index):
      let node = graph.nodes[Int(index)]
      guard graph.calls[Int(node.call)].role == .dictionary else { return nil }
      if node.items.isEmpty, let first = call?.arguments.first {
        // Python 2 hands an ordered dictionary its entries as a list of pairs.
        return first.elements?.compactMap {
          guard let pair = $0.elements, pair.count == 2 else { return nil }
          return (pair[0], pair[1])
        } ?? first.plainEntries ?? []
      }
      items = node.items
    default: return nil
    }
    return pairs(items)
  }

  private var plainEntries: [(key: PickleView, value: PickleView)]? {
    guard case .dictionary(let index) = value else { return nil }
    return pairs(graph.nodes[Int(index)].items)
  }

  private func pairs(_ items: [PickleValue]) -> [(key: PickleView, value: PickleView)] {
    stride(from: 0, to: items.count - 1, by: 2).map { (view(items[$0]), view(items[$0 + 1])) }
  }

  /// The value under a text key; of several the last, as Python would have it.
  package subscript(key: String) -> PickleView? {
    entries?.last { $0.key.isText(key) }?.value
  }

  private func isText(_ text: String) -> Bool {
    switch value {
    case .text(let range), .rawText(let range):
      range.count == text.utf8.count && graph.bytes(range).array.elementsEqual(text.utf8)
    default: false
    }
  }

  /// A call the pickle asked for: whose, with which arguments, and the state given afterwards.
  package var call: (name: String, arguments: [PickleView], state: PickleView?)? {
    guard case .call(let index) = value else { return nil }
    let call = graph.calls[Int(graph.nodes[Int(index)].call)]
    return (
      graph.globals[Int(call.global)], view(call.arguments).elements ?? [], call.state.map(view)
    )
  }

  /// The identifier of something outside the pickle.
  package var persistentID: PickleView? {
    guard case .persistent(let index) = value else { return nil }
    return graph.nodes[Int(index)].items.first.map(view)
  }

  /// The same for two views of one shared object of a pickle; nil for plain values.
  package var identity: Int? {
    switch value {
    case .list(let i), .tuple(let i), .set(let i), .dictionary(let i), .call(let i),
      .persistent(let i):
      Int(i)
    default: nil
    }
  }

  /// What it is, for an error message: "a dictionary with keys G, D".
  package var summary: String {
    switch value {
    case .none: return "None"
    case .bool: return "a truth value"
    case .integer, .wideInteger, .double: return "a number"
    case .text, .rawText: return "a text"
    case .bytes: return "bytes"
    case .global(let index): return "a mention of \(graph.globals[Int(index)])"
    case .list(let index): return "a list of \(graph.nodes[Int(index)].items.count)"
    case .tuple(let index): return "a tuple of \(graph.nodes[Int(index)].items.count)"
    case .set: return "a set"
    case .persistent: return "an outside object"
    case .call, .dictionary:
      guard let entries else { return "an object of \(call?.name ?? "no class")" }
      let keys = entries.prefix(6).map { $0.key.text?.prefix(40).description ?? "…" }
      if keys.isEmpty { return "an empty dictionary" }
      let more = entries.count > keys.count ? ", …" : ""
      return "a dictionary with \(keys.joined(separator: ", "))\(more)"
    }
  }
}
