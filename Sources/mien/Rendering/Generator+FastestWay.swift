import Files
import StyleGAN

extension Generator {
  /// Finds the fastest way through the network the first time a user's machine sees layers like
  /// its own, and looks it up from then on. A folder that cannot be written to only means that the
  /// next start measures again.
  func takeFastestWay() {
    let folder = StandardFolders.ofUser.cacheHome + "/plans"
    var plan = SynthesisPlan(folder: folder)
    // A small network is to be on the screen at once, and has not much to gain.
    let budget: Duration = configuration.resolution > 256 ? .seconds(0.9) : .seconds(0.15)
    if adopt(&plan, budget: budget) { try? plan.save(folder: folder) }
  }
}
