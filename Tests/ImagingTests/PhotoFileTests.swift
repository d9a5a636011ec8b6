import CJPEG
import CWebP
import Files
import Foundation
import Imaging
import Testing

/// Files of every kind, made by the libraries' own encoders.
enum MadePhoto {
  /// Smooth enough that lossy formats keep it.
  static func gradient(width: Int, height: Int) -> PixelImage {
    var bytes: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        bytes.append(UInt8(20 + x * 200 / width))
        bytes.append(UInt8(30 + y * 180 / height))
        bytes.append(90)
      }
    }
    return PixelImage(width: width, height: height, bytes: bytes)
  }

  static func jpeg(
    _ pixels: [UInt8], width: Int, height: Int, channels: Int32 = 3, progressive: Bool = false,
    transform: Bool = false
  ) -> [UInt8] {
    var file = unsafe mien_jpeg_file()
    let kind = mien_jpeg_kind(
      channels: channels, progressive: progressive ? 1 : 0, transform: transform ? 1 : 0,
      quality: 95)
    let status = unsafe mien_jpeg_encode(pixels, UInt32(width), UInt32(height), kind, &file)
    precondition(status == mien_jpeg_done)
    defer { unsafe mien_jpeg_file_release(&file) }
    return unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
  }

  static func jpeg(_ image: PixelImage, progressive: Bool = false) -> [UInt8] {
    jpeg(image.bytes, width: image.width, height: image.height, progressive: progressive)
  }

  static func webp(_ rgba: [UInt8], width: Int, height: Int, quality: Float) -> [UInt8] {
    var file = unsafe mien_webp_encode(rgba, UInt32(width), UInt32(height), quality)
    defer { unsafe mien_webp_file_release(&file) }
    return unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
  }

  static func rgba(_ image: PixelImage, alpha: UInt8 = 255) -> [UInt8] {
    (0..<image.width * image.height).flatMap { Array(image.bytes[3 * $0..<3 * $0 + 3]) + [alpha] }
  }

  /// An EXIF record that says only how the camera was held.
  static func exif(_ orientation: Int, isLittle: Bool) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      let bytes = (0..<count).map { UInt8(value >> (8 * $0) & 255) }
      return isLittle ? bytes : bytes.reversed()
    }
    return Array((isLittle ? "II" : "MM").utf8) + number(42, 2) + number(8, 4) + number(2, 2)
      + number(0x0100, 2) + number(3, 2) + number(1, 4) + number(99, 2) + [0, 0]
      + number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + [0, 0]
  }

  /// The JPEG with an APP1 segment after its first marker.
  static func jpeg(_ file: [UInt8], exif: [UInt8]) -> [UInt8] {
    let body = Array("Exif\0\0".utf8) + exif
    let length = body.count + 2
    return Array(file[..<2]) + [0xff, 0xe1, UInt8(length >> 8), UInt8(length & 255)] + body
      + Array(file[2...])
  }
}

struct PhotoFileTests {
  private let image = MadePhoto.gradient(width: 24, height: 16)

  private func read(_ bytes: [UInt8], pixelLimit: Int = PhotoFile.pixelLimit) throws(PictureError)
    -> PhotoFile
  {
    try PhotoFile(Bytes(bytes), pixelLimit: pixelLimit)
  }

