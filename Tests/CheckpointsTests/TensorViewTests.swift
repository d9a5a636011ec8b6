import Checkpoints
import Files
import Tensors
import Testing

@Suite struct TensorViewTests {
  private func floats(_ values: [Float]) -> Bytes {
    Bytes(values.flatMap { value in (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 255) } })
  }

  @Test func stridesOffsetsAndTransposes() throws {
    let storage = floats((0..<12).map(Float.init))
    let transposed = try TensorView(
      storage: storage, type: .float32, shape: [4, 3], strides: [1, 4])
    #expect(transposed.tensor().values == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    let window = try TensorView(
      storage: storage, type: .float32, shape: [2, 2], strides: [4, 1], offset: 5)
    #expect(window.tensor().values == [5, 6, 9, 10])
    let cube = try TensorView(
      storage: storage, type: .float32, shape: [2, 3, 2], strides: [2, 4, 1])
    #expect(cube.tensor().values == [0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11])
    let scalar = try TensorView(storage: storage, type: .float32, shape: [], offset: 7)
    #expect(scalar.tensor().values == [7])
    #expect(scalar.tensor().shape == [])
    let empty = try TensorView(storage: storage, type: .float32, shape: [3, 0])
    #expect(empty.tensor().values.isEmpty)
  }

  @Test func everyType() throws {
    func view(_ bytes: [UInt8], _ type: ElementType, swapped: Bool = false) throws -> TensorView {
      try TensorView(
        storage: Bytes(bytes), type: type, shape: [bytes.count / type.byteCount],
        isBigEndian: swapped)
    }
    #expect(try view([0, 0x3c, 0, 0xc0], .float16).tensor().values == [1, -2])
    #expect(try view([0x3c, 0, 0xc0, 0], .float16, swapped: true).tensor().values == [1, -2])
    #expect(try view([0x80, 0x3f], .bfloat16).tensor().values == [1])
    #expect(try view([0, 0, 0, 0, 0, 0, 0xf8, 0x3f], .float64).doubles() == [1.5])
    #expect(try view([0, 0, 0, 0, 0, 0, 0xf8, 0x3f], .float64).tensor().values == [1.5])
    #expect(try view([0xff], .int8).integers() == [-1])
    #expect(try view([0xff], .uint8).integers() == [255])
    #expect(try view([0xfe, 0xff], .int16).integers() == [-2])
    #expect(try view([0xfe, 0xff], .uint16).tensor().values == [65534])
    #expect(try view([1, 0, 0, 0], .int32, swapped: true).integers() == [1 << 24])
    #expect(try view([1, 0, 0, 0xff], .uint32).doubles() == [4_278_190_081])
    #expect(try view([1, 0, 0, 0, 0, 0, 0, 0x80], .int64).integers() == [Int.min + 1])
    #expect(try view([0, 1, 7], .bool).integers() == [0, 1, 1])
    #expect(try view([0, 0x3c], .float16).integers() == nil)
  }

  /// Every half there is, against Swift's own conversion.
  @Test func allHalves() throws {
    let bytes = (0...UInt16.max).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    let values = try TensorView(storage: Bytes(bytes), type: .float16, shape: [65536])
      .tensor().values
    for pattern in 0...UInt16.max {
      let expected = Float(Float16(bitPattern: pattern))
      let value = values[Int(pattern)]
      #expect(
        value.bitPattern == expected.bitPattern || (value.isNaN && expected.isNaN), "\(pattern)")
    }
  }

  @Test func rejected() {
    let storage = floats([1, 2, 3, 4])
    func expect(_ error: TensorViewError, shape: [Int], strides: [Int]? = nil, offset: Int = 0) {
      #expect(throws: error) {
        try TensorView(
          storage: storage, type: .float32, shape: shape, strides: strides, offset: offset)
      }
    }
    expect(.negativeDimension(shape: [-1]), shape: [-1])
    expect(.tooManyElements(shape: [1 << 40, 1 << 40]), shape: [1 << 40, 1 << 40])
    expect(.negativeStride(strides: [-1]), shape: [2], strides: [-1])
    expect(.ranks(shape: [2], strides: [1, 1]), shape: [2], strides: [1, 1])
    expect(.outside(shape: [5], offset: 0, available: 4), shape: [5])
    expect(.outside(shape: [2], offset: 3, available: 4), shape: [2], offset: 3)
    expect(.outside(shape: [1], offset: -1, available: 4), shape: [1], offset: -1)
    expect(.outside(shape: [], offset: 4, available: 4), shape: [], offset: 4)
    expect(
      .outside(shape: [3], offset: 0, available: 4), shape: [3], strides: [Int.max])
    expect(.expanded(shape: [5], available: 4), shape: [5], strides: [0])
  }

  @Test func findsWhatIsNotFinite() throws {
    var values = [Float](repeating: 1, count: 10_000)
    #expect(
      try TensorView(storage: floats(values), type: .float32, shape: [10_000]).tensor()
        .firstNonFinite == nil)
    values[9_999] = -.infinity
    #expect(
      try TensorView(storage: floats(values), type: .float32, shape: [10_000]).tensor()
        .firstNonFinite == 9_999)
    values[4_097] = .nan
    #expect(
      try TensorView(storage: floats(values), type: .float32, shape: [10_000]).tensor()
        .firstNonFinite == 4_097)
  }
}
