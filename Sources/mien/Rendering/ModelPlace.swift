import BundledModel
import Files
import FoundationEssentials
import StyleGAN

/// Where the model lies that a command names: the bundled one's name, an installed one's, or the
/// path of a checkpoint, in this order.
enum ModelPlace: Hashable {
  case bundled
  case installed(name: String, path: String)
  case file(path: String)

  /// - Throws: `Failure` where the text is neither a known name nor could be a path.
  init(named text: String, installed: InstalledModels = .ofUser) throws(Failure) {
    if text == BundledModel.name {
      self = .bundled
    } else if let path = installed.path(of: text) {
      self = .installed(name: text, path: path)
    } else if text.contains("/") || text.contains(".")
      || FileManager.default.fileExists(atPath: text)
    {
      self = .file(path: text)
    } else {
      let names = installed.entries.map { "'\($0.name)'" }
      let known = names.isEmpty ? "" : ", \(names.joined(separator: ", ")) installed"
      throw .failed(
        "there is no model '\(text)'; '\(BundledModel.name)' is built in\(known), others are given as the path of a checkpoint"
      )
    }
  }

  /// nil for the bundled model.
  var path: String? {
    switch self {
    case .bundled: nil
    case .installed(_, let path), .file(let path): path
    }
  }
}

extension InstalledModels {
  /// Those of the person at the keyboard.
  static var ofUser: InstalledModels { InstalledModels(folder: StandardFolders.ofUser.models) }
}
