/// Portable pixmaps: binary P6 out, binary P6 and P5 (gray) in.
package enum PPM {
  /// The P6 file of a picture.
  package static func encode(_ image: PixelImage) -> [UInt8] {
    Array("P6\n\(image.width) \(image.height)\n255\n".utf8) + image.bytes
  }

  /// Reads P6 and P5 with 8 or 16 bits a sample; samples are scaled to 0…255 and rounded.
  /// - Parameter pixelLimit: pictures with more pixels are refused.
  package static func decode(
    _ bytes: [UInt8], pixelLimit: Int = PNG.pixelLimit
  ) throws(PictureError) -> PixelImage {
    guard bytes.count > 2, bytes[0] == UInt8(ascii: "P"),
      bytes[1] == UInt8(ascii: "6") || bytes[1] == UInt8(ascii: "5")
    else { throw .otherFormat(expected: "PPM") }
    let channels = bytes[1] == UInt8(ascii: "6") ? 3 : 1
    var position = 2
    let width = try number("width", in: bytes, &position)
    let height = try number("height", in: bytes, &position)
    let maximum = try number("largest sample", in: bytes, &position)
    guard width > 0, height > 0, (1...65535).contains(maximum) else {
      throw damaged("its header says \(width)x\(height) pixels of 0 to \(maximum)")
    }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= pixelLimit else {
      throw .tooLarge(width: width, height: height, pixelLimit: pixelLimit)
    }
    // Exactly one white space separates the header from the samples.
    guard position < bytes.count, isSpace(bytes[position]) else {
      throw damaged("no white space after its header")
    }
    position += 1
    let sampleSize = maximum > 255 ? 2 : 1
    let needed = pixels * channels * sampleSize
    guard bytes.count - position >= needed else {
      throw damaged("\(bytes.count - position) bytes of samples where \(needed) belong")
    }
    var rgb = [UInt8]()
    rgb.reserveCapacity(pixels * 3)
    for index in 0..<pixels * channels {
      let offset = position + index * sampleSize
      let value =
        sampleSize == 1 ? Int(bytes[offset]) : Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
      let byte = UInt8((min(value, maximum) * 255 + maximum / 2) / maximum)
      for _ in 0..<(channels == 1 ? 3 : 1) { rgb.append(byte) }
    }
    return PixelImage(width: width, height: height, bytes: rgb)
  }

  /// A decimal number after white space and comments; at most nine digits.
  private static func number(
    _ name: String, in bytes: [UInt8], _ position: inout Int
  ) throws(PictureError) -> Int {
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
      } else if isSpace(bytes[position]) {
        position += 1
      } else {
        break
      }
    }
    let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
    guard (1...9).contains(digits.count) else { throw damaged("its header has no \(name)") }
    position += digits.count
    return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }

  private static func damaged(_ reason: String) -> PictureError {
    .damaged(format: "PPM", reason: reason)
  }
}
