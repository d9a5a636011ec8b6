import ArgumentParser
import Latents

/// How a face is made of a seed: ψ, cutoff, noise, class. What is not given comes from the preset,
/// or is as in the reference scripts.
struct SamplingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Truncation: 1 leaves the face as it is, 0 gives the average face. (default: 1)")
  var psi: Float?

  @Option(
    help: ArgumentHelp("Truncate only the rows of ws below this number.", valueName: "row"))
  var cutoff: Int?

  @Option(
    help: ArgumentHelp(
      "Per-pixel noise: the model's own maps, fresh ones drawn from the seed, or none. (default: const)",
      valueName: "const|random|none"))
  var noise: NoiseSetting.Mode?

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("Class number, for conditional models. (default: 0)", valueName: "number"))
  var classIndex: Int?

  func validate() throws {
    if let psi, !psi.isFinite { throw ValidationError("--psi is a finite number, not \(psi)") }
    if let cutoff, cutoff < 0 {
      throw ValidationError("--cutoff counts rows from 0, not \(cutoff)")
    }
    if let classIndex, classIndex < 0 {
      throw ValidationError("--class counts from 0, not \(classIndex)")
    }
  }

  /// Changes what was asked for and leaves the rest.
  func apply(to recipe: inout Recipe) {
    if let psi { recipe.truncation.psi = psi }
    if let cutoff { recipe.truncation.cutoff = cutoff }
    if let noise { recipe.noise.mode = noise }
    if let classIndex, case .seed(let seed, _) = recipe.latent {
      recipe.latent = .seed(seed, classIndex: classIndex)
    }
  }
}

extension NoiseSetting.Mode: ExpressibleByArgument {}
extension LayerRange: ExpressibleByArgument {
  package init?(argument: String) {
    guard let range = try? LayerRange(parsing: argument) else { return nil }
    self = range
  }
}
