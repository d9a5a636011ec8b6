import ArgumentParser
import BundledModel
import Files
import Latents
import StyleGAN

struct ModelListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Name the built-in model and those imported.")
  @OptionGroup var json: JSONOption

  func run() throws {
    let entries = InstalledModels.ofUser.entries
    let bundled = try unsafe ModelFile.read(
      Bytes(unsafeStatic: BundledModel.bytes), source: BundledModel.name)
    if json.json {
      let size = unsafe BundledModel.bytes.count
      let list =
        [row(BundledModel.name, bytes: size, path: nil, .success(bundled))]
        + entries.map { entry in
          row(entry.name, bytes: entry.byteCount, path: entry.path, Self.read(entry))
        }
      StandardOutput.write(JSONDocument.array(list).pretty)
      return
    }
    var table = TextTable()
    table.append([BundledModel.name, Self.summary(of: bundled), "", "built in"])
    for entry in entries {
      switch Self.read(entry) {
      case .success(let contents):
        table.append([
          entry.name, Self.summary(of: contents), megabytes(entry.byteCount),
          contents.origin.map { "from \($0.file)" } ?? "",
        ])
      case .failure(let error):
        table.append([entry.name, "", megabytes(entry.byteCount), "unreadable: \(error.reason)"])
      }
    }
    StandardOutput.write(table.text)
  }

  private static func read(_ entry: InstalledModels.Entry) -> Result<ModelFile.Contents, ModelError>
  {
    do throws(ModelError) {
      return .success(try ModelFile.read(path: entry.path))
    } catch { return .failure(error) }
  }

  private static func summary(of contents: ModelFile.Contents) -> String {
    let configuration = contents.configuration
    return
      "\(configuration.family.rawValue) \(configuration.resolution)x\(configuration.resolution)"
  }

  private func row(
    _ name: String, bytes: Int, path: String?, _ result: Result<ModelFile.Contents, ModelError>
  ) -> JSONDocument {
    var object = JSONMembers(["name": .string(name), "bytes": .number(bytes)])
    object["path"] = path.map(JSONDocument.string) ?? .null
    switch result {
    case .success(let contents):
      object["family"] = .string(contents.configuration.family.rawValue)
      object["resolution"] = .number(contents.configuration.resolution)
      object["licence"] = contents.licence.map(JSONDocument.string) ?? .null
      if let origin = contents.origin {
        object["source"] = .string(origin.file)
        object["source_sha256"] = origin.sha256.map(JSONDocument.string) ?? .null
      }
    case .failure(let error): object["error"] = .string(error.reason)
    }
    return .object(object)
  }
}
