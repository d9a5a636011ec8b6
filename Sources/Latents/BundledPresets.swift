import CBundledPresets

/// The gallery of `Presets/`, built into the program.
package enum BundledPresets {
  /// The texts of the files, in the order of the gallery.
  package static var texts: [[UInt8]] {
    let bundled = unsafe mien_bundled_presets()
    let bytes = unsafe UnsafeRawBufferPointer(start: bundled.bytes, count: bundled.count)
    return unsafe bytes.split(separator: 0).map { unsafe Array($0) }
  }

  /// The presets, in the order of the gallery. The tests make sure that each can be read.
  package static var all: [Preset] {
    texts.compactMap { try? Preset(json: $0, file: "built-in preset") }
  }

  package static subscript(name: String) -> Preset? { all.first { $0.name == name } }
}
