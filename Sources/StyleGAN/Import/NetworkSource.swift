import Checkpoints
package import Tensors

/// The generator found in a file, under StyleGAN2-ADA names, not yet checked or decoded.
package struct NetworkSource: Sendable {
  /// What a file says about its network beside the tensors; nil where it says nothing.
  package struct Claims: Sendable {
    var architecture: GeneratorConfiguration.Architecture?
    var resolution: Int?
    var imageChannels: Int?
    var zDim: Int?
    var wDim: Int?
    var cDim: Int?
    var mappingLayers: Int?
    var mappingLearningRateMultiplier: Float?
    var convClamp: Float?
    /// Set for a StyleGAN3 network.
    var aliasFree: AliasFreeConfiguration?
    var family: GeneratorConfiguration.Family?
  }

  /// The file, or the name of embedded data; errors begin with it.
  package let source: String
  /// "NVIDIA PyTorch pickle": how the file is written.
  package let container: String
  package var tensors: [String: SourceTensor] = [:]
  /// The names tensors have in the file, where those differ from ours.
  package var storedNames: [String: String] = [:]
  package var claims = Claims()
  /// What a person should know: "no G_ema in it; G is used".
  package var notes: [String] = []
  /// What the file says it was trained on.
  package var trainingData: [String] = []
  /// Tensors that are there but unreadable, in the order they were met.
  var damages: [ModelError] = []
  /// Tensors of the file that no network of its kind has a place for, by their names in the file.
  var unusedNames: [String] = []
  /// The writer may have left out the noise maps: draw some, so that strengths keep their effect.
  var drawsMissingNoise = false
  /// The writer leaves out the average of w: compute it from the mapping network.
  var computesWAverage = false

  init(source: String, container: String) {
    self.source = source
    self.container = container
  }

  func error(_ problem: ModelError.Problem) -> ModelError { ModelError(source, problem) }

  func missing(_ name: String) -> ModelError { error(.missing(name: label(name))) }

  /// The name with the one it has in the file, where that is another.
  func label(_ name: String) -> String {
    storedNames[name].map { "\(name) (stored as \($0))" } ?? name
  }

  /// The tensor in our layout, decoded now.
  /// - Throws: where it is missing or holds NaN or infinity.
  package func tensor(_ name: String) throws(ModelError) -> Tensor {
    guard let stored = tensors[name] else { throw missing(name) }
    let tensor = stored.tensor()
    if let index = tensor.firstNonFinite {
      throw error(.notFinite(name: label(name), value: "\(tensor.values[index])", index: index))
    }
    return tensor
  }
}
