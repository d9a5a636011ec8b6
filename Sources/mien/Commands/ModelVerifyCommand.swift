import ArgumentParser
import Latents
import StyleGAN

struct ModelVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read imported models whole and compare them with what was imported.",
    discussion: "Every tensor must be there and finite, and have the hash recorded at the import.")
  @Argument(
    help: ArgumentHelp("Imported models or files. (default: all imported)", valueName: "model"))
  var names: [String] = []
  @OptionGroup var json: JSONOption

  func run() throws {
    let interruption = Interruption()
    let models = InstalledModels.ofUser
    let paths =
      names.isEmpty
      ? models.entries.map { ($0.name, $0.path) }
      : try names.map { name throws(Failure) in
        guard let path = try ModelPlace(named: name).path else {
          throw .failed("'\(name)' is part of the program; only files are verified")
        }
        return (name, path)
      }
    var table = TextTable()
    var list: [JSONDocument] = []
    var damaged = 0
    for (name, path) in paths {
      var object = JSONMembers(["name": .string(name), "path": .string(path)])
      let result: ModelVerification?
      do throws(ModelError) {
        result = try ModelVerification(path: path, isCancelled: { interruption.isRequested })
      } catch {
        damaged += 1
        object["ok"] = .bool(false)
        object["problem"] = .string(error.reason)
        table.append([name, "damaged", error.reason])
        list.append(.object(object))
        continue
      }
      guard let result else { throw Failure.cancelled("cancelled") }
      object["ok"] = .bool(true)
      object["hash"] = .string(result.hasRecordedHash ? "unchanged" : "none recorded")
      table.append([
        name, "ok",
        "\(result.tensorCount) tensors, all finite, "
          + (result.hasRecordedHash ? "unchanged since the import" : "no hash recorded"),
      ])
      list.append(.object(object))
    }
    StandardOutput.write(json.json ? JSONDocument.array(list).pretty : table.text)
    if damaged > 0 {
      throw Failure.failed(
        damaged == 1
          ? "one model is damaged; import it again"
          : "\(damaged) models are damaged; import them again"
      )
    }
  }
}
