/// The axes of z: independent standard normal numbers, each with a name and a meaning of its own.
/// Order and meaning stay as they are, so that models trained on them and labels written earlier
/// remain valid.
package enum Axis {
  /// Identity modes with an axis of their own: 3…48. Modes 0…2 follow sex, melanin and age.
  static let identityModes = 3..<49

  package static let names: [String] =
    ["sex", "age", "melanin", "shape0", "shape1", "shape2"] + identityModes.map { "id\($0)" }
    + [
      "yaw", "pitch", "roll", "body_yaw", "distance", "crop", "off_x", "off_y", "gaze_x", "gaze_y",
      "smile", "mouth_open", "teeth", "eyes_open", "squint", "brow_up", "brow_inner", "brow_asym",
      "pucker", "stretch", "press", "mouth_side", "lower_lip", "blood", "mottle", "blush",
      "undereye", "oil", "rough", "lip_colour", "freckles", "wrinkles", "ears_red", "eye_colour",
      "eye_bright", "iris_size", "pupil", "sclera", "brow_density", "brow_thick", "brow_tone",
      "brow_height", "lashes", "hair_length", "hair_curl", "hair_style", "hair_part", "hair_side",
      "hair_volume", "hair_messy", "hair_clump", "hair_wave", "hair_front", "hair_dark",
      "hair_red", "hair_grey", "hair_shine", "hairline", "balding", "fade", "beard",
      "beard_length", "beard_chin", "beard_jaw", "stubble", "glasses", "frame", "frame_w",
      "frame_h", "frame_round", "frame_thick", "frame_tone", "frame_warm", "cloth_type",
      "cloth_pattern", "cloth_neck", "cloth_l", "cloth_a", "cloth_b", "cloth2_l", "cloth2_a",
      "cloth2_b", "makeup", "lipstick", "lipstick_tone", "liner", "shadow", "light_x", "light_y",
      "light_size", "light_ratio", "light_warm", "dome_warm", "dome_top", "dome_ground", "fill",
      "rim", "rim_warm", "bg_l", "bg_a", "bg_b", "bg2_l", "bg2_a", "bg2_b", "bg3_l", "bg3_a",
      "bg3_b", "bg_x", "bg_y", "bg_r", "bg_blob", "bg_box", "exposure", "contrast", "saturation",
      "white",
    ]

  package static let count = names.count
  private static let index = Dictionary(uniqueKeysWithValues: zip(names, names.indices))

  /// - Precondition: the axis exists.
  package static func index(_ name: String) -> Int {
    guard let index = index[name] else { preconditionFailure("no axis is called \(name)") }
    return index
  }

  /// z of picture `index` of the data set with this seed.
  package static func draw(seed: UInt64, index: Int) -> [Float] {
    var random = RandomSource(seed: seed, index: UInt64(bitPattern: Int64(index)))
    return NormalDistribution.draws(count, from: &random).map(Float.init)
  }
}

/// Where a person lies on the axes, clipped to ±3.5.
struct AxisValues {
  private let z: [Double]

  /// - Precondition: one number for each axis.
  init(_ z: [Float]) {
    precondition(z.count == Axis.count, "z has \(z.count) numbers, not \(Axis.count)")
    self.z = z.map { min(max(Double($0), -3.5), 3.5) }
  }

  subscript(name: String) -> Double { z[Axis.index(name)] }
  func identity(_ mode: Int) -> Double { z[Axis.index("id\(mode)")] }

  /// Uniform between two values.
  func uniform(_ name: String, _ low: Double, _ high: Double) -> Double {
    low + (high - low) * NormalDistribution.cumulative(self[name])
  }
  /// 0…1, uniform.
  func share(_ name: String) -> Double { NormalDistribution.cumulative(self[name]) }

  func normal(
    _ name: String, _ mean: Double, _ deviation: Double, _ range: ClosedRange<Double>? = nil
  ) -> Double {
    let value = mean + deviation * self[name]
    guard let range else { return value }
    return min(max(value, range.lowerBound), range.upperBound)
  }
}
