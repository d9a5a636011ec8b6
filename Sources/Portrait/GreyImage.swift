import CFaceFinder
import Imaging

/// A picture as dlib looks at it.
struct GreyImage {
  let width: Int
  let height: Int
  private let bytes: [UInt8]

  init(_ picture: PixelImage) {
    width = picture.width
    height = picture.height
    bytes = unsafe [UInt8](unsafeUninitializedCapacity: picture.width * picture.height) {
      out, count in
      unsafe picture.bytes.withUnsafeBufferPointer { pixels in
        for index in 0..<picture.width * picture.height {
          let (red, green, blue) = unsafe (
            Int(pixels[3 * index]), Int(pixels[3 * index + 1]), Int(pixels[3 * index + 2])
          )
          unsafe out.initializeElement(
            at: index, to: UInt8((77 * red + 150 * green + 29 * blue + 128) >> 8))
        }
      }
      count = picture.width * picture.height
    }
  }

  /// Upright faces of 80 pixels and more; none where there is no memory to look.
  func faces(least: Double) -> [mien_face_box] {
    let capacity = 256
    return unsafe [mien_face_box](unsafeUninitializedCapacity: capacity) { boxes, count in
      let found = unsafe mien_faces_find(
        bytes, Int32(width), Int32(height), least, boxes.baseAddress, Int32(capacity))
      count = max(0, Int(found))
    }
  }

  /// x and y of every point of a face.
  func points(in box: mien_face_box) -> [Double]? {
    var points = [Double](repeating: 0, count: 2 * Int(mien_face_point_count))
    let status = unsafe mien_face_mark(bytes, Int32(width), Int32(height), box, &points)
    return status == 0 ? points : nil
  }
}
