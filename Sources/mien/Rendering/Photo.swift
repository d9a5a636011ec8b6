import Files
import Imaging

/// A photo to project, read from a file.
struct Photo {
  let path: String
  let image: PixelImage
  /// Of the file.
  let sha256: String

  init(path: String) throws {
    self.path = path
    let file = try MappedFile(path: path)
    sha256 = SHA256.hex(of: file)
    let bytes = unsafe file.withBytes { unsafe Array($0) }
    do {
      image = try PNG.decode(bytes).image
    } catch .otherFormat {
      throw Failure.failed("\(path): photos are read from PNG files; convert it first")
    } catch {
      throw Failure.failed("\(path): \(error)")
    }
  }
}
