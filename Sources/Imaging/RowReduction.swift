/// Makes a smaller picture of rows as they are decoded, so that the whole is never in memory: each
/// pixel is the mean of a block of `division` × `division`, laid over a background by its alpha.
///
/// The last blocks of a row or column are smaller where the size is no multiple.
struct RowReduction {
  let division: Int
  private let width: Int
  private let height: Int
  private let background: (UInt8, UInt8, UInt8)
  private var bytes: [UInt8] = []
  /// Red, green and blue times alpha, and alpha, of every block of the row of blocks in work.
  private var sums: [UInt64]
  private var rowsInBlock = 0

  /// - Parameters:
  ///   - width: pixels of the rows to come
  ///   - height: how many rows come
  init(width: Int, height: Int, division: Int, background: (UInt8, UInt8, UInt8)) {
    precondition(width > 0 && height > 0 && division > 0, "a picture of \(width)x\(height)")
    self.width = width
    self.height = height
    self.division = division
    self.background = background
    sums = [UInt64](repeating: 0, count: (width + division - 1) / division * 4)
    bytes.reserveCapacity(sums.count / 4 * 3 * ((height + division - 1) / division))
  }

  private var rows: Int { bytes.count / max(1, sums.count / 4 * 3) * division + rowsInBlock }

  /// - Parameter row: `width` pixels R G B A
  mutating func add(_ row: UnsafeBufferPointer<UInt8>) {
    precondition(row.count == width * 4, "a row of \(row.count) bytes for \(width) pixels")
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      var block = 0
      var left = division
      for x in 0..<width {
        let alpha = unsafe UInt64(row[4 * x + 3])
        unsafe sums[block] &+= UInt64(row[4 * x]) &* alpha
        unsafe sums[block + 1] &+= UInt64(row[4 * x + 1]) &* alpha
        unsafe sums[block + 2] &+= UInt64(row[4 * x + 2]) &* alpha
        unsafe sums[block + 3] &+= alpha
        left &-= 1
        if left == 0 {
          left = division
          block &+= 4
        }
      }
    }
    rowsInBlock += 1
    if rowsInBlock == division || rows == height { finishBlock() }
  }

  private mutating func finishBlock() {
    let blocks = sums.count / 4
    for block in 0..<blocks {
      let columns = min(division, width - block * division)
      let full = UInt64(columns * rowsInBlock * 255)
      let bare = full - sums[4 * block + 3]
      func mixed(_ channel: Int, _ background: UInt8) -> UInt8 {
        UInt8((sums[4 * block + channel] + UInt64(background) * bare + full / 2) / full)
      }
      bytes.append(mixed(0, background.0))
      bytes.append(mixed(1, background.1))
      bytes.append(mixed(2, background.2))
    }
    for index in sums.indices { sums[index] = 0 }
    rowsInBlock = 0
  }

  /// The picture, once every row was added.
  var picture: PixelImage {
    let width = sums.count / 4
    return PixelImage(width: width, height: bytes.count / 3 / width, bytes: bytes)
  }
}
