import Glibc
import Tensors

/// The waves that a StyleGAN3 network begins with, turned and shifted by what its first affine layer
/// says (StyleGAN3 paper, appendix F; numerics: input).
///
/// Input (r_c, r_s, t_x, t_y) [1, 4], before it is normalised; result [1, C, size, size]. The
/// derivative is of first order.
struct FourierFeatures: Op {
  static let name = "Fourier features"

  /// [C] pairs
  let frequencies: [(x: Double, y: Double)]
  /// [C]
  let phases: [Double]
  /// The inverse of the user's transform of the picture, [3, 3].
  let transform: [Double]
  let size: Int
  let rate: Double
  let bandwidth: Double

  func forward(_ inputs: [Tensor]) -> Tensor {
    let placement = Placement(inputs[0])
    let waves = waves(placement)
    return unsafe Tensor(shape: [1, waves.count, size, size]) { out in
      var to = 0
      for wave in waves {
        for row in 0..<size {
          let y = place(row)
          for column in 0..<size {
            let angle = 2 * .pi * (wave.x * place(column) + wave.y * y + wave.phase)
            unsafe out[to] = Float(wave.amplitude * sin(angle))
            to += 1
          }
        }
      }
    }
  }

  func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [wanted[0] ? Tensor.applying(FourierMotion(features: self), to: inputs[0], dy) : nil]
  }

  /// A wave as it lies in the picture.
  fileprivate struct Wave {
    var x: Double
    var y: Double
    var phase: Double
    var amplitude: Double
    /// Of the amplitude, by the wave's frequency.
    var slope: Double
  }

  /// The middle of a pixel.
  fileprivate func place(_ index: Int) -> Double {
    (Double(index) + 0.5 - Double(size) / 2) / rate
  }

  /// M = R · T · transform, with T a translation by (−t_x, −t_y).
  fileprivate func waves(_ placement: Placement) -> [Wave] {
    let moved = placement.matrix
    func m(_ row: Int, _ column: Int) -> Double {
      (0..<3).reduce(0) { $0 + moved[row * 3 + $1] * transform[$1 * 3 + column] }
    }
    let columns = (0..<3).map { (m(0, $0), m(1, $0)) }
    return zip(frequencies, phases).map { frequency, phase in
      func along(_ column: (Double, Double)) -> Double {
        frequency.x * column.0 + frequency.y * column.1
      }
      let (x, y) = (along(columns[0]), along(columns[1]))
      let room = rate / 2 - bandwidth
      let excess = (hypot(x, y) - bandwidth) / room
      return Wave(
        x: x, y: y, phase: phase + along(columns[2]), amplitude: min(max(1 - excess, 0), 1),
        slope: (0..<1).contains(excess) ? -1 / room : 0)
    }
  }

  /// What the affine layer says.
  fileprivate struct Placement {
    /// r_c, r_s, t_x, t_y: divided by the length of the first two.
    let values: [Double]
    let length: Double

    init(_ t: Tensor) {
      let given = t.values.map(Double.init)
      precondition(given.count == 4, "a placement of \(t.shape)")
      let length = hypot(given[0], given[1])
      values = given.map { $0 / length }
      self.length = length
    }

    /// [3, 3]
    var matrix: [Double] {
      let (rc, rs, tx, ty) = (values[0], values[1], values[2], values[3])
      return [
        rc, -rs, -rc * tx + rs * ty,
        rs, rc, -rs * tx - rc * ty,
        0, 0, 1,
      ]
    }

    /// - Parameter d: of the matrix's first two rows, [2, 3]
    /// - Returns: of what the affine layer says, [4]
    func gradient(matrix d: [Double]) -> [Double] {
      let (rc, rs, tx, ty) = (values[0], values[1], values[2], values[3])
      let normalised = [
        d[0] + d[4] - tx * d[2] - ty * d[5],
        -d[1] + d[3] + ty * d[2] - tx * d[5],
        -rc * d[2] - rs * d[5],
        rs * d[2] - rc * d[5],
      ]
      let pull = zip(normalised, values).reduce(0) { $0 + $1.0 * $1.1 }
      return normalised.enumerated().map { index, value in
        (value - (index < 2 ? values[index] * pull : 0)) / length
      }
    }
  }
}

/// The gradient of a `FourierFeatures`' input: inputs that one and dy; result [1, 4].
struct FourierMotion: Op {
  static let name = "Fourier motion"

  let features: FourierFeatures

  func forward(_ inputs: [Tensor]) -> Tensor {
    let placement = FourierFeatures.Placement(inputs[0])
    let slopes = inputs[1].values
    let size = features.size
    var ofMatrix = [Double](repeating: 0, count: 6)
    for (channel, wave) in features.waves(placement).enumerated() {
      var (ofX, ofY, ofPhase, ofAmplitude) = (0.0, 0.0, 0.0, 0.0)
      for row in 0..<size {
        let y = features.place(row)
        for column in 0..<size {
          let x = features.place(column)
          let slope = Double(slopes[(channel * size + row) * size + column])
          let angle = 2 * .pi * (wave.x * x + wave.y * y + wave.phase)
          let along = slope * wave.amplitude * 2 * .pi * cos(angle)
          ofX += along * x
          ofY += along * y
          ofPhase += along
          ofAmplitude += slope * sin(angle)
        }
      }
      let length = hypot(wave.x, wave.y)
      if wave.slope != 0, length > 0 {
        ofX += ofAmplitude * wave.slope * wave.x / length
        ofY += ofAmplitude * wave.slope * wave.y / length
      }
      let frequency = features.frequencies[channel]
      for (column, gradient) in [ofX, ofY, ofPhase].enumerated() {
        ofMatrix[column] += frequency.x * gradient
        ofMatrix[3 + column] += frequency.y * gradient
      }
    }
    // M = (R · T) · transform.
    var ofMoved = [Double](repeating: 0, count: 6)
    for row in 0..<2 {
      for column in 0..<3 {
        for inner in 0..<3 {
          ofMoved[3 * row + column] +=
            ofMatrix[3 * row + inner] * features.transform[3 * column + inner]
        }
      }
    }
    return Tensor(placement.gradient(matrix: ofMoved).map { Float($0) }, shape: inputs[0].shape)
  }

  func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    precondition(!wanted.contains(true), "Fourier features have first derivatives only")
    return [nil, nil]
  }
}