  private func difference(_ a: PixelImage, _ b: PixelImage) -> Int {
    guard a.width == b.width, a.height == b.height else { return .max }
    return zip(a.bytes, b.bytes).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  @Test(arguments: [false, true]) func jpegInColour(progressive: Bool) throws {
    let photo = try read(MadePhoto.jpeg(image, progressive: progressive))
    #expect(photo.kind == .jpeg)
    #expect(difference(photo.image, image) <= 12)
    #expect((photo.fullWidth, photo.fullHeight, photo.reduction) == (24, 16, 1))
  }

  @Test func greyJPEG() throws {
    let grey = (0..<64).map { UInt8($0 * 3) }
    let photo = try read(MadePhoto.jpeg(grey, width: 8, height: 8, channels: 1))
    for (p, value) in grey.enumerated() {
      #expect(photo.image.bytes[3 * p] == photo.image.bytes[3 * p + 2])
      #expect(abs(Int(photo.image.bytes[3 * p]) - Int(value)) <= 6)
    }
  }

  /// libjpeg writes Adobe's marker with CMYK, whose samples are then inverted: 255 is no ink.
  @Test(arguments: [false, true]) func printColours(transform: Bool) throws {
    // Cyan, magenta, yellow, key as light left over: red is (255, 0, 0, 255).
    let pixels = (0..<256).flatMap { _ in [255, 0, 0, 255] as [UInt8] }
    let file = MadePhoto.jpeg(pixels, width: 16, height: 16, channels: 4, transform: transform)
    let photo = try read(file).image
    for (channel, value) in [255, 0, 0].enumerated() {
      #expect(abs(Int(photo.bytes[channel]) - value) <= 6)
    }
    // Half the key darkens.
    let half = (0..<256).flatMap { _ in [255, 255, 255, 128] as [UInt8] }
    let dark = try read(
      MadePhoto.jpeg(half, width: 16, height: 16, channels: 4, transform: transform)
    ).image
    #expect(dark.bytes.allSatisfy { abs(Int($0) - 128) <= 6 })
    // Without the marker the samples are ink.
    var plain = file
    let mark = try #require(
      Data(plain).range(of: Data([0xff, 0xee, 0, 14] + Array("Adobe".utf8)))?.lowerBound)
    plain.removeSubrange(mark..<mark + 16)
    if !transform {
      let ink = try read(plain).image
      for (channel, value) in [0, 0, 0].enumerated() {
        #expect(abs(Int(ink.bytes[channel]) - value) <= 6)
      }
    }
  }

  @Test(arguments: [Float(90), 101]) func webp(quality: Float) throws {
    let photo = try read(
      MadePhoto.webp(MadePhoto.rgba(image), width: 24, height: 16, quality: quality))
    #expect(photo.kind == .webp)
    #expect(difference(photo.image, image) <= (quality > 100 ? 0 : 16))
  }

  @Test func transparencyShowsTheBackground() throws {
    let file = MadePhoto.webp(
      MadePhoto.rgba(image, alpha: 0), width: 24, height: 16, quality: 101)
    #expect(try read(file).image.bytes.allSatisfy { $0 == 255 })
    let black = try PhotoFile(Bytes(file), background: (0, 0, 0))
    #expect(black.image.bytes.allSatisfy { $0 == 0 })
  }

  @Test func pngAndPPM() throws {
    #expect(try read(PNG.encode(image)).image == image)
    #expect(try read(PPM.encode(image)).image == image)
    let dot = PixelImage(width: 1, height: 1, bytes: [1, 2, 3])
    #expect(try read(PNG.encode(dot)).image == dot)
    #expect(try read(MadePhoto.jpeg(dot)).image.width == 1)
  }

  @Test func interlacedPNG() throws {
    // 9 × 6 pixels of grey, 25 x + 7 y.
    let file = """
      iVBORw0KGgoAAAANSUhEUgAAAAkAAAAGCAAAAAFDq9uPAAAATUlEQVR42gFCAL3/AADIAGQAHIDkADKWAE6y\
      AA5AcqTWABlLfa8AJ1mLvQA1Z5nLAAcgOVJrhJ22zwAVLkdgeZKrxN0AIzxVboegudLr0fsYyjHAU3EAAAAA\
      SUVORK5CYII=
      """
    let data = try #require(Data(base64Encoded: file))
    let photo = try read(Array(data)).image
    #expect((photo.width, photo.height) == (9, 6))
    for y in 0..<6 {
      for x in 0..<9 { #expect(photo.bytes[(y * 9 + x) * 3] == UInt8(25 * x + 7 * y)) }
    }
  }

  @Test func bigPicturesAreReduced() throws {
    let big = MadePhoto.gradient(width: 300, height: 200)
    for (name, file) in [
      ("png", PNG.encode(big)), ("jpeg", MadePhoto.jpeg(big)), ("ppm", PPM.encode(big)),
      ("progressive", MadePhoto.jpeg(big, progressive: true)),
      ("webp", MadePhoto.webp(MadePhoto.rgba(big), width: 300, height: 200, quality: 101)),
    ] {
      for limit in [30_000, 8_000, 2_000, 100, 1] {
        let photo = try read(file, pixelLimit: limit)
        #expect(photo.image.width * photo.image.height <= limit)
        #expect((photo.fullWidth, photo.fullHeight) == (300, 200))
        let side = (300 + photo.reduction - 1) / photo.reduction
        #expect(abs(photo.image.width - side) <= 1, "\(name) by \(photo.reduction)")
        if limit >= 100 {
          let wanted = big.scaled(width: photo.image.width, height: photo.image.height)
          #expect(difference(photo.image, wanted) <= 20, "\(name) by \(photo.reduction)")
        }
      }
    }
  }

  @Test func cropsAreInTheFilesPixels() throws {
    let photo = try read(
      PNG.encode(MadePhoto.gradient(width: 300, height: 200)), pixelLimit: 8_000)
    let crop = PhotoCrop(x: 150, y: 100, size: 90, angle: 5)
    let reduced = photo.reduced(crop)
    #expect(reduced.size == 90 / Double(photo.reduction))
    #expect(photo.full(reduced).description == crop.description)
  }

  @Test func everyTruncationIsAnError() {
    for file in [
      MadePhoto.jpeg(image), MadePhoto.jpeg(image, progressive: true), PNG.encode(image),
      MadePhoto.webp(MadePhoto.rgba(image), width: 24, height: 16, quality: 80),
      MadePhoto.webp(MadePhoto.rgba(image), width: 24, height: 16, quality: 101),
      PPM.encode(image),
    ] {
      for count in 0..<file.count {
        #expect(throws: PictureError.self, "\(count) of \(file.count) bytes") {
          try read(Array(file[..<count]))
        }
      }
    }
  }

