import Checkpoints
import Tensors

/// Vectors as one array of a file holds them: not yet said of which space.
struct VectorStack: Sendable {
  /// What errors call the array.
  let name: String
  /// As stored.
  let shape: [Int]
  /// Row-major, finite.
  let values: [Float]

  var width: Int { shape.last ?? 0 }
  /// Rows of all vectors together.
  var rows: Int { width > 0 ? values.count / width : 0 }
  /// Whether the last two extents are one vector's rows and columns: [n, rows, width].
  var isBatch: Bool { shape.count > 2 }
  /// Rows between one vector and the next, where the shape says so.
  var rowsPerVector: Int { shape.count > 1 ? shape[shape.count - 2] : 1 }

  /// More than this no file of directions has: a thousand of W+ at 1024².
  static let largestCount = 1 << 24

  /// - Throws: for what is no array of vectors, before much of it is read.
  init(_ checkpoint: Checkpoint, _ name: String) throws(DirectionError) {
    let label = checkpoint.names.count == 1 ? "the array" : name
    func failure(_ reason: DirectionError.Reason) -> DirectionError {
      DirectionError(file: checkpoint.source, reason: reason)
    }
    let tensor: Tensor
    do {
      guard let (type, shape) = checkpoint.entry(name) else {
        // Asking for it tells what is wrong with it.
        _ = try checkpoint.tensor(name)
        throw failure(.noDirections(found: "no array \(name)"))
      }
      guard type.isFloat else { throw failure(.elementType(array: label, type)) }
      let extents = shape.reversed().drop { $0 == 1 }
      var count = 1
      for extent in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: extent)
        count = overflow || product < 0 ? Int.max : product
      }
      guard !shape.isEmpty, shape.count <= 3, count > 0, count <= VectorStack.largestCount,
        !extents.isEmpty
      else {
        throw failure(
          .shape(array: label, shape, expected: "[width], [n, width] or [n, rows, width]"))
      }
      self.shape = shape
      tensor = try checkpoint.tensor(name)
    } catch let error as CheckpointError {
      throw failure(.checkpoint(error))
    } catch let error as DirectionError {
      throw error
    } catch { preconditionFailure("no other error is thrown here") }
    self.name = label
    if let index = tensor.firstNonFinite { throw failure(.notFinite(array: label, index: index)) }
    values = tensor.values
  }

  /// Vectors made elsewhere.
  init(name: String, shape: [Int], values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values in \(shape)")
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// Consecutive rows.
  func rows(_ range: Range<Int>) -> [Float] {
    Array(values[range.lowerBound * width..<range.upperBound * width])
  }

  /// Whether all rows are the same vector.
  var rowsAreEqual: Bool {
    (1..<max(rows, 1)).allSatisfy {
      values[$0 * width..<($0 + 1) * width] == values[..<width]
    }
  }
}
