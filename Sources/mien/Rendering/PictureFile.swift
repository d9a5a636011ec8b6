import Imaging
import Latents
import StyleGAN

/// A finished picture with its recipe.
struct PictureFile {
  /// Keyword of the PNG text chunk that holds the preset, or the list of presets of a sheet.
  static let recipeKeyword = "mien"

  private let image: PixelImage
  private let recipe: String
  private let isGray: Bool

  init(_ image: PixelImage, preset: Preset, model: GeneratorConfiguration) {
    self.init(image, recipe: preset.json, model: model)
  }

  /// A sheet: its recipe is a JSON list of presets in the order of its places.
  init(_ sheet: PixelImage, presets: [Preset], model: GeneratorConfiguration) {
    let list = presets.map { $0.json.trimmed }.joined(separator: ",\n")
    self.init(sheet, recipe: "[\n\(list)\n]\n", model: model)
  }

  private init(_ image: PixelImage, recipe: String, model: GeneratorConfiguration) {
    self.image = image
    self.recipe = recipe
    isGray = model.imageChannels == 1
  }

  var png: [UInt8] {
    PNG.encode(
      image, text: [(PictureFile.recipeKeyword, recipe)], samples: isGray ? .gray : .rgb)
  }

  var ppm: [UInt8] { PPM.encode(image) }
}

extension String {
  /// Without the newline a text file ends in.
  fileprivate var trimmed: Substring { self[...].last == "\n" ? dropLast() : self[...] }
}
