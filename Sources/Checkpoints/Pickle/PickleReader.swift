import Files

/// A stack machine that reads a pickle into inert values.
///
/// It never imports, constructs or calls anything: a call of a known name becomes a `PickleCall`,
/// a call of any other name is an error. It does not recurse, checks every length against the
/// bytes that are there before using it, and stops at `limit` values.
struct PickleReader {
  /// Far above what checkpoints hold (a training snapshot of a 1024² network: about 40,000).
  static let limit = 1_000_000

  let source: Bytes
  let vocabulary: PickleVocabulary
  var position: Int

  private var opcodeOffset = 0
  private var stack: [PickleValue] = []
  /// Stack heights at the open marks.
  private var marks: [Int] = []
  private var memo: [PickleValue] = []
  /// Memo slots that do not follow on the others.
  private var farMemo: [Int: PickleValue] = [:]
  private var nodes: [PickleNode] = []
  private var calls: [PickleCall] = []
  private var globals: [String] = []
  private var globalIndex: [String: Int32] = [:]
  private var decoded: [UInt8] = []
  private var persistents: [Int32] = []
  private var produced = 0

  init(source: Bytes, at position: Int = 0, vocabulary: PickleVocabulary) {
    self.source = source
    self.position = position
    self.vocabulary = vocabulary
  }

  /// Reads one pickle.
  /// - Returns: its value; `position` is after its STOP.
  mutating func read() throws(PickleError) -> PickleView {
    while true {
      opcodeOffset = position
      guard position < source.count else { throw failure(.noStop) }
      let byte = source[position]
      position += 1
      guard let opcode = PickleOpcode(rawValue: byte) else { throw failure(.unknownOpcode(byte)) }
      if opcode == .stop {
        if let mark = marks.last, mark >= stack.count { throw failure(.markLeft) }
        let value = try pop(opcode)
        let graph = PickleGraph(
          source: source, decoded: Bytes(decoded), nodes: nodes, calls: calls, globals: globals,
          persistents: persistents)
        return PickleView(graph: graph, value: value)
      }
      try execute(opcode)
    }
  }

  private func failure(_ reason: PickleError.Reason) -> PickleError {
    PickleError(reason: reason, offset: opcodeOffset)
  }

  // MARK: Instructions

