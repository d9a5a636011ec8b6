package import Files

/// A photo as people have them: JPEG, PNG, WebP or PPM of any size, upright, in 8-bit RGB.
///
/// Pictures of more pixels than asked for are reduced by a whole number while they are decoded, so
/// that memory stays bounded. Colour profiles are not applied.
package struct PhotoFile: Sendable {
  /// What was read and how.
  package let kind: PictureKind
  /// Upright; at most `pixelLimit` pixels.
  package let image: PixelImage
  /// Pixels of the file, as it is to be seen.
  package let fullWidth: Int
  package let fullHeight: Int
  /// How many of the file's pixels a pixel of `image` is wide.
  package let reduction: Int
  package let orientation: PictureOrientation

  /// 4096².
  package static let pixelLimit = 1 << 24
  /// Larger pictures are refused: 32768².
  package static let largestFile = 1 << 30
  /// What a picture may take that must be decoded as a whole: JPEGs of several scans, lossless
  /// WebPs, interlaced PNGs.
  package static let memoryLimit = 400_000_000

  /// - Parameters:
  ///   - bytes: the whole file
  ///   - background: what shows through transparent places
  package init(
    _ bytes: Bytes, pixelLimit: Int = pixelLimit,
    background: (UInt8, UInt8, UInt8) = (255, 255, 255)
  ) throws(PictureError) {
    kind = PictureKind(bytes)
    let receiver = RowReceiver(pixelLimit: pixelLimit, background: background)
    switch kind {
    case .jpeg: try JPEG.read(bytes, into: receiver)
    case .png: try PNG.read(bytes, into: receiver)
    case .webp: try WebP.read(bytes, into: receiver)
    case .ppm: receiver.take(try PPM.decode(bytes.array))
    case .other(let found): throw .notPhoto(found: found)
    }
    guard let stored = receiver.picture else {
      throw .damaged(format: kind.name, reason: "it has no pixels")
    }
    orientation = EXIFRecord.find(in: bytes, of: kind).map(PictureOrientation.init(exif:)) ?? .up
    image = stored.upright(from: orientation)
    let size = (receiver.fullWidth, receiver.fullHeight)
    (fullWidth, fullHeight) = orientation.swapsSides ? (size.1, size.0) : size
    reduction = receiver.reduction
  }

  /// The same square in the pixels of `image`, for one in the pixels of the file.
  package func reduced(_ crop: PhotoCrop) -> PhotoCrop {
    let scale = 1 / Double(reduction)
    return PhotoCrop(
      x: crop.x * scale, y: crop.y * scale, size: crop.size * scale, angle: crop.angle)
  }

  /// The same square in the pixels of the file, for one in those of `image`.
  package func full(_ crop: PhotoCrop) -> PhotoCrop {
    let scale = Double(reduction)
    return PhotoCrop(
      x: crop.x * scale, y: crop.y * scale, size: crop.size * scale, angle: crop.angle)
  }
}

extension PictureKind {
  package var name: String {
    switch self {
    case .jpeg: "JPEG"
    case .png: "PNG"
    case .webp: "WebP"
    case .ppm: "PPM"
    case .other(let words): words
    }
  }
}
