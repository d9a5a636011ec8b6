import Files
import Latents
import StyleGAN

extension LoadedModel {
  /// All directions at hand: the model's own, components, which take seconds to find the first time
  /// and are kept in the cache, and those the user imported for it.
  /// - Throws: `Failure` when the user interrupted.
  func directionLibrary(_ interruption: Interruption) throws(Failure) -> DirectionLibrary {
    var progress = ShareOfWork("finding components")
    guard
      var library = DirectionLibrary.discovering(
        model, attributes: attributes, cache: cache, progress: { progress.update($0) },
        isCancelled: { interruption.isRequested })
    else { throw .cancelled("cancelled while looking for components") }
    library.add(imported.directions(for: configuration))
    return library
  }

  /// The directions the edits of these recipes can name; components are looked for only where the
  /// model's own directions and the imported ones do not suffice.
  func directions(
    for recipes: some Sequence<Recipe>, _ interruption: Interruption
  ) throws(Failure) -> DirectionLibrary {
    let own = DirectionLibrary(attributes + imported.directions(for: configuration))
    let suffices = recipes.allSatisfy { $0.edits.allSatisfy { own[$0.direction] != nil } }
    return suffices ? own : try directionLibrary(interruption)
  }

  /// The directions the user has imported for this model.
  var imported: DirectionFolder { DirectionFolder(.ofUser, model: reference) }

  /// Where found components are kept.
  var cache: DirectionCache? {
    reference.sha256.map {
      DirectionCache(folder: StandardFolders.ofUser.cacheHome + "/directions", modelSHA256: $0)
    }
  }

  /// Directions of one kind, new.
  /// - Parameter rows: whose style weights are factorised (sefa), and where the directions apply.
  func discover(
    _ method: DiscoverCommand.Method, rows: LayerRange, count: Int, _ interruption: Interruption
  ) throws(Failure) -> [Direction] {
    let defaults = DirectionDiscovery()
    guard
      let statistics = LatentStatistics.sampling(
        model, count: defaults.sampleCount, seed: defaults.seed,
        isCancelled: { interruption.isRequested })
    else { throw .cancelled("cancelled; nothing was written") }
    let found: [(unit: [Double], scale: Double)]?
    switch method {
    case .sefa:
      found = ClosedFormFactorization(model, rows: rows, count: count)?.vectors
        .map { ($0, statistics.deviation(along: $0)) }
    case .pca:
      found = PrincipalComponents(statistics, count: count)
        .map { Array(zip($0.vectors, $0.deviations)) }
    }
    guard let found else {
      throw .failed("the weights of this model give no directions: they are not finite")
    }
    let kind: Direction.Kind = method == .sefa ? .sefa : .pca
    return found.enumerated().map { index, component in
      let unit = component.unit.map { Float($0) }
      return Direction(
        kind, number: index + 1, rows: rows, unit: unit, scale: Float(component.scale))
    }
  }
}