  private mutating func execute(_ opcode: PickleOpcode) throws(PickleError) {
    switch opcode {
    case .stop: break
    case .proto:
      let version = try integer(UInt8.self, opcode)
      guard version <= 5 else { throw failure(.protocolVersion(Int(version))) }
    case .frame:
      let length = try length(UInt64.self, opcode)
      guard length <= source.count - position else { throw failure(.frame(length)) }

    case .none: try push(.none)
    case .newTrue: try push(.bool(true))
    case .newFalse: try push(.bool(false))
    case .binInt: try push(.integer(Int(try integer(Int32.self, opcode))))
    case .binInt1: try push(.integer(Int(try integer(UInt8.self, opcode))))
    case .binInt2: try push(.integer(Int(try integer(UInt16.self, opcode))))
    case .long1: try pushLong(try length(UInt8.self, opcode), opcode)
    case .long4:
      let length = try integer(Int32.self, opcode)
      guard length >= 0 else { throw failure(.negativeLength) }
      try pushLong(Int(length), opcode)
    case .binFloat:
      let bits = try integer(UInt64.self, opcode).byteSwapped
      try push(.double(Double(bitPattern: bits)))
    case .int, .long, .float: try pushNumber(try line(opcode), opcode)

    case .shortBinUnicode: try pushText(try length(UInt8.self, opcode), opcode)
    case .binUnicode: try pushText(try length(UInt32.self, opcode), opcode)
    case .binUnicode8: try pushText(try length(UInt64.self, opcode), opcode)
    case .shortBinString: try push(.rawText(try take(try length(UInt8.self, opcode), opcode)))
    case .binString:
      let length = try integer(Int32.self, opcode)
      guard length >= 0 else { throw failure(.negativeLength) }
      try push(.rawText(try take(Int(length), opcode)))
    case .shortBinBytes: try push(.bytes(try take(try length(UInt8.self, opcode), opcode)))
    case .binBytes: try push(.bytes(try take(try length(UInt32.self, opcode), opcode)))
    case .binBytes8, .byteArray8:
      try push(.bytes(try take(try length(UInt64.self, opcode), opcode)))
    case .string: try push(.rawText(try unescapedString(try line(opcode))))
    case .unicode: try push(.text(try unescapedUnicode(try line(opcode))))

    case .mark:
      try count()
      marks.append(stack.count)
    case .pop:
      if let mark = marks.last, mark == stack.count {
        marks.removeLast()
      } else {
        _ = try pop(opcode)
      }
    case .popMark: _ = try popToMark(opcode)
    case .dup: try push(try top(opcode))
    case .put: try memoise(try top(opcode), at: try slot(try line(opcode)))
    case .binPut: try memoise(try top(opcode), at: try length(UInt8.self, opcode))
    case .longBinPut: try memoise(try top(opcode), at: try length(UInt32.self, opcode))
    case .memoize: try memoise(try top(opcode), at: memo.count + farMemo.count)
    case .get: try push(try recall(try slot(try line(opcode))))
    case .binGet: try push(try recall(try length(UInt8.self, opcode)))
    case .longBinGet: try push(try recall(try length(UInt32.self, opcode)))

    case .emptyList: try push(.list(node([])))
    case .emptyDict: try push(.dictionary(node([])))
    case .emptySet: try push(.set(node([])))
    case .emptyTuple: try push(.tuple(node([])))
    case .list: try push(.list(node(try popToMark(opcode))))
    case .tuple: try push(.tuple(node(try popToMark(opcode))))
    case .frozenSet:
      let items = try popToMark(opcode)
      for item in items { try checkHashable(item) }
      try push(.set(node(items)))
    case .tuple1: try push(.tuple(node(try pop(1, opcode))))
    case .tuple2: try push(.tuple(node(try pop(2, opcode))))
    case .tuple3: try push(.tuple(node(try pop(3, opcode))))
    case .dict:
      let items = try popToMark(opcode)
      let dictionary = PickleValue.dictionary(node([]))
      try setItems(items, in: dictionary)
      try push(dictionary)
    case .append: try append(try pop(1, opcode), to: try top(opcode))
    case .appends: try append(try popToMark(opcode), to: try top(opcode))
    case .addItems: try addItems(try popToMark(opcode), to: try top(opcode))
    case .setItem: try setItems(try pop(2, opcode), in: try top(opcode))
    case .setItems: try setItems(try popToMark(opcode), in: try top(opcode))

    case .global:
      let module = try line(opcode)
      let name = try line(opcode)
      try push(.global(try global(try plainText(module), try plainText(name))))
    case .stackGlobal:
      let names = try pop(2, opcode)
      guard let module = text(names[0]), let name = text(names[1]) else {
        throw failure(.notText(opcode.name))
      }
      try push(.global(try global(module, name)))
    case .reduce, .newObj:
      let parts = try pop(2, opcode)
      try call(parts[0], with: parts[1])
    case .newObjEx:
      let parts = try pop(3, opcode)
      try call(parts[0], with: parts[1])
    case .inst:
      let module = try line(opcode)
      let name = try line(opcode)
      let callee = PickleValue.global(try global(try plainText(module), try plainText(name)))
      try call(callee, with: .tuple(node(try popToMark(opcode))))
    case .obj:
      var parts = try popToMark(opcode)
      guard !parts.isEmpty else { throw failure(.stackEmpty(opcode: opcode.name)) }
      let callee = parts.removeFirst()
      try call(callee, with: .tuple(node(parts)))
    case .build: try build(try pop(opcode), on: try top(opcode))

    case .persID:
      let id = try line(opcode)
      guard vocabulary.allowsPersistentIDs else { throw failure(.persistentID) }
      try pushPersistent(.rawText(id))
    case .binPersID:
      let id = try pop(opcode)
      guard vocabulary.allowsPersistentIDs else { throw failure(.persistentID) }
      try pushPersistent(id)
    case .ext1, .ext2, .ext4: throw failure(.extensionCode)
    case .nextBuffer, .readOnlyBuffer: throw failure(.outOfBand)
    }
  }

  // MARK: Stack and memo

  private mutating func count() throws(PickleError) {
    produced += 1
    guard produced <= Self.limit else { throw failure(.tooLarge(limit: Self.limit)) }
  }

