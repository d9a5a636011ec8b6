import CFaceFinder
import Checkpoints
import Files
import Tensors

/// The two networks embedded in the program, trained on rendered faces
/// (Sources/CFaceFinder/recipe/train.py, which defines them).
struct FaceNetworks: Sendable {
  private struct Layer: Sendable {
    let weight: Tensor
    let bias: Tensor

    func callAsFunction(_ x: Tensor, activation: BiasActivation = .init(slope: 0, gain: 1))
      -> Tensor
    {
      let padding = weight.shape[2] == 3 ? 1 : 0
      let y = Tensor.applying(Convolution(padding: padding), to: x, weight)
      return Tensor.applying(activation, to: y, bias)
    }

    /// x + f(x)
    func added(to x: Tensor) -> Tensor { Tensor.applying(Elementwise(.sum), to: x, self(x)) }
  }

  private let finder: [Layer]
  private let marker: [Layer]

  /// Pixels a side that the marker sees.
  static let markerSide = 96
  /// Pixels between the finder's answers.
  static let finderStride = 8
  /// Pixels that an offset of 1 of the finder stands for.
  static let finderReach = 32.0

  /// - Throws: where the weights are not those of the networks below
  init(_ file: Checkpoint) throws(CheckpointError) {
    func layers(_ network: String, _ shapes: [[Int]]) throws(CheckpointError) -> [Layer] {
      var layers: [Layer] = []
      for (index, shape) in shapes.enumerated() {
        let name = "\(network).c\(index + 1)"
        let weight = try file.tensor(name + ".weight")
        let bias = try file.tensor(name + ".bias")
        precondition(
          weight.shape.dimensions == shape && bias.shape.dimensions == [shape[0]],
          "\(name) has \(weight.shape) and \(bias.shape)")
        layers.append(Layer(weight: weight, bias: bias))
      }
      return layers
    }
    let wide = [40, 40, 3, 3]
    finder = try layers(
      "finder",
      [[32, 48, 3, 3], [32, 32, 3, 3], [40, 128, 1, 1], wide, wide, wide, wide, [7, 40, 1, 1]])
    marker = try layers(
      "marker",
      [
        [32, 48, 3, 3], [32, 32, 3, 3], [48, 128, 1, 1], [48, 48, 3, 3], [48, 192, 1, 1],
        [48, 48, 3, 3], [11, 48, 6, 6],
      ])
  }

  /// The ones in the program.
  static func embedded() throws(CheckpointError) -> FaceNetworks {
    let embedded = unsafe mien_face_finder()
    let bytes = unsafe Bytes(
      unsafeStatic: UnsafeRawBufferPointer(start: embedded.bytes, count: embedded.count))
    return try FaceNetworks(Checkpoint(bytes, name: "the face finder"))
  }

  /// - Parameter picture: [1, 3, H, W] on [-1, 1], sides multiples of 8
  /// - Returns: [1, 7, H / 8, W / 8]: how sure a face is about here, before the sigmoid; from the
  ///   middle of the cell to left eye, right eye and mouth, x and y, in `finderReach`
  func find(_ picture: Tensor) -> Tensor {
    var x = finder[0](picture.pixelUnshuffled(by: 4))
    x = finder[1](x)
    x = finder[2](x.pixelUnshuffled(by: 2))
    for layer in finder[3..<7] { x = layer.added(to: x) }
    return finder[7](x, activation: .linear)
  }

  /// - Parameter picture: [1, 3, 96, 96] on [-1, 1], a face in the middle, about 0.8 of it the side
  ///   of its FFHQ crop
  /// - Returns: how sure it is one, before the sigmoid; then x and y of left eye, right eye, tip of
  ///   the nose, left and right corner of the mouth, from the middle in halves of the side
  func mark(_ picture: Tensor) -> [Float] {
    var x = marker[0](picture.pixelUnshuffled(by: 4))
    x = marker[1](x)
    x = marker[2](x.pixelUnshuffled(by: 2))
    x = marker[3].added(to: x)
    x = marker[4](x.pixelUnshuffled(by: 2))
    x = marker[5].added(to: x)
    return marker[6](x, activation: .linear).values
  }
}
