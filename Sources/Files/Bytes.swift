/// Read-only bytes somewhere in memory, a value: a mapped file, an array, or data in the program.
///
/// Slices share the memory and keep it alive; nothing is copied until someone asks for an array.
/// Sendable because the memory is never written to as long as a `Bytes` looks at it.
@safe
package struct Bytes: @unchecked Sendable {
  private let owner: AnyObject?
  private let base: UnsafeRawBufferPointer

  /// Memory that lives as long as the program, such as data embedded in it.
  package init(unsafeStatic base: UnsafeRawBufferPointer) {
    owner = nil
    unsafe self.base = unsafe base
  }

  /// Memory that lives as long as `owner` does.
  init(unsafe base: UnsafeRawBufferPointer, owner: AnyObject) {
    self.owner = owner
    unsafe self.base = unsafe base
  }

  package init(_ array: [UInt8]) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: array.count, alignment: 64)
    unsafe copy.copyBytes(from: array)
    self = unsafe Bytes(adopting: copy)
  }

  /// Room for `count` bytes that `initialize` fills completely.
  package init<E: Error>(
    count: Int, initializingWith initialize: (UnsafeMutableRawBufferPointer) throws(E) -> Void
  ) throws(E) {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    do throws(E) {
      try unsafe initialize(room)
    } catch {
      unsafe room.deallocate()
      throw error
    }
    self = unsafe Bytes(adopting: room)
  }

  private init(adopting memory: UnsafeMutableRawBufferPointer) {
    self = unsafe Bytes(unsafe: UnsafeRawBufferPointer(memory), owner: Allocation(memory))
  }

  package var count: Int { unsafe base.count }
  package var isEmpty: Bool { unsafe base.isEmpty }

  /// - Precondition: `offset` lies inside.
  package subscript(offset: Int) -> UInt8 { unsafe base[offset] }

  /// The bytes from `offset` on, nil where they are not all there; any numbers may be asked for.
  package func slice(from offset: Int, count: Int) -> Bytes? {
    guard offset >= 0, count >= 0, offset <= self.count, count <= self.count - offset else {
      return nil
    }
    return unsafe Bytes(
      slicing: UnsafeRawBufferPointer(rebasing: base[offset..<(offset + count)]), owner: owner)
  }

  private init(slicing base: UnsafeRawBufferPointer, owner: AnyObject?) {
    self.owner = owner
    unsafe self.base = unsafe base
  }

  /// A little-endian number at any alignment, nil where it reaches beyond the end.
  package func integer<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type)
    -> T?
  {
    guard offset >= 0, offset <= count, count - offset >= MemoryLayout<T>.size else { return nil }
    return unsafe T(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: T.self))
  }

  package func starts(with prefix: StaticString) -> Bool {
    guard count >= prefix.utf8CodeUnitCount else { return false }
    return (0..<prefix.utf8CodeUnitCount).allSatisfy {
      unsafe base[$0] == prefix.utf8Start[$0]
    }
  }

  package var array: [UInt8] { unsafe Array(base) }

  /// Reads the bytes in place; the buffer must not leave `body`.
  package func withUnsafeBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    defer { extendLifetime(owner) }
    return try unsafe body(base)
  }
}

/// Memory that goes when the last `Bytes` over it goes.
@safe
private final class Allocation {
  private let memory: UnsafeMutableRawBufferPointer
  init(_ memory: UnsafeMutableRawBufferPointer) { unsafe self.memory = unsafe memory }
  deinit { unsafe memory.deallocate() }
}
