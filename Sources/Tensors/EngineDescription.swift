import CDNNL
import CKernels

/// What the engine runs on, for `mien doctor`, `mien bench` and cache keys.
package struct EngineDescription: Hashable, Sendable {
  /// oneDNN's version, such as "2.6.3".
  package var libraryVersion: String
  /// The instruction set oneDNN uses, such as "avx512_core_amx".
  package var instructionSet: String
  package var threads: Int
  /// Channels in a block of the activation layout.
  package var block: Int

  package static var current: EngineDescription {
    let version = Int(mien_dnnl_version())
    return EngineDescription(
      libraryVersion: "\(version / 10000).\(version / 100 % 100).\(version % 100)",
      instructionSet: unsafe String(cString: mien_dnnl_isa()),
      threads: Int(mien_thread_count()),
      block: Blocking.preferred)
  }
}
