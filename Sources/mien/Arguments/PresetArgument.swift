import Files
import Imaging
import Latents

/// A preset as people name it: a file (also a PNG made by this program, which carries its recipe),
/// a name in the user's library, or one of those built in.
struct PresetArgument {
  /// As given; names it in errors.
  let text: String
  private let library: PresetLibrary

  init(_ text: String, library: PresetLibrary) {
    self.text = text
    self.library = library
  }

  /// A word without folder and ending is a name.
  var isPath: Bool { text.contains("/") || isPicture || text.hasSuffix(".json") }
  private var isPicture: Bool { text.hasSuffix(".png") }

  /// Name for files made of it: without folder and ending.
  var stem: String {
    let name = text.split(separator: "/").last ?? "preset"
    return String(isPath ? name.prefix { $0 != "." } : name)
  }

  func load() throws -> Preset {
    if isPicture { return try presetOfPicture() }
    if isPath { return try Preset.load(path: text) }
    guard let preset = try find() else {
      throw Failure.failed(
        "there is no preset '\(text)'; 'mien presets list' names them, or give the path of a file")
    }
    return preset
  }

  /// The preset of that name; the user's own hide those built in.
  func find() throws(PresetError) -> Preset? {
    do throws(PresetError) {
      return try library.load(text)
    } catch {
      guard case .noSuchPreset = error.reason else { throw error }
      return BundledPresets[text]
    }
  }

  private func presetOfPicture() throws -> Preset {
    let bytes = try MappedFile(path: text).bytes.array
    let contents: PNG.Contents
    do throws(PictureError) {
      contents = try PNG.decode(bytes)
    } catch {
      throw Failure.failed("\(text): \(error)")
    }
    guard let recipe = contents.text(for: PictureFile.recipeKeyword) else {
      throw Failure.failed("\(text): the picture carries no recipe")
    }
    guard recipe.first != "[" else {
      throw Failure.failed(
        "\(text): a sheet carries the recipes of all its pictures; give one picture")
    }
    return try Preset(json: Array(recipe.utf8), file: text)
  }
}
