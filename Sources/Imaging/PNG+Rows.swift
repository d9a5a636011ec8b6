import CPNG
import Files

extension PNG {
  /// Decodes row by row into `receiver`.
  static func read(_ bytes: Bytes, into receiver: RowReceiver) throws(PictureError) {
    var picture = unsafe mien_png_picture()
    let context = unsafe Unmanaged.passUnretained(receiver).toOpaque()
    let interlacedLimit = PhotoFile.memoryLimit / 4
    let status = unsafe bytes.withUnsafeBytes { bytes in
      unsafe mien_png_read_rows(
        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count,
        UInt64(interlacedLimit), context,
        { context, width, height in
          unsafe UInt32(
            RowReceiver.from(context).begin(
              width: Int(width), height: Int(height), divisions: [1]))
        },
        { context, row, width in
          unsafe RowReceiver.from(context).add(
            UnsafeBufferPointer(start: row, count: Int(width) * 4))
        }, &picture)
    }
    extendLifetime(receiver)
    defer { unsafe mien_png_release(&picture) }
    let (width, height) = unsafe (Int(picture.width), Int(picture.height))
    switch status {
    case mien_png_done: return
    case mien_png_other_format: throw .otherFormat(expected: "PNG")
    case mien_png_declined: throw receiver.refusal
    case mien_png_too_large:
      throw .needsMemory(
        format: "an interlaced PNG", width: width, height: height,
        megabytes: width * height / 250_000)
    case mien_png_out_of_memory: throw .damaged(format: "PNG", reason: "it needs too much memory")
    default: throw .damaged(format: "PNG", reason: unsafe words(of: picture.message))
    }
  }
}
