import Files

package enum NumPyObjectError: Error, Hashable, Sendable, CustomStringConvertible {
  case malformed(String)
  case objects
  case elementType(String)
  case size(shape: [Int], needed: Int, found: Int)
  case tensor(TensorViewError)

  package var description: String {
    switch self {
    case .malformed(let what): "malformed NumPy array: \(what)"
    case .objects: "a NumPy array of Python objects, which are never loaded"
    case .elementType(let code):
      "a NumPy array of type \(code), which is no number this reader knows"
    case .size(let shape, let needed, let found):
      "a NumPy array of shape \(shape) needs \(needed) bytes, \(found) are there"
    case .tensor(let error): error.description
    }
  }
}

/// Recognises NumPy arrays and scalars among the inert values of a pickle.
package enum NumPyObjects {
  /// The array (or scalar, as an array without dimensions) that a value stands for; nil where it
  /// is neither.
  package static func array(_ value: PickleView) throws(NumPyObjectError) -> TensorView? {
    guard let call = value.call else { return nil }
    switch call.name.split(separator: ".").last {
    case "scalar":
      guard call.arguments.count == 2, let data = call.arguments[1].data else {
        throw .malformed("a scalar without its bytes")
      }
      return try view(data, type: try elementType(call.arguments[0]), shape: [])
    case "_reconstruct":
      guard call.arguments.first?.global?.hasPrefix("numpy") == true else { return nil }
      // (version, shape, dtype, is Fortran order, data)
      guard let state = call.state?.elements, state.count == 5,
        let shape = integers(state[1]),
        let isFortran = state[3].bool ?? state[3].integer.map({ $0 != 0 })
      else { throw .malformed("an array without its state") }
      let type = try elementType(state[2])
      guard let data = state[4].data else {
        throw state[4].elements != nil ? .objects : .malformed("its data is \(state[4].summary)")
      }
      return try view(data, type: type, shape: shape, isFortran: isFortran)
    case "_frombuffer":
      // (buffer, dtype, shape, order)
      guard call.arguments.count == 4, let data = call.arguments[0].data,
        let shape = integers(call.arguments[2])
      else { throw .malformed("a buffer without shape") }
      return try view(
        data, type: try elementType(call.arguments[1]), shape: shape,
        isFortran: call.arguments[3].text == "F")
    default: return nil
    }
  }

  private static func view(
    _ data: Bytes, type: (ElementType, isBigEndian: Bool), shape: [Int], isFortran: Bool = false
  ) throws(NumPyObjectError) -> TensorView {
    do {
      let needed = try TensorView.elementCount(shape) * type.0.byteCount
      guard data.count == needed else {
        throw NumPyObjectError.size(shape: shape, needed: needed, found: data.count)
      }
      var strides: [Int]?
      if isFortran {
        var step = 1
        strides = shape.map { extent in
          defer { step &*= max(extent, 1) }
          return step
        }
      }
      return try TensorView(
        storage: data, type: type.0, shape: shape, strides: strides,
        isBigEndian: type.isBigEndian)
    } catch let error as TensorViewError {
      throw .tensor(error)
    } catch let error as NumPyObjectError {
      throw error
    } catch { preconditionFailure("no other error is thrown here") }
  }

  /// numpy.dtype('f4', …) with state (3, '<', …).
  private static func elementType(
    _ value: PickleView
  ) throws(NumPyObjectError) -> (ElementType, isBigEndian: Bool) {
    guard let call = value.call, call.name == "numpy.dtype", let code = call.arguments.first?.text
    else { throw .malformed("its element type is \(value.summary)") }
    if code.hasPrefix("O") { throw .objects }
    guard let type = NPYHeader.elementType(code: code) else { throw .elementType(code) }
    let order = call.state?.elements.flatMap { $0.count > 1 ? $0[1].text : nil }
    return (type, order == ">")
  }

  private static func integers(_ value: PickleView) -> [Int]? {
    guard let elements = value.elements, elements.count <= 32 else { return nil }
    let integers = elements.compactMap(\.integer)
    return integers.count == elements.count ? integers : nil
  }
}

extension PickleView {
  /// A number, be it Python's or a NumPy scalar.
  package var number: Double? {
    if let double { return double }
    guard let array = try? NumPyObjects.array(self), array.count == 1 else { return nil }
    return array.doubles()[0]
  }
}
