import Glibc

/// A picture seen moved, turned and scaled, with another behind it: y(q) = x(R(−a) (q − t) / s),
/// bilinear between pixel centres, where x has no pixel the value of `behind` at q.
///
/// Inputs x [1, C, H, W], the pose (t_x, t_y, log s, a) [4], and behind [1, C, H, W]; points of a
/// picture are in half sides from its middle. Its derivatives with respect to the pose are of first
/// order: those of bilinear interpolation jump from pixel to pixel, so second ones mean nothing.
package struct SimilarityResampling: Op {
  package static let name = "similarity resampling"

  package init() {}

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let (x, pose, behind) = (inputs[0], inputs[1], inputs[2])
    let grid = SimilarityGrid(x.shape, pose)
    precondition(behind.shape == x.shape, "\(behind.shape) behind \(x.shape)")
    return unsafe Tensor(shape: x.shape) { y in
      unsafe x.withUnsafeBuffer { x in
        unsafe behind.withUnsafeBuffer { behind in
          grid.forEach { pixel, place in
            for plane in 0..<grid.planes {
              let start = plane * grid.height * grid.width
              let back = unsafe behind[start + pixel]
              var sum: Float = 0
              for corner in 0..<4 {
                let value = place.index(corner).map { unsafe x[start + $0] } ?? back
                sum += place.weight(corner) * value
              }
              unsafe y[start + pixel] = sum
            }
          }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let (x, pose, behind) = (inputs[0], inputs[1], inputs[2])
    return [
      wanted[0] ? Tensor.applying(SimilarityScattering(), to: dy, pose) : nil,
      wanted[1] ? Tensor.applying(SimilarityMotion(), to: x, pose, behind, dy) : nil,
      wanted[2]
        ? Tensor.applying(
          SimilarityResampling(), to: Tensor(zeros: x.shape), pose, dy) : nil,
    ]
  }
}

/// The transpose of `SimilarityResampling` with respect to the picture: inputs dy and the pose.
package struct SimilarityScattering: Op {
  package static let name = "similarity scattering"

  package init() {}

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let (dy, pose) = (inputs[0], inputs[1])
    let grid = SimilarityGrid(dy.shape, pose)
    return unsafe Tensor(shape: dy.shape) { dx in
      for i in dx.indices { unsafe dx[i] = 0 }
      unsafe dy.withUnsafeBuffer { dy in
        grid.forEach { pixel, place in
          for corner in 0..<4 {
            guard let index = place.index(corner) else { continue }
            let weight = place.weight(corner)
            for plane in 0..<grid.planes {
              let start = plane * grid.height * grid.width
              unsafe dx[start + index] += weight * dy[start + pixel]
            }
          }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [
      wanted[0]
        ? Tensor.applying(
          SimilarityResampling(), to: dy, inputs[1], Tensor(zeros: dy.shape)) : nil,
      nil,
    ]
  }
}

/// The gradient of the pose of a `SimilarityResampling`: inputs x, the pose, behind and dy; result
/// [4].
package struct SimilarityMotion: Op {
  package static let name = "similarity motion"

  package init() {}

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let (x, pose, behind, dy) = (inputs[0], inputs[1], inputs[2], inputs[3])
    let grid = SimilarityGrid(x.shape, pose)
    var sums = [Double](repeating: 0, count: 4)
    unsafe x.withUnsafeBuffer { x in
      unsafe behind.withUnsafeBuffer { behind in
        unsafe dy.withUnsafeBuffer { dy in
          grid.forEach { pixel, place in
            // Of the value by the place it is read at, in pixels.
            var (across, down) = (Float(0), Float(0))
            for plane in 0..<grid.planes {
              let start = plane * grid.height * grid.width
              let back = unsafe behind[start + pixel]
              let slope = unsafe dy[start + pixel]
              func value(_ corner: Int) -> Float {
                place.index(corner).map { unsafe x[start + $0] } ?? back
              }
              let values = (value(0), value(1), value(2), value(3))
              across +=
                slope * ((values.1 - values.0) * (1 - place.fy) + (values.3 - values.2) * place.fy)
              down +=
                slope * ((values.2 - values.0) * (1 - place.fx) + (values.3 - values.1) * place.fx)
            }
            let motion = grid.motion(of: place, across: across, down: down)
            for i in 0..<4 { sums[i] += Double(motion[i]) }
          }
        }
      }
    }
    return Tensor(sums.map { Float($0) }, shape: [4])
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [nil, nil, nil, nil]
  }
}

/// Where each pixel of a resampled picture is read.
private struct SimilarityGrid {
  let planes: Int
  let height: Int
  let width: Int
  private let t: (x: Float, y: Float)
  private let scale: Float
  private let cosine: Float
  private let sine: Float

  /// One pixel's place among the pixel centres of the picture that is read.
  struct Place {
    let left: Int
    let top: Int
    let width: Int
    let height: Int
    /// How far between `left` and the next, `top` and the next.
    let fx: Float
    let fy: Float

    /// Corners are numbered across, then down.
    func index(_ corner: Int) -> Int? {
      let (x, y) = (left + corner & 1, top + corner >> 1)
      return x >= 0 && y >= 0 && x < width && y < height ? y * width + x : nil
    }

    func weight(_ corner: Int) -> Float {
      (corner & 1 == 0 ? 1 - fx : fx) * (corner >> 1 == 0 ? 1 - fy : fy)
    }

    /// In half sides from the middle.
    var point: (x: Float, y: Float) {
      (
        (Float(left) + fx + 0.5) * 2 / Float(width) - 1,
        (Float(top) + fy + 0.5) * 2 / Float(height) - 1
      )
    }
  }

  init(_ shape: Shape, _ pose: Tensor) {
    precondition(
      shape.rank == 4 && shape[0] == 1 && pose.shape == [4],
      "resampling of \(shape) by \(pose.shape)")
    planes = shape[1]
    height = shape[2]
    width = shape[3]
    let values = pose.values
    t = (values[0], values[1])
    scale = exp(values[2])
    cosine = cos(values[3])
    sine = sin(values[3])
  }

  func forEach(_ body: (_ pixel: Int, _ place: Place) -> Void) {
    for row in 0..<height {
      for column in 0..<width {
        let x = (Float(column) + 0.5) * 2 / Float(width) - 1 - t.x
        let y = (Float(row) + 0.5) * 2 / Float(height) - 1 - t.y
        let u = ((cosine * x + sine * y) / scale + 1) * Float(width) / 2 - 0.5
        let v = ((cosine * y - sine * x) / scale + 1) * Float(height) / 2 - 0.5
        // Far outside it makes no difference where.
        let (left, top) = (
          min(max(u, -2), Float(width) + 1).rounded(.down),
          min(max(v, -2), Float(height) + 1).rounded(.down)
        )
        body(
          row * width + column,
          Place(
            left: Int(left), top: Int(top), width: width, height: height,
            fx: min(max(u - left, 0), 1), fy: min(max(v - top, 0), 1)))
      }
    }
  }

  /// With p = R(−a) (q − t) / s: ∂p/∂t = −R(−a) / s, ∂p/∂log s = −p, ∂p/∂a = (p_y, −p_x).
  func motion(of place: Place, across: Float, down: Float) -> [Float] {
    let (gx, gy) = (across * Float(width) / 2, down * Float(height) / 2)
    let p = place.point
    return [
      -(cosine * gx - sine * gy) / scale, -(sine * gx + cosine * gy) / scale,
      -(p.x * gx + p.y * gy), p.y * gx - p.x * gy,
    ]
  }
}