  @Test func noFlippedByteDoesHarm() {
    for file in [
      MadePhoto.jpeg(MadePhoto.jpeg(image, progressive: true), exif: MadePhoto.exif(6, isLittle: true)),
      MadePhoto.webp(MadePhoto.rgba(image), width: 24, height: 16, quality: 80),
      MadePhoto.webp(MadePhoto.rgba(image), width: 24, height: 16, quality: 101),
    ] {
      for index in file.indices {
        for flip in [0x01, 0x80, 0xff] as [UInt8] {
          var damaged = file
          damaged[index] ^= flip
          if let photo = try? read(damaged, pixelLimit: 10_000) {
            #expect(photo.image.width * photo.image.height <= 10_000)
          }
        }
      }
    }
  }

  @Test func hostileSizesAreRefused() {
    // A JPEG header of 65500² pixels, and nothing.
    var jpeg = MadePhoto.jpeg(image)
    for index in jpeg.indices.dropLast(9) where jpeg[index] == 0xff && jpeg[index + 1] == 0xc0 {
      jpeg.replaceSubrange(index + 5..<index + 9, with: [0xff, 0xdc, 0xff, 0xdc])
      break
    }
    expect("a picture of 65500x65500 pixels is larger than the 1073741824 pixels allowed", jpeg)
    var progressive = MadePhoto.jpeg(image, progressive: true)
    for index in progressive.indices.dropLast(9)
    where progressive[index] == 0xff && progressive[index + 1] == 0xc2 {
      progressive.replaceSubrange(index + 5..<index + 9, with: [0x75, 0x30, 0x75, 0x30])
      break
    }
    let error = #expect(throws: PictureError.self) { try read(progressive) }
    #expect(
      error?.description.hasPrefix(
        "a progressive JPEG picture of 30000x30000 pixels needs 2") == true)
  }

  @Test func otherFilesAreNamed() {
    let end = "; photos are read from JPEG, PNG, WebP and PPM files: convert it first"
    expect("an empty file" + end, [])
    expect("a GIF picture" + end, Array("GIF89a".utf8))
    expect("a HEIC picture" + end, [0, 0, 0, 24] + Array("ftypheic0000".utf8))
    expect("an AVIF picture" + end, [0, 0, 0, 24] + Array("ftypavif0000".utf8))
    expect("a TIFF or raw camera picture" + end, [0x49, 0x49, 0x2a, 0, 8])
    expect("a PDF document" + end, Array("%PDF-1.4".utf8))
    expect("a web page" + end, Array("<!DOCTYPE html><html>".utf8))
    expect("a text" + end, Array("hello\n".utf8))
    expect("no picture known here (it begins with 01 02 03 0a)" + end, [1, 2, 3, 10, 11])
    expect("damaged JPEG picture: the file ends too early", Array(MadePhoto.jpeg(image).dropLast()))
    expect("damaged PNG picture: the file ends too early", Array(PNG.encode(image).dropLast()))
  }

  private func expect(_ words: String, _ file: [UInt8]) {
    let error = #expect(throws: PictureError.self) { try read(file) }
    #expect(error?.description == words)
  }
}
