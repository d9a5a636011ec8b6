import CPNG

/// PNG files: 8-bit pictures out, any picture in, with text chunks.
package enum PNG {
  /// A piece of text in a PNG, such as the recipe of the picture under the keyword `mien`.
  package struct Text: Hashable, Sendable {
    /// 1 to 79 printable ASCII characters.
    package var keyword: String
    package var value: String

    package init(keyword: String, value: String) {
      self.keyword = keyword
      self.value = value
    }
  }

  /// What a PNG holds.
  package struct Contents: Hashable, Sendable {
    package var image: PixelImage
    package var text: [Text]

    /// The first text under this keyword.
    package func text(for keyword: String) -> String? {
      text.first { $0.keyword == keyword }?.value
    }
  }

  /// What the encoder spares: room, or time (three times as fast, a tenth larger).
  package enum Effort: Sendable {
    case small, fast
  }

  package enum Samples: Sendable {
    case rgb
    /// One sample a pixel, for a picture whose three channels are equal (the green one is kept).
    case gray
  }

  /// Enough for a 8192x8192 photo.
  package static let pixelLimit = 1 << 26

  /// The PNG file of a picture: the same bytes for the same picture and text.
  ///
  /// ASCII text becomes tEXt, which every reader knows; other text becomes iTXt in UTF-8.
  /// - Precondition: the picture has pixels; keywords are 1 to 79 printable ASCII characters and
  ///   values are free of NUL.
  package static func encode(
    _ image: PixelImage, text: [(keyword: String, value: String)] = [], samples: Samples = .rgb,
    effort: Effort = .small
  ) -> [UInt8] {
    precondition(image.width > 0 && image.height > 0, "a PNG has at least one pixel")
    for (keyword, value) in text {
      precondition(
        (1...79).contains(keyword.utf8.count)
          && keyword.utf8.allSatisfy { (0x20...0x7e).contains($0) }
          && !value.utf8.contains(0), "keyword or text unfit for PNG: \(keyword)")
    }
    let pixels: [UInt8]
    switch samples {
    case .rgb: pixels = image.bytes
    case .gray: pixels = stride(from: 1, to: image.bytes.count, by: 3).map { image.bytes[$0] }
    }
    var strings = [CChar]()
    for (keyword, value) in text {
      for byte in [Array(keyword.utf8), [0], Array(value.utf8), [0]].joined() {
        strings.append(CChar(bitPattern: byte))
      }
    }
    var file = unsafe mien_png_file()
    let status = unsafe mien_png_encode(
      pixels, UInt32(image.width), UInt32(image.height), samples == .gray ? 1 : 3,
      effort == .fast ? 2 : 0, strings, text.count, &file)
    defer { unsafe mien_png_file_release(&file) }
    precondition(
      status == mien_png_done, "libpng refused to write: \(unsafe words(of: file.message))")
    return unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
  }

  /// Reads a PNG of any colour type and depth as 8-bit RGB; transparency is laid over white,
  /// colour profiles and gamma are not applied.
  /// - Parameter pixelLimit: pictures with more pixels are refused before memory is taken.
  package static func decode(
    _ bytes: [UInt8], pixelLimit: Int = pixelLimit
  ) throws(PictureError) -> Contents {
    var picture = unsafe mien_png_picture()
    let status = unsafe mien_png_decode(bytes, bytes.count, UInt64(pixelLimit), &picture)
    defer { unsafe mien_png_release(&picture) }
    let (width, height) = unsafe (Int(picture.width), Int(picture.height))
    switch status {
    case mien_png_done: break
    case mien_png_other_format: throw .otherFormat(expected: "PNG")
    case mien_png_too_large:
      throw .tooLarge(width: width, height: height, pixelLimit: pixelLimit)
    case mien_png_out_of_memory: throw .damaged(format: "PNG", reason: "it needs too much memory")
    default: throw .damaged(format: "PNG", reason: unsafe words(of: picture.message))
    }
    let pixels = unsafe Array(
      UnsafeBufferPointer(start: picture.pixels, count: width * height * 3))
    let text = unsafe UnsafeBufferPointer(start: picture.texts, count: picture.text_count).map {
      unsafe Text(
        keyword: string($0.keyword, $0.keyword_count, isUTF8: false),
        value: string($0.text, $0.text_count, isUTF8: $0.is_utf8 == 1))
    }
    return Contents(image: PixelImage(width: width, height: height, bytes: pixels), text: text)
  }

  private static func string(
    _ start: UnsafePointer<CChar>?, _ count: Int, isUTF8: Bool
  ) -> String {
    let bytes = unsafe UnsafeBufferPointer(start: start, count: count).map { UInt8(bitPattern: $0) }
    if isUTF8 { return String(decoding: bytes, as: UTF8.self) }
    // Latin-1 is the first 256 code points.
    return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }

  /// The text in a C array of characters.
  static func words<T>(of message: T) -> String {
    unsafe withUnsafeBytes(of: message) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
