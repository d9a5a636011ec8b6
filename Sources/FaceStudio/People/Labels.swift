/// What is known exactly about a rendered picture. Names, order and units stay as they are.
package struct Labels: Hashable, Sendable {
  package static let names = [
    "yaw", "pitch", "roll", "smile", "mouth_open", "eyes_open", "gaze_x", "gaze_y", "age",
    "feminine", "face_width", "skin_tone", "redness", "hair_length", "hair_lightness", "curliness",
    "grey_hair", "balding", "beard", "glasses", "brow_height", "eye_lightness", "makeup",
    "light_x", "light_y", "light_contrast", "light_warmth", "bg_lightness", "bg_warmth",
    "exposure", "cloth_lightness", "tied_hair", "bangs",
  ]
  /// Those that are 0 or 1.
  package static let binary = ["glasses", "tied_hair", "bangs"]

  /// In the order of `names`.
  package private(set) var values = [Float](repeating: 0, count: names.count)

  package subscript(name: String) -> Double {
    get { Double(values[Self.index(name)]) }
    set { values[Self.index(name)] = Float(newValue) }
  }

  private static func index(_ name: String) -> Int {
    guard let index = names.firstIndex(of: name) else {
      preconditionFailure("no label is called \(name)")
    }
    return index
  }
}