  private mutating func push(_ value: PickleValue) throws(PickleError) {
    try count()
    stack.append(value)
  }

  /// Values above the innermost mark are the only ones an instruction may take.
  private var available: Int { stack.count - (marks.last ?? 0) }

  private mutating func pop(_ opcode: PickleOpcode) throws(PickleError) -> PickleValue {
    guard available > 0 else { throw failure(.stackEmpty(opcode: opcode.name)) }
    return stack.removeLast()
  }

  private mutating func pop(
    _ count: Int, _ opcode: PickleOpcode
  ) throws(PickleError) -> [PickleValue] {
    guard available >= count else { throw failure(.stackEmpty(opcode: opcode.name)) }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark(_ opcode: PickleOpcode) throws(PickleError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw failure(.noMark(opcode: opcode.name)) }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private func top(_ opcode: PickleOpcode) throws(PickleError) -> PickleValue {
    guard available > 0, let value = stack.last else {
      throw failure(.stackEmpty(opcode: opcode.name))
    }
    return value
  }

  private mutating func memoise(_ value: PickleValue, at slot: Int) throws(PickleError) {
    try count()
    if slot < memo.count {
      memo[slot] = value
    } else if slot == memo.count, farMemo[slot] == nil {
      memo.append(value)
    } else {
      farMemo[slot] = value
    }
  }

  private func recall(_ slot: Int) throws(PickleError) -> PickleValue {
    if slot < memo.count { return memo[slot] }
    guard let value = farMemo[slot] else { throw failure(.memoMissing(slot)) }
    return value
  }

  private func slot(_ line: PickleRange) throws(PickleError) -> Int {
    let text = try plainText(line)
    guard let slot = Int(text), slot >= 0 else { throw failure(.badNumber(text)) }
    return slot
  }

  private mutating func node(_ items: [PickleValue]) -> Int32 {
    nodes.append(PickleNode(items: items))
    return Int32(nodes.count - 1)
  }

  private mutating func pushPersistent(_ id: PickleValue) throws(PickleError) {
    let index = node([id])
    persistents.append(index)
    try push(.persistent(index))
  }

  // MARK: Containers

  private mutating func append(
    _ items: [PickleValue], to target: PickleValue
  ) throws(PickleError) {
    guard case .list(let index) = target else {
      throw failure(.misused("elements are appended to \(kind(target))"))
    }
    nodes[Int(index)].items.append(contentsOf: items)
  }

  private mutating func addItems(
    _ items: [PickleValue], to target: PickleValue
  ) throws(PickleError) {
    guard case .set(let index) = target else {
      throw failure(.misused("elements are added to \(kind(target))"))
    }
    for item in items { try checkHashable(item) }
    nodes[Int(index)].items.append(contentsOf: items)
  }

  private mutating func setItems(
    _ items: [PickleValue], in target: PickleValue
  ) throws(PickleError) {
    guard items.count.isMultiple(of: 2) else { throw failure(.oddItems) }
    for key in stride(from: 0, to: items.count, by: 2) { try checkHashable(items[key]) }
    switch target {
    case .dictionary(let index): nodes[Int(index)].items.append(contentsOf: items)
    case .call(let index) where calls[Int(nodes[Int(index)].call)].role == .dictionary:
      nodes[Int(index)].items.append(contentsOf: items)
    default: throw failure(.misused("items are set in \(kind(target))"))
    }
  }

  private func checkHashable(_ key: PickleValue) throws(PickleError) {
    switch key {
    case .list, .dictionary, .set: throw failure(.notHashable(kind(key)))
    default: break
    }
  }

  // MARK: Globals and calls

  private mutating func global(_ module: String, _ name: String) throws(PickleError) -> Int32 {
    let path = module + "." + name
    if let index = globalIndex[path] { return index }
    globals.append(path)
    let index = Int32(globals.count - 1)
    globalIndex[path] = index
    return index
  }

  /// Notes a call of a known name; any other callee ends the reading.
  private mutating func call(
    _ callee: PickleValue, with arguments: PickleValue
  ) throws(PickleError) {
    guard case .global(let callee) = callee else {
      throw failure(.calledValue(kind(callee)))
    }
    guard case .tuple(let argumentNode) = arguments else {
      throw failure(.misused("a call without a tuple of arguments"))
    }
    var global = callee
    guard var role = vocabulary.roles[globals[Int(global)]] else {
      throw failure(.forbiddenCall(globals[Int(global)]))
    }
    if case .reconstructor = role {
      // _reconstructor(class, base, state): the class is what would be constructed.
      guard case .global(let real)? = nodes[Int(argumentNode)].items.first,
        let realRole = vocabulary.roles[globals[Int(real)]]
      else {
        let first = nodes[Int(argumentNode)].items.first
        if case .global(let real)? = first { throw failure(.forbiddenCall(globals[Int(real)])) }
        throw failure(.misused("a reconstruction of no class"))
      }
      (global, role) = (real, realRole)
    }
    calls.append(
      PickleCall(
        global: global, role: role, arguments: arguments, state: nil, offset: opcodeOffset))
    nodes.append(PickleNode(call: Int32(calls.count - 1)))
    try push(.call(Int32(nodes.count - 1)))
  }

  private mutating func build(
    _ state: PickleValue, on target: PickleValue
  ) throws(PickleError) {
    guard case .call(let index) = target else {
      throw failure(.misused("a state is given to \(kind(target))"))
    }
    let call = Int(nodes[Int(index)].call)
    guard calls[call].state == nil else {
      throw failure(.misused("a second state is given to \(kind(target))"))
    }
    calls[call].state = state
  }

  /// "a list": how an error calls a value.
  private func kind(_ value: PickleValue) -> String {
    switch value {
    case .none: "None"
    case .bool: "a truth value"
    case .integer, .wideInteger, .double: "a number"
    case .text, .rawText: "a text"
    case .bytes: "bytes"
    case .global(let index): globals[Int(index)]
    case .list: "a list"
    case .tuple: "a tuple"
    case .set: "a set"
    case .dictionary: "a dictionary"
    case .call(let index): "a result of \(globals[Int(calls[Int(nodes[Int(index)].call)].global)])"
    case .persistent: "an outside object"
    }
  }

  // MARK: Bytes

  private mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type, _ opcode: PickleOpcode
  ) throws(PickleError) -> T {
    guard let value = source.integer(at: position, as: T.self) else {
      throw failure(
        .cut(what: opcode.name, needed: T.bitWidth / 8, available: source.count - position))
    }
    position += T.bitWidth / 8
    return value
  }

