package import StyleGAN

extension DirectionLibrary {
  /// The attributes bundled with a model, then its SeFa and principal components.
  /// - Parameters:
  ///   - attributes: come first, and their names win.
  ///   - cache: where components are looked up and kept; nil computes them each time.
  ///   - progress: called with the share done, 0…1, on the calling thread.
  ///   - isCancelled: asked every few milliseconds to tenths of a second.
  /// - Returns: nil when cancelled.
  package static func discovering(
    _ model: any LatentModel, attributes: [Direction] = [],
    discovery: DirectionDiscovery = DirectionDiscovery(), cache: DirectionCache?,
    progress: (Double) -> Void = { _ in }, isCancelled: () -> Bool = { false }
  ) -> DirectionLibrary? {
    var library = DirectionLibrary(attributes)
    if let components = cache?.load(discovery, width: model.configuration.wDim) {
      progress(1)
      library.add(components)
      return library
    }
    guard
      let components = discovery.components(
        of: model, progress: progress, isCancelled: isCancelled)
    else { return nil }
    cache?.save(components, of: discovery)
    library.add(components)
    return library
  }
}
