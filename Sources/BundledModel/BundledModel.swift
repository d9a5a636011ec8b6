import CBundledModel

/// The model inside the program, so that `mien` needs no file.
package enum BundledModel {
  /// The name people give on the command line.
  package static let name = "studio"

  /// The safetensors file of the model: 64-byte aligned, valid as long as the program runs.
  package static var bytes: UnsafeRawBufferPointer {
    let bundled = unsafe mien_bundled_studio()
    return unsafe UnsafeRawBufferPointer(start: bundled.bytes, count: bundled.count)
  }

  /// The safetensors file of its encoder, likewise.
  package static var encoderBytes: UnsafeRawBufferPointer {
    let bundled = unsafe mien_bundled_studio_encoder()
    return unsafe UnsafeRawBufferPointer(start: bundled.bytes, count: bundled.count)
  }
}
