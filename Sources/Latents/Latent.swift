import StyleGAN
package import Tensors

/// The space a latent lives in, as a type: mixing spaces up does not compile.
package protocol LatentSpace {}

/// The normal distribution the generator was trained to start from.
package enum Z: LatentSpace {}

/// What the mapping network makes of z: one vector for the whole picture.
package enum W: LatentSpace {}

/// One w for every row (layer) of the synthesis network.
package enum WPlus: LatentSpace {}

/// A point of a latent space: Z [1, z_dim], W [1, w_dim], W+ [num_ws, w_dim].
package struct Latent<Space: LatentSpace>: Hashable, Sendable {
  package let rows: Int
  package let columns: Int
  /// Row-major, `rows × columns`.
  package private(set) var values: [Float]

  /// - Precondition: `values` fills `rows` rows of `columns`.
  private init(values: [Float], rows: Int, columns: Int) {
    precondition(
      values.count == rows * columns,
      "\(values.count) values are not \(rows) rows of \(columns)")
    self.values = values
    self.rows = rows
    self.columns = columns
  }

  /// [rows, columns]
  package var tensor: Tensor { Tensor(values, shape: [rows, columns]) }

  /// One row, [columns].
  package subscript(row row: Int) -> ArraySlice<Float> {
    values[row * columns..<(row + 1) * columns]
  }

  /// Euclidean distance to `other`, over all rows.
  package func distance(to other: Latent) -> Float {
    precondition(rows == other.rows && columns == other.columns, "latents of different shapes")
    var sum = 0.0
    for (a, b) in zip(values, other.values) { sum += Double(a - b) * Double(a - b) }
    return Float(sum.squareRoot())
  }
}

extension Latent where Space == Z {
  package init(_ values: [Float]) {
    self.init(values: values, rows: 1, columns: values.count)
  }

  /// The z of a seed: NumPy's `RandomState(seed).randn(1, dimension)` rounded to float32.
  package init(seed: UInt32, dimension: Int) {
    var random = NumPyRandomState(seed: seed)
    self.init(random.standardNormal(dimension))
  }
}

extension Latent where Space == W {
  package init(_ values: [Float]) {
    self.init(values: values, rows: 1, columns: values.count)
  }

  /// The same w on each of `rows` rows.
  package func broadcast(rows: Int) -> Latent<WPlus> {
    Latent<WPlus>(
      Array((0..<rows).lazy.map { _ in values }.joined()), rows: rows)
  }

  /// `self` for weight 0, `other` for weight 1.
  package func interpolated(to other: Self, weight: Float) -> Self {
    precondition(columns == other.columns, "latents of different widths")
    return Self(zip(values, other.values).map { lerp($0, $1, weight) })
  }
}

extension Latent where Space == WPlus {
  /// - Precondition: `values` fills `rows` rows.
  package init(_ values: [Float], rows: Int) {
    precondition(rows > 0, "W+ has at least one row")
    self.init(values: values, rows: rows, columns: values.count / rows)
  }

  /// Moves the rows in `range` towards those of `other`: weight 0 changes nothing, weight 1 copies.
  package mutating func blend(_ other: Self, rows range: Range<Int>, weight: Float) {
    precondition(rows == other.rows && columns == other.columns, "latents of different shapes")
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    for i in range.lowerBound * columns..<range.upperBound * columns {
      values[i] = lerp(values[i], other.values[i], weight)
    }
  }

  /// Adds `strength · vector` to the rows in `range`.
  /// - Parameter vector: [columns], the same for each row, or [rows, columns], a row for each.
  package mutating func add(_ vector: [Float], times strength: Float, rows range: Range<Int>) {
    precondition(
      vector.count == columns || vector.count == values.count,
      "a vector of \(vector.count) for \(rows) rows of \(columns)")
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
    for row in range {
      let start = vector.count == columns ? 0 : row * columns
      for column in 0..<columns {
        values[row * columns + column] += strength * vector[start + column]
      }
    }
  }
}

/// a + t (b − a), evaluated from the nearer end as PyTorch's `lerp` does, so that t = 0 gives a and
/// t = 1 gives b exactly and truncated latents agree with the reference to the last bit.
func lerp(_ a: Float, _ b: Float, _ t: Float) -> Float {
  abs(t) < 0.5 ? a + t * (b - a) : b - (b - a) * (1 - t)
}
