import CWebP
import Files

/// WebP files: still ones in, by libwebp.
enum WebP {
  static func read(_ bytes: Bytes, into receiver: RowReceiver) throws(PictureError) {
    var report = unsafe mien_webp_report()
    let context = unsafe Unmanaged.passUnretained(receiver).toOpaque()
    let status = unsafe bytes.withUnsafeBytes { bytes in
      unsafe mien_webp_read(
        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count,
        UInt64(PhotoFile.memoryLimit), context,
        { context, width, height in
          unsafe UInt32(
            RowReceiver.from(context).begin(
              width: Int(width), height: Int(height), divisions: Array(1...64)))
        },
        { context, row, width in
          unsafe RowReceiver.from(context).add(
            UnsafeBufferPointer(start: row, count: Int(width) * 4))
        }, &report)
    }
    extendLifetime(receiver)
    switch status {
    case mien_webp_done: return
    case mien_webp_other_format: throw .otherFormat(expected: "WebP")
    case mien_webp_animated: throw .notPhoto(found: "an animated WebP")
    case mien_webp_declined: throw receiver.refusal
    case mien_webp_needs_memory:
      throw unsafe .needsMemory(
        format: "a lossless WebP", width: Int(report.width), height: Int(report.height),
        megabytes: Int(report.memory / 1_000_000))
    case mien_webp_out_of_memory:
      throw .damaged(format: "WebP", reason: "it needs too much memory")
    default:
      throw unsafe .damaged(
        format: "WebP", reason: report.reason.map { unsafe String(cString: $0) } ?? "unreadable")
    }
  }
}
