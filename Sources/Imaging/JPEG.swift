import CJPEG
import Files

/// JPEG files: any in, by libjpeg-turbo.
enum JPEG {
  /// Decodes into `receiver`, reduced by libjpeg where that suffices.
  static func read(_ bytes: Bytes, into receiver: RowReceiver) throws(PictureError) {
    var report = mien_jpeg_report()
    let context = unsafe Unmanaged.passUnretained(receiver).toOpaque()
    let status = unsafe bytes.withUnsafeBytes { bytes in
      unsafe mien_jpeg_read(
        bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count,
        UInt64(PhotoFile.memoryLimit), context,
        { context, width, height in
          unsafe UInt32(
            RowReceiver.from(context).begin(
              width: Int(width), height: Int(height), divisions: [1, 2, 4, 8]))
        },
        { context, row, width in
          unsafe RowReceiver.from(context).add(
            UnsafeBufferPointer(start: row, count: Int(width) * 4))
        }, &report)
    }
    extendLifetime(receiver)
    switch status {
    case mien_jpeg_done: return
    case mien_jpeg_other_format: throw .otherFormat(expected: "JPEG")
    case mien_jpeg_declined: throw receiver.refusal
    case mien_jpeg_needs_memory:
      throw unsafe .needsMemory(
        format: "a progressive JPEG", width: Int(report.width), height: Int(report.height),
        megabytes: Int(report.memory / 1_000_000))
    case mien_jpeg_out_of_memory:
      throw .damaged(format: "JPEG", reason: "it needs too much memory")
    default:
      let reason = unsafe withUnsafeBytes(of: report.message) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      throw .damaged(format: "JPEG", reason: inOurWords(reason))
    }
  }

  /// libjpeg speaks of itself in some of its messages.
  private static func inOurWords(_ reason: String) -> String {
    if reason == "Premature end of input file" { return "the file ends too early" }
    if reason.hasPrefix("Corrupt JPEG data: ") {
      return String(reason.dropFirst("Corrupt JPEG data: ".count))
    }
    return reason
  }
}
