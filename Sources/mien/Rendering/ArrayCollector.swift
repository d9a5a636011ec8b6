import Checkpoints
import StyleGAN
import Tensors

/// Gathers pictures and latents for one `.npy` or `.npz`.
struct ArrayCollector {
  private let configuration: GeneratorConfiguration
  private(set) var count = 0
  private var images: [Float] = []
  private var ws: [Float] = []
  private var z: [Float]? = []
  private var w: [Float]? = []

  /// Beyond this a list of pictures is not for one file.
  static let byteLimit = 16 << 30

  init(_ configuration: GeneratorConfiguration) { self.configuration = configuration }

  /// [C, R, R]
  private var pictureShape: [Int] {
    [configuration.imageChannels, configuration.resolution, configuration.resolution]
  }

  func requireRoom(for pictures: Int, path: String) throws(Failure) {
    let (bytes, overflow) = pictures.multipliedReportingOverflow(by: pictureShape.reduce(4, *))
    guard !overflow, bytes <= ArrayCollector.byteLimit else {
      throw .usage(
        "\(path): \(pictures) pictures need an array of more than \(ArrayCollector.byteLimit >> 30) GiB; give a folder or fewer seeds"
      )
    }
  }

  /// A latent that not all pictures have is left out of the result.
  mutating func append(_ output: PictureRenderer.Output, z: [Float]?, w: [Float]?) {
    count += 1
    unsafe output.picture.withUnsafeBuffer { unsafe images.append(contentsOf: $0) }
    unsafe output.ws.withUnsafeBuffer { unsafe ws.append(contentsOf: $0) }
    if let z { self.z?.append(contentsOf: z) } else { self.z = nil }
    if let w { self.w?.append(contentsOf: w) } else { self.w = nil }
  }

  /// Writes `images` [N, C, R, R] alone as `.npy`; `images`, `z` [N, z_dim], `w` [N, w_dim] and
  /// `ws` [N, num_ws, w_dim] as `.npz`.
  func write(to destination: Destination) throws {
    let pictures = NamedArray("images", images, [count] + pictureShape)
    guard destination.kind == .npz else {
      try pictures.write(to: destination.path)
      return
    }
    var arrays = [pictures]
    if let z { arrays.append(NamedArray("z", z, [count, configuration.zDim])) }
    if let w { arrays.append(NamedArray("w", w, [count, configuration.wDim])) }
    arrays.append(NamedArray("ws", ws, [count, configuration.numWs, configuration.wDim]))
    try NamedArray.write(arrays, to: destination.path)
  }
}
