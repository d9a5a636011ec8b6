package import NN
package import StyleGAN
package import Tensors

/// Where a projection begins: of a number of sampled w, and others that are proposed, the one whose
/// small preview is nearest to the target.
package struct NearestSample: Sendable {
  /// [w_dim]
  package let w: Tensor
  /// Between previews.
  package let distance: Float
  /// Its place among the candidates; nil where it was sampled.
  package let candidate: Int?

  /// - Parameters:
  ///   - features: the projection's, which say what is near
  ///   - target: [C, R, R] of the generator's size, range [-1, 1]
  ///   - count: how many are sampled, half way between the mean of W and themselves
  ///   - candidates: others to choose from, [w_dim] each
  ///   - side: of the previews
  ///   - isCancelled: asked between previews; the nearest so far is kept
  package init(
    of model: any LatentModel, features: any PerceptualFeatures, target: Tensor, count: Int = 64,
    candidates: [Tensor] = [], side: Int = 32, seed: UInt32 = 303,
    isCancelled: () -> Bool = { false }
  ) {
    precondition(count > 0, "the nearest of none")
    let configuration = model.configuration
    var reduced = target.reshaped(Shape([1] + target.shape.dimensions))
    while reduced.shape[2] > side { reduced = Tensor.applying(UpFIRDn.halving, to: reduced) }
    let wanted = features(DefinedObjective.compared(reduced))
    var random = NumPyRandomState(seed: seed)
    let z = Tensor(
      random.standardNormal(count * configuration.zDim), shape: [count, configuration.zDim])
    let classes = configuration.cDim > 0 ? (0..<count).map { $0 % configuration.cDim } : nil
    let drawn = model.map(z: z, classIndices: classes).values
    let (mean, width) = (model.wAverage.values, configuration.wDim)
    var best: (w: [Float], distance: Float, candidate: Int?)?
    for index in -candidates.count..<count {
      if best != nil, isCancelled() { break }
      let w: [Float]
      if index < 0 {
        w = candidates[candidates.count + index].values
      } else {
        // Sample 0 is the mean itself: no start is worse than that one.
        let share: Float = index == 0 ? 0 : 0.6
        w = (0..<width).map { mean[$0] + share * (drawn[index * width + $0] - mean[$0]) }
      }
      let ws = Tensor(
        (0..<configuration.numWs).flatMap { _ in w }, shape: [configuration.numWs, width])
      guard
        let picture = model.synthesize(
          ws: ws, noise: .const, upTo: reduced.shape[2], isCancelled: { false })
      else { preconditionFailure("nobody cancelled") }
      // Networks that make their picture at the end have no smaller one on the way.
      var shown = picture.reshaped(Shape([1] + picture.shape.dimensions))
      while shown.shape[2] > reduced.shape[2] {
        shown = Tensor.applying(UpFIRDn.halving, to: shown)
      }
      let distance = features.distance(
        features(DefinedObjective.compared(shown)), wanted
      ).scalar
      if distance < best?.distance ?? .infinity {
        best = (w, distance, index < 0 ? candidates.count + index : nil)
      }
    }
    w = best.map { Tensor($0.w, shape: [width]) } ?? model.wAverage
    candidate = best?.candidate
    distance = best?.distance ?? .infinity
  }
}