  private mutating func length<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type, _ opcode: PickleOpcode
  ) throws(PickleError) -> Int {
    Int(clamping: try integer(type, opcode))
  }

  private mutating func take(_ count: Int, _ opcode: PickleOpcode) throws(PickleError)
    -> PickleRange
  {
    guard count <= source.count - position else {
      throw failure(.cut(what: opcode.name, needed: count, available: source.count - position))
    }
    defer { position += count }
    return PickleRange(offset: position, count: count)
  }

  /// The bytes up to the next line feed, without it.
  private mutating func line(_ opcode: PickleOpcode) throws(PickleError) -> PickleRange {
    var end = position
    while end < source.count, source[end] != 0x0a { end += 1 }
    guard end < source.count else {
      throw failure(.cut(what: opcode.name, needed: end - position + 1, available: end - position))
    }
    defer { position = end + 1 }
    return PickleRange(offset: position, count: end - position)
  }

  private func bytes(_ range: PickleRange) -> Bytes {
    // Only ranges of the source or of `decoded` are ever made.
    range.offset < source.count
      ? source.slice(from: range.offset, count: range.count)!
      : Bytes(Array(decoded[(range.offset - source.count)...].prefix(range.count)))
  }

  /// A line that must be short and UTF-8: a number or a name.
  private func plainText(_ range: PickleRange) throws(PickleError) -> String {
    guard range.count <= 4096, let text = String(validating: bytes(range).array, as: UTF8.self)
    else { throw failure(.notUTF8) }
    return text
  }

  private func text(_ value: PickleValue) -> String? {
    switch value {
    case .text(let range), .rawText(let range):
      range.count <= 4096 ? String(validating: bytes(range).array, as: UTF8.self) : nil
    default: nil
    }
  }

  private mutating func pushText(_ count: Int, _ opcode: PickleOpcode) throws(PickleError) {
    let range = try take(count, opcode)
    let isValid = unsafe bytes(range).withUnsafeBytes { buffer in
      let span = unsafe Span<UInt8>(_unsafeElements: buffer.bindMemory(to: UInt8.self))
      return (try? UTF8Span(validating: span)) != nil
    }
    guard isValid else { throw failure(.notUTF8) }
    try push(.text(range))
  }

  private mutating func pushLong(_ count: Int, _ opcode: PickleOpcode) throws(PickleError) {
    let range = try take(count, opcode)
    guard count <= 8 else { return try push(.wideInteger(range)) }
    var value = 0
    for i in 0..<count { value |= Int(source[range.offset + i]) << (8 * i) }
    // The last byte's top bit is the sign.
    if count > 0, count < 8, source[range.offset + count - 1] >= 0x80 { value -= 1 << (8 * count) }
    try push(.integer(value))
  }

  private mutating func pushNumber(
    _ line: PickleRange, _ opcode: PickleOpcode
  ) throws(PickleError) {
    var text = try plainText(line)
    if opcode == .int, text == "01" { return try push(.bool(true)) }
    if opcode == .int, text == "00" { return try push(.bool(false)) }
    if opcode == .float {
      guard let value = Double(text) else { throw failure(.badNumber(text)) }
      return try push(.double(value))
    }
    if opcode == .long, text.hasSuffix("L") { text.removeLast() }
    guard let value = Int(text) else { throw failure(.badNumber(text)) }
    try push(.integer(value))
  }

  // MARK: Escapes of protocol 0

  private mutating func keep(_ bytes: [UInt8]) -> PickleRange {
    defer { decoded.append(contentsOf: bytes) }
    return PickleRange(offset: source.count + decoded.count, count: bytes.count)
  }

  /// STRING: a quoted Python literal.
  private mutating func unescapedString(_ line: PickleRange) throws(PickleError) -> PickleRange {
    let text = bytes(line).array
    guard text.count >= 2, let quote = text.first, quote == text.last,
      quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
    else { throw failure(.notText("STRING")) }
    var out: [UInt8] = []
    var rest = text[1..<(text.count - 1)]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        out.append(byte)
        continue
      }
      guard let escape = rest.popFirst() else { throw failure(.notText("STRING")) }
      switch escape {
      case UInt8(ascii: "n"): out.append(10)
      case UInt8(ascii: "r"): out.append(13)
      case UInt8(ascii: "t"): out.append(9)
      case UInt8(ascii: "b"): out.append(8)
      case UInt8(ascii: "f"): out.append(12)
      case UInt8(ascii: "v"): out.append(11)
      case UInt8(ascii: "a"): out.append(7)
      case UInt8(ascii: "x"):
        guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
          throw failure(.notText("STRING"))
        }
        rest.removeFirst(2)
        out.append(value)
      case UInt8(ascii: "0")...UInt8(ascii: "7"):
        var value = Int(escape & 7)
        for _ in 0..<2 {
          guard let digit = rest.first, (0x30...0x37).contains(digit) else { break }
          value = value * 8 + Int(digit & 7)
          rest.removeFirst()
        }
        out.append(UInt8(truncatingIfNeeded: value))
      default: out.append(escape)
      }
    }
    return keep(out)
  }

  /// UNICODE: Latin-1 with \u and \U escapes.
  private mutating func unescapedUnicode(_ line: PickleRange) throws(PickleError) -> PickleRange {
    var rest = bytes(line).array[...]
    var out = String.UnicodeScalarView()
    while let byte = rest.popFirst() {
      let digits =
        byte == UInt8(ascii: "\\")
        ? (rest.first == UInt8(ascii: "u") ? 4 : rest.first == UInt8(ascii: "U") ? 8 : 0) : 0
      guard digits > 0 else {
        out.append(Unicode.Scalar(byte))
        continue
      }
      let code = String(decoding: rest.dropFirst().prefix(digits), as: UTF8.self)
      guard code.utf8.count == digits, let value = UInt32(code, radix: 16),
        let scalar = Unicode.Scalar(value)
      else { throw failure(.notUTF8) }
      out.append(scalar)
      rest.removeFirst(1 + digits)
    }
    return keep(Array(String(out).utf8))
  }
}
