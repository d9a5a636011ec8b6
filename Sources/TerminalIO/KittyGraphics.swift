package import Imaging
package import TUI

/// Pictures by the kitty graphics protocol: pixels are sent once under a number, then placed, and
/// the terminal stretches them to cells.
package enum KittyGraphics {
  /// The protocol allows at most so many characters of data in one sequence.
  static let chunk = 4096

  /// Sends the pixels as picture `id`, uncompressed (`f=24`), without showing them.
  package static func transmit(_ image: PixelImage, id: Int) -> [UInt8] {
    let data = Base64.encode(image.bytes)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(data.count + data.count / chunk * 16 + 64)
    var start = 0
    repeat {
      let end = min(data.count, start + chunk)
      let more = end < data.count ? 1 : 0
      let control =
        start == 0
        ? "a=t,f=24,s=\(image.width),v=\(image.height),i=\(id),q=2,m=\(more)" : "m=\(more),q=2"
      bytes += Array("\u{1b}_G\(control);".utf8)
      bytes += data[start..<end]
      bytes += [0x1b, 0x5c]
      start = end
    } while start < data.count
    return bytes
  }

  /// Shows a part of picture `id`, in its pixels, over so many cells at the cursor, which stays.
  package static func place(
    id: Int, placement: Int, part: SixelEncoder.Part, over size: Size
  ) -> [UInt8] {
    Array(
      ("\u{1b}_Ga=p,i=\(id),p=\(placement),x=\(part.x),y=\(part.y),w=\(part.width),"
        + "h=\(part.height),c=\(size.columns),r=\(size.rows),C=1,q=2\u{1b}\\").utf8)
  }

  /// Removes picture `id` and frees its pixels.
  package static func delete(id: Int) -> [UInt8] {
    Array("\u{1b}_Ga=d,d=I,i=\(id),q=2\u{1b}\\".utf8)
  }

  /// Removes every picture there is.
  package static let deleteAll: [UInt8] = Array("\u{1b}_Ga=d,d=A,q=2\u{1b}\\".utf8)
}
