import CDNNL
import CKernels

/// What the engine runs on, for `mien doctor`, `mien bench` and cache keys.
package struct EngineDescription: Hashable, Sendable {
  /// oneDNN's version, such as "2.6.3".
  package var libraryVersion: String
  /// The instruction set oneDNN uses, such as "avx512_core_amx".
  package var instructionSet: String
  /// The processor's own name and signature, such as "Intel(R) Xeon(R) Processor c06f2".
  package var processor: String
  package var threads: Int
  /// Channels in a block of the activation layout.
  package var block: Int

  package static var current: EngineDescription {
    let version = Int(mien_dnnl_version())
    return EngineDescription(
      libraryVersion: "\(version / 10000).\(version / 100 % 100).\(version % 100)",
      instructionSet: unsafe String(cString: mien_dnnl_isa()),
      processor: unsafe String(cString: mien_processor_identity()),
      threads: Int(mien_thread_count()),
      block: Blocking.preferred)
  }

  /// One line that changes whenever a measurement of speed would.
  package var identity: String {
    "\(processor), \(instructionSet), \(threads) threads, oneDNN \(libraryVersion), kernels 3"
  }
}
