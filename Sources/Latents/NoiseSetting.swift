package import StyleGAN

/// What the per-pixel noise inputs get.
package struct NoiseSetting: Hashable, Sendable {
  package enum Mode: String, Hashable, Sendable, CaseIterable {
    /// The maps stored with the network.
    case const
    /// Fresh maps drawn from the seed.
    case random
    case none
  }
  package var mode: Mode
  /// Counts for `random` only; kept otherwise, so that switching back gives the same picture.
  package var seed: UInt32

  package init(mode: Mode = .const, seed: UInt32 = 0) {
    self.mode = mode
    self.seed = seed
  }

  package var noiseMode: NoiseMode {
    switch mode {
    case .const: .const
    case .random: .random(seed: seed)
    case .none: .none
    }
  }
}
