import CBytes
package import Files
package import Tensors

/// Why a stored tensor's description does not fit the bytes it claims.
package enum TensorViewError: Error, Hashable, Sendable, CustomStringConvertible {
  case negativeDimension(shape: [Int])
  case negativeStride(strides: [Int])
  case ranks(shape: [Int], strides: [Int])
  case tooManyElements(shape: [Int])
  case outside(shape: [Int], offset: Int, available: Int)
  case expanded(shape: [Int], available: Int)

  package var description: String {
    switch self {
    case .negativeDimension(let shape): "shape \(shape) has a negative dimension"
    case .negativeStride(let strides): "strides \(strides) contain a negative number"
    case .ranks(let shape, let strides):
      "shape \(shape) and strides \(strides) differ in number"
    case .tooManyElements(let shape): "the element count of shape \(shape) overflows"
    case .outside(let shape, let offset, let available):
      "shape \(shape) at element \(offset) reaches beyond its storage of \(available) elements"
    case .expanded(let shape, let available):
      "shape \(shape) repeats the \(available) elements of its storage; expanded tensors are not read"
    }
  }
}

/// A tensor where it lies in a file: nothing is copied until its elements are asked for.
package struct TensorView: Sendable {
  package let type: ElementType
  package let shape: [Int]
  /// Distance between neighbours along each axis, in elements.
  let strides: [Int]
  private let storage: Bytes
  private let offset: Int
  private let isBigEndian: Bool

  /// A window of `storage`, which holds elements of `type`.
  /// - Parameters:
  ///   - strides: in elements; nil for row-major order.
  ///   - offset: the first element, in elements.
  /// - Throws: where the window reaches beyond the storage, or claims more elements than it has.
  package init(
    storage: Bytes, type: ElementType, shape: [Int], strides: [Int]? = nil, offset: Int = 0,
    isBigEndian: Bool = false
  ) throws(TensorViewError) {
    let available = storage.count / type.byteCount
    let count = try Self.elementCount(shape)
    let strides = strides ?? Self.rowMajorStrides(shape)
    guard strides.count == shape.count else { throw .ranks(shape: shape, strides: strides) }
    guard strides.allSatisfy({ $0 >= 0 }) else { throw .negativeStride(strides: strides) }
    guard offset >= 0, offset <= available else {
      throw .outside(shape: shape, offset: offset, available: available)
    }
    if count > 0 {
      // The element farthest from the first: offset + Σ (extent − 1) · stride.
      var last = offset
      for (extent, stride) in zip(shape, strides) {
        let (reach, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
        let (next, overflow2) = last.addingReportingOverflow(reach)
        guard !overflow, !overflow2, next < available else {
          throw .outside(shape: shape, offset: offset, available: available)
        }
        last = next
      }
      guard last < available else {
        throw .outside(shape: shape, offset: offset, available: available)
      }
      guard count <= available else { throw .expanded(shape: shape, available: available) }
    }
    self.storage = storage
    self.type = type
    self.shape = shape
    self.strides = strides
    self.offset = offset
    self.isBigEndian = isBigEndian && type.byteCount > 1
  }

  /// The product of the extents, checked.
  package static func elementCount(_ shape: [Int]) throws(TensorViewError) -> Int {
    guard shape.allSatisfy({ $0 >= 0 }) else { throw .negativeDimension(shape: shape) }
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      // Bytes are counted too: no element takes more than eight.
      guard !overflow, product <= Int.max / 8 else { throw .tooManyElements(shape: shape) }
      count = product
    }
    return count
  }

  private static func rowMajorStrides(_ shape: [Int]) -> [Int] {
    var strides = shape
    var step = 1
    for axis in shape.indices.reversed() {
      strides[axis] = step
      step &*= max(shape[axis], 1)
    }
    return strides
  }

  package var count: Int { shape.reduce(1, *) }

  private var isContiguous: Bool {
    zip(zip(shape, strides), Self.rowMajorStrides(shape)).allSatisfy {
      $0.0 <= 1 || $0.1 == $1
    }
  }

  /// The elements in row-major order and little-endian; without a copy where they lie so already.
  package func contiguousBytes() -> Bytes {
    let size = type.byteCount
    if count == 0 { return Bytes([]) }
    if isContiguous && !isBigEndian {
      // The initialiser has checked that this range exists.
      return storage.slice(from: offset * size, count: count * size)!
    }
    return unsafe storage.withUnsafeBytes { source in
      unsafe Bytes(count: count * size) { destination in
        unsafe gather(from: source, to: destination)
      }
    }
  }

  private func gather(
    from source: UnsafeRawBufferPointer, to destination: UnsafeMutableRawBufferPointer
  ) {
    let size = type.byteCount
    let (rows, columns, step) = (count / (shape.last ?? 1), shape.last ?? 1, strides.last ?? 1)
    var index = [Int](repeating: 0, count: max(shape.count - 1, 0))
    var start = offset
    var place = 0
    for _ in 0..<rows {
      var from = start * size
      for _ in 0..<columns {
        for byte in 0..<size {
          unsafe destination[place + byte] = source[from + (isBigEndian ? size - 1 - byte : byte)]
        }
        place += size
        from += step * size
      }
      // Count up the outer axes like an odometer.
      var axis = index.count - 1
      while axis >= 0 {
        index[axis] += 1
        start += strides[axis]
        if index[axis] < shape[axis] { break }
        start -= strides[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
    }
  }

  /// The elements as float32.
  package func tensor() -> Tensor {
    let bytes = contiguousBytes()
    return unsafe Tensor(shape: Shape(shape)) { destination in
      guard let start = destination.baseAddress, !bytes.isEmpty else { return }
      unsafe bytes.withUnsafeBytes { source in
        let count = destination.count
        let base = source.baseAddress!
        switch type {
        case .float32: unsafe UnsafeMutableRawBufferPointer(destination).copyMemory(from: source)
        case .float16: unsafe mien_widen_f16(base, start, count)
        case .bfloat16: unsafe mien_widen_bf16(base, start, count)
        case .float64: unsafe mien_narrow_f64(base, start, count)
        default:
          for i in 0..<count { unsafe destination[i] = Float(integer(i, in: source)) }
        }
      }
    }
  }

  /// The elements in double precision; integers of more than 53 bits are rounded.
  package func doubles() -> [Double] {
    let bytes = contiguousBytes()
    switch type {
    case .float64:
      return (0..<count).map {
        Double(bitPattern: bytes.integer(at: 8 * $0, as: UInt64.self)!)
      }
    case .float32, .float16, .bfloat16: return tensor().values.map(Double.init)
    default: return integers()!.map(Double.init)
    }
  }

  /// The elements as integers, nil for floating-point types; unsigned ones above Int.max wrap.
  package func integers() -> [Int]? {
    guard !type.isFloat else { return nil }
    let bytes = contiguousBytes()
    return unsafe bytes.withUnsafeBytes { source in
      (0..<count).map { unsafe integer($0, in: source) }
    }
  }

  /// Element `i` of contiguous little-endian integers.
  private func integer(_ i: Int, in source: UnsafeRawBufferPointer) -> Int {
    func load<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) -> Int {
      let value = unsafe source.loadUnaligned(
        fromByteOffset: i * MemoryLayout<T>.size, as: T.self)
      return Int(truncatingIfNeeded: T(littleEndian: value))
    }
    return switch type {
    case .int64, .uint64: load(Int64.self)
    case .int32: load(Int32.self)
    case .uint32: load(UInt32.self)
    case .int16: load(Int16.self)
    case .uint16: load(UInt16.self)
    case .int8: load(Int8.self)
    case .uint8: load(UInt8.self)
    case .bool: load(UInt8.self) == 0 ? 0 : 1
    case .float64, .float32, .float16, .bfloat16: preconditionFailure("not an integer type")
    }
  }
}
