package import Tensors

/// Keeps optimised noise maps from carrying the picture (StyleGAN2 paper, appendix D): neighbours
/// are to be uncorrelated at every scale.
package enum NoiseRegularisation {
  /// Σ over maps and scales of mean(v · shifted v)² along both axes: the squares of the means. Each
  /// map [r, r] is halved by 2 × 2 means until its side is 8 or less.
  package static func loss(_ maps: [Tensor]) -> Tensor {
    maps.reduce(Tensor([0], shape: [])) { $0 + loss(map: $1) }
  }

  private static func loss(map: Tensor) -> Tensor {
    var level = map.reshaped([1, 1, map.shape[0], map.shape[1]])
    var sum = Tensor([0], shape: [])
    while true {
      for axis in [3, 2] {
        let shifted = Tensor.applying(CircularShift(axis: axis, distance: 1), to: level)
        sum = sum + (level * shifted).mean.squared
      }
      if level.shape[2] <= 8 { return sum }
      level = Tensor.applying(UpFIRDn.halving, to: level)
    }
  }

  /// The map with zero mean and unit mean square.
  package static func normalized(_ map: Tensor) -> Tensor {
    let count = Double(map.count)
    let values = map.values
    let mean = values.reduce(0) { $0 + Double($1) } / count
    let square = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
    let scale = Float(1 / square.squareRoot())
    return Tensor(values.map { ($0 - Float(mean)) * scale }, shape: map.shape)
  }
}
