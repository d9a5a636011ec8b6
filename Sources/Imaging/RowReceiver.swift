/// Where the decoders in C put the rows they make.
final class RowReceiver {
  private let pixelLimit: Int
  private let background: (UInt8, UInt8, UInt8)
  private var rows: RowReduction?
  private var whole: PixelImage?
  private(set) var fullWidth = 0
  private(set) var fullHeight = 0
  /// How many pixels of the file became one, in each direction.
  private(set) var reduction = 1
  /// Whether the picture has more pixels than any that is read.
  private(set) var isTooLarge = false

  init(pixelLimit: Int, background: (UInt8, UInt8, UInt8)) {
    precondition(pixelLimit > 0, "no room for a picture")
    self.pixelLimit = pixelLimit
    self.background = background
  }

  /// The size of a file's picture.
  /// - Parameter divisions: by what the decoder can divide the sides itself
  /// - Returns: what it is to divide them by; 0 where the picture is refused
  func begin(width: Int, height: Int, divisions: [Int]) -> Int {
    (fullWidth, fullHeight) = (width, height)
    guard width > 0, height > 0, width <= PhotoFile.largestFile / height else {
      isTooLarge = true
      return 0
    }
    func divided(_ side: Int, _ by: Int) -> Int { (side + by - 1) / by }
    reduction = 1
    while divided(width, reduction) * divided(height, reduction) > pixelLimit { reduction += 1 }
    // The rest is done here, by a whole number again.
    let byDecoder = divisions.last { $0 <= reduction } ?? 1
    let rest = divided(reduction, byDecoder)
    reduction = byDecoder * rest
    rows = RowReduction(
      width: divided(width, byDecoder), height: divided(height, byDecoder), division: rest,
      background: background)
    return byDecoder
  }

  func add(_ row: UnsafeBufferPointer<UInt8>) { unsafe rows?.add(row) }

  /// A picture that was decoded by other means.
  func take(_ picture: PixelImage) {
    (fullWidth, fullHeight) = (picture.width, picture.height)
    var division = 1
    while ((picture.width + division - 1) / division) * ((picture.height + division - 1) / division)
      > pixelLimit
    { division += 1 }
    reduction = division
    whole =
      division == 1
      ? picture
      : picture.scaled(
        width: (picture.width + division - 1) / division,
        height: (picture.height + division - 1) / division)
  }

  var picture: PixelImage? { whole ?? rows?.picture }

  /// The receiver that a C function was given.
  static func from(_ context: UnsafeMutableRawPointer?) -> RowReceiver {
    guard let context = unsafe context else { preconditionFailure("a decoder lost its receiver") }
    return unsafe Unmanaged<RowReceiver>.fromOpaque(context).takeUnretainedValue()
  }

  /// The error for a picture that `begin` refused.
  var refusal: PictureError {
    fullWidth > 0 && fullHeight > 0
      ? .tooLarge(width: fullWidth, height: fullHeight, pixelLimit: PhotoFile.largestFile)
      : .damaged(format: "empty", reason: "its header says \(fullWidth)x\(fullHeight) pixels")
  }
}
