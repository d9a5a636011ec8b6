import Tensors

/// From what a buffer was computed: it is good for another frame that agrees in this.
struct KeptResult {
  /// All rows of ws of the frame that wrote it, row-major.
  var ws: [Float]
  /// How many of them, from the first, it depends on, times w_dim.
  var count: Int
  var noise: NoiseMode
  var precision: SynthesisPrecision

  func serves(
    ws other: [Float], noise otherNoise: NoiseMode, precision wanted: SynthesisPrecision
  ) -> Bool {
    noise == otherNoise && precision >= wanted && ws[..<count] == other[..<count]
  }
}
