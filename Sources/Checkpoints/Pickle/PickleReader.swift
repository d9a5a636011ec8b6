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

  var opcodeOffset = 0
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
  var decoded: [UInt8] = []
  private var persistents: [Int32] = []
  private var produced = 0
  /// A frame that reaches beyond the end: an error, but a cut file shows where it is cut first.
  private var overlongFrame: PickleError?

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
        if let overlongFrame { throw overlongFrame }
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

  func failure(_ reason: PickleError.Reason) -> PickleError {
    switch reason {
    case .cut, .noStop: PickleError(reason: reason, offset: opcodeOffset, path: path)
    default: PickleError(reason: reason, offset: opcodeOffset)
    }
  }

  /// The dictionary keys that lead to the value in progress: under every open mark the last text
  /// is the key whose value is not finished. Keys of PyTorch's own bookkeeping say nothing.
  private var path: [String] {
    let bookkeeping: Set = ["state", "_modules", "_parameters", "_buffers", "module_src", "type"]
    var path: [String] = []
    let heights = marks + [stack.count]
    for (start, end) in zip([0] + marks, heights) where start < end && end <= stack.count {
      let last = stack[start..<end].last { value in
        switch value {
        case .text, .rawText: true
        default: false
        }
      }
      guard let key = last.flatMap(text), key.utf8.count <= 64, !bookkeeping.contains(key),
        key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
      else { continue }
      path.append(key)
    }
    return Array(path.suffix(8))
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
      if length > source.count - position, overlongFrame == nil {
        overlongFrame = failure(.frame(length))
      }

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

  mutating func push(_ value: PickleValue) throws(PickleError) {
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
}
