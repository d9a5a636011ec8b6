import CSixel
package import Imaging

/// Why libsixel would not encode a picture.
package struct SixelError: Error, Hashable, CustomStringConvertible {
  package var status: Int32
  package var description: String { "libsixel failed with status \(status)" }
}

/// Pictures as sixels by libsixel: 256 colours chosen for the picture, errors diffused. The best a
/// sixel terminal can show; some 8 ms for 256 x 256 pixels. `DraftSixelEncoder` is the fast one.
package enum SixelEncoder {
  /// A part of a picture in pixels.
  package struct Part: Hashable, Sendable {
    package var x: Int
    package var y: Int
    package var width: Int
    package var height: Int
    package init(x: Int, y: Int, width: Int, height: Int) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }
  }

  /// The whole picture as one sixel image, from `ESC P` to `ESC \`.
  package static func encode(_ image: PixelImage) throws(SixelError) -> [UInt8] {
    try encode(image, parts: [Part(x: 0, y: 0, width: image.width, height: image.height)])[0]
  }

  /// Parts of one picture as a sixel image each, all in the same colours: a terminal that has but
  /// one set of colour registers then shows them right too.
  package static func encode(
    _ image: PixelImage, parts: [Part]
  ) throws(SixelError) -> [[UInt8]] {
    precondition(image.width > 0 && image.height > 0, "an empty picture has no sixels")
    // libsixel 1.10 begins pictures of less than a band with an empty one.
    if parts.contains(where: { $0.height < 6 }) {
      var encoder = DraftSixelEncoder(palette: DraftPalette(for: image))
      return parts.map { encoder.encode(image, part: $0) }
    }
    let dither = try unsafe makeDither(for: image)
    defer { unsafe sixel_dither_unref(dither) }
    var encoded: [[UInt8]] = []
    for part in parts {
      // A copy of its own: libsixel's error diffusion writes into the pixels it is given.
      var pixels = PictureScaler.cropped(
        image, x: part.x, y: part.y, width: part.width, height: part.height
      ).bytes
      encoded.append(try unsafe encode(&pixels, part.width, part.height, dither))
    }
    return encoded
  }

  private static func check(_ status: SIXELSTATUS) throws(SixelError) {
    // libsixel's success is any status without the failure bit.
    guard status & 0x1000 == 0 else { throw SixelError(status: status) }
  }

  private static func makeDither(for image: PixelImage) throws(SixelError) -> OpaquePointer {
    var dither: OpaquePointer?
    try check(unsafe sixel_dither_new(&dither, 256, nil))
    guard let made = unsafe dither else { throw SixelError(status: -1) }
    var pixels = image.bytes
    let status = unsafe pixels.withUnsafeMutableBufferPointer { buffer in
      unsafe sixel_dither_initialize(
        made, buffer.baseAddress, Int32(image.width), Int32(image.height),
        SIXEL_PIXELFORMAT_RGB888, SIXEL_LARGE_AUTO, SIXEL_REP_AUTO,
        SIXEL_QUALITY_AUTO)
    }
    do {
      try check(status)
    } catch {
      unsafe sixel_dither_unref(made)
      throw error
    }
    unsafe sixel_dither_set_diffusion_type(made, SIXEL_DIFFUSE_FS)
    return unsafe made
  }

  /// Collects what libsixel writes.
  private final class Sink {
    var bytes: [UInt8] = []
  }

  private static func encode(
    _ pixels: inout [UInt8], _ width: Int, _ height: Int, _ dither: OpaquePointer
  ) throws(SixelError) -> [UInt8] {
    let sink = Sink()
    sink.bytes.reserveCapacity(width * height)
    var output: OpaquePointer?
    let collect: sixel_write_function = { data, size, context in
      guard let data = unsafe data, let context = unsafe context, size > 0 else { return 0 }
      let sink = unsafe Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
      unsafe sink.bytes.append(
        contentsOf: UnsafeRawBufferPointer(start: data, count: Int(size)))
      return size
    }
    try check(
      unsafe sixel_output_new(&output, collect, Unmanaged.passUnretained(sink).toOpaque(), nil))
    defer { unsafe sixel_output_unref(output) }
    let status = unsafe pixels.withUnsafeMutableBufferPointer { buffer in
      unsafe sixel_encode(
        buffer.baseAddress, Int32(width), Int32(height), 3, dither, output)
    }
    withExtendedLifetime(sink) {}
    try check(status)
    return opaque(sink.bytes)
  }

  /// Says in the header that pixels which are not painted stay as they are, instead of being
  /// cleared first: every pixel gets painted, and clearing shows as flicker.
  private static func opaque(_ sixels: [UInt8]) -> [UInt8] {
    guard let start = sixels.firstIndex(of: UInt8(ascii: "q")) else { return sixels }
    return Array("\u{1b}P0;1;0".utf8) + sixels[start...]
  }
}
