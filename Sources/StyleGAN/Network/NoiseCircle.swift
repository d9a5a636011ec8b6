import Glibc
import Synchronization
import Tensors

/// Noise that changes smoothly and comes back to where it began: cos φ · stored + sin φ · drawn,
/// which is as normal as the two are at every angle φ. Maps are drawn once and kept.
package final class NoiseCircle: Sendable {
  package let seed: UInt32
  private let drawn = Mutex<[[Int]: [Tensor]]>([:])

  package init(seed: UInt32) { self.seed = seed }

  func maps(resolutions: [Int]) -> [Tensor] {
    drawn.withLock { known in
      if let maps = known[resolutions] { return maps }
      let maps = NoiseInputs.draw(seed: seed, resolutions: resolutions)
      known[resolutions] = maps
      return maps
    }
  }

  /// - Parameter share: 0…1 of the way round; 0 and 1 are the stored map to the last bit.
  static func blend(_ stored: Tensor, _ drawn: Tensor, share: Double) -> Tensor {
    let turn = share - share.rounded(.down)
    guard turn != 0 else { return stored }
    let (c, s) = (Float(cos(2 * .pi * turn)), Float(sin(2 * .pi * turn)))
    precondition(stored.count == drawn.count, "noise maps of different sizes")
    let shape = stored.shape
    return unsafe stored.withUnsafeBuffer { stored in
      unsafe drawn.withUnsafeBuffer { drawn in
        unsafe Tensor(shape: shape) { out in
          for i in 0..<stored.count {
            unsafe out.initializeElement(at: i, to: c * stored[i] + s * drawn[i])
          }
        }
      }
    }
  }
}

extension NoiseCircle: Hashable {
  package static func == (a: NoiseCircle, b: NoiseCircle) -> Bool { a.seed == b.seed }
  package func hash(into hasher: inout Hasher) { hasher.combine(seed) }
}
