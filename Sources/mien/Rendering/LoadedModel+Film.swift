import Glibc
import StyleGAN
import Tensors

extension LoadedModel {
  /// The model and twins of it, one for each core: a film's frames are rendered beside each other.
  /// Fewer where their working memory would be more than an eighth of the machine's.
  var modelsForFilm: [any LatentModel] {
    let memory = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    let twins = max(0, memory / 8 / max(1, configuration.workingBytes))
    let count = min(ThreadShare.count, 1 + twins)
    return [generator] + (1..<max(1, count)).map { _ in
      var plan = SynthesisPlan()
      let twin = generator.twin
      twin.adopt(&plan)
      return twin
    }
  }
}

extension GeneratorConfiguration {
  /// Bytes of packed weights and activations of a picture in work, roughly.
  fileprivate var workingBytes: Int {
    zip(blockResolutions, blockChannels).reduce(0) {
      $0 + 2 * 4 * $1.1 * $1.0 * $1.0 + 2 * 4 * 9 * $1.1 * $1.1
    }
  }
}
