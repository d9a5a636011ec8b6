package import Files
package import Tensors

/// One NumPy array, as .npy files and .npz members hold it.
package struct NPYArray: Sendable {
  package let type: ElementType
  /// Empty for a scalar.
  package let shape: [Int]
  /// The elements where they lie.
  package let view: TensorView

  /// Reads a complete .npy file; elements stay where they are until asked for.
  package init(_ bytes: Bytes) throws(NPYError) {
    let (header, dataOffset) = try NPYHeader.parse(bytes)
    // parse has checked that the header, and so the data's first byte, lies inside.
    let data = bytes.slice(from: dataOffset, count: bytes.count - dataOffset)!
    let needed = try Self.byteCount(header)
    guard data.count >= needed else {
      throw .dataShort(shape: header.shape, needed: needed, available: data.count)
    }
    guard data.count == needed else {
      throw .dataLong(shape: header.shape, surplus: data.count - needed)
    }
    try self.init(header, data: data)
  }

  init(_ header: NPYHeader, data: Bytes) throws(NPYError) {
    view = try Self.view(header, data: data)
    type = header.type
    shape = header.shape
  }

  static func view(_ header: NPYHeader, data: Bytes) throws(NPYError) -> TensorView {
    var strides: [Int]?
    if header.isFortranOrder {
      var step = 1
      strides = header.shape.map { extent in
        defer { step &*= max(extent, 1) }
        return step
      }
    }
    do {
      return try TensorView(
        storage: data, type: header.type, shape: header.shape, strides: strides,
        isBigEndian: header.isBigEndian)
    } catch { throw .shape(error) }
  }

  static func byteCount(_ header: NPYHeader) throws(NPYError) -> Int {
    do {
      return try TensorView.elementCount(header.shape) * header.type.byteCount
    } catch { throw .shape(error) }
  }

  /// A float32 array.
  package init(_ tensor: Tensor) {
    let bytes = unsafe tensor.withUnsafeBuffer { source in
      unsafe Bytes(count: source.count * 4) {
        unsafe $0.copyMemory(from: UnsafeRawBufferPointer(source))
      }
    }
    self.init(owning: bytes, type: .float32, shape: tensor.shape.dimensions)
  }

  /// A float64 array.
  /// - Precondition: as many values as the shape has elements.
  package init(_ values: [Double], shape: [Int]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values do not fill \(shape)")
    self.init(owning: Self.copy(of: values), type: .float64, shape: shape)
  }

  /// An int64 array.
  /// - Precondition: as many values as the shape has elements.
  package init(_ values: [Int], shape: [Int]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values do not fill \(shape)")
    self.init(owning: Self.copy(of: values), type: .int64, shape: shape)
  }

  /// An array of bytes.
  /// - Precondition: as many values as the shape has elements.
  package init(_ values: [UInt8], shape: [Int]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values do not fill \(shape)")
    self.init(owning: Self.copy(of: values), type: .uint8, shape: shape)
  }

  /// A float32 array.
  /// - Precondition: as many values as the shape has elements.
  package init(_ values: [Float], shape: [Int]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values do not fill \(shape)")
    self.init(owning: Self.copy(of: values), type: .float32, shape: shape)
  }

  private static func copy<T: BitwiseCopyable>(of values: [T]) -> Bytes {
    unsafe values.withUnsafeBytes { source in
      unsafe Bytes(count: source.count) { unsafe $0.copyMemory(from: source) }
    }
  }

  private init(owning bytes: Bytes, type: ElementType, shape: [Int]) {
    self.type = type
    self.shape = shape
    // Cannot fail: the bytes were made for this shape.
    guard let view = try? TensorView(storage: bytes, type: type, shape: shape) else {
      preconditionFailure("\(bytes.count) bytes do not fill \(shape)")
    }
    self.view = view
  }

  package var count: Int { view.count }

  /// The elements as float32, row-major.
  package var tensor: Tensor { view.tensor() }

  /// The elements in double precision, row-major.
  package var doubles: [Double] { view.doubles() }

  /// The elements as integers, nil for floating-point arrays.
  package var integers: [Int]? { view.integers() }

  private var header: NPYHeader { NPYHeader(type: type, shape: shape) }

  /// The bytes of the .npy file.
  package var encoded: [UInt8] { header.encoded + view.contiguousBytes().array }

  /// Header and data of the .npy file, apart so that the data need not be copied.
  var encodedParts: (header: [UInt8], data: Bytes) { (header.encoded, view.contiguousBytes()) }

  /// Reads a .npy file.
  package static func load(path: String) throws(CheckpointError) -> NPYArray {
    let file = try CheckpointError.map(path)
    do {
      return try NPYArray(file.bytes)
    } catch { throw CheckpointError(path, .npy(error)) }
  }

  /// Writes a .npy file, complete or not at all.
  package func save(to path: String) throws(FileError) {
    let file = try AtomicFile(replacing: path)
    let parts = encodedParts
    try file.append(parts.header)
    try unsafe parts.data.withUnsafeBytes { bytes throws(FileError) in
      try unsafe file.append(bytes)
    }
    try file.commit()
  }

  /// What begins a float32 .npy file of this shape, for arrays too large to hold at once: the
  /// little-endian elements follow in row-major order.
  package static func float32Header(shape: [Int]) -> [UInt8] {
    NPYHeader(type: .float32, shape: shape).encoded
  }
}
