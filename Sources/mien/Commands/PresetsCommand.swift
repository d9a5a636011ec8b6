import ArgumentParser
import Latents

struct PresetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "presets",
    abstract: "Presets: recipes of faces.",
    discussion: """
      A preset is named by its file, by its name in your library, by a built-in name, or by a PNG \
      that this program made.
      """,
    subcommands: [
      List.self, Show.self, Diff.self, PresetExportCommand.self, PresetImportCommand.self,
    ])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Name the presets of your library and those built in.")
    @OptionGroup var json: JSONOption

    func run() throws {
      let own = PresetLibrary.ofUser.list()
      let bundled = BundledPresets.all
      if json.json {
        let list =
          own.map { entry in
            var object = JSONMembers(["name": .string(entry.name), "path": .string(entry.path)])
            switch entry.preset {
            case .success(let preset): object["model"] = .string(preset.model.name)
            case .failure(let error): object["error"] = .string(error.description)
            }
            return JSONDocument.object(object)
          }
          + bundled.map { preset in
            JSONDocument.object(
              JSONMembers([
                "name": .string(preset.name), "path": .null,
                "model": .string(preset.model.name),
              ]))
          }
        StandardOutput.write(JSONDocument.array(list).pretty)
        return
      }
      var table = TextTable()
      for entry in own {
        switch entry.preset {
        case .success(let preset): table.append([entry.name, preset.model.name, preset.summary])
        case .failure(let error): table.append([entry.name, "", "unreadable: \(error)"])
        }
      }
      for preset in bundled {
        table.append([preset.name, preset.model.name, preset.summary + " (built in)"])
      }
      StandardOutput.write(table.text)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print a preset.")
    @Argument(help: "The preset.")
    var preset: String
    @OptionGroup var json: JSONOption

    func run() throws {
      let preset = try PresetArgument(preset, library: .ofUser).load()
      if json.json {
        StandardOutput.write(preset.json)
        return
      }
      var table = TextTable()
      for (field, value) in PresetFields(preset).fields { table.append([field, value]) }
      StandardOutput.write(table.text)
    }
  }

  struct Diff: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say in which fields two presets differ; nothing where they do not.")
    @Argument(help: "One preset.")
    var first: String
    @Argument(help: "Another.")
    var second: String
    @OptionGroup var json: JSONOption

    func run() throws {
      let before = PresetFields(try PresetArgument(first, library: .ofUser).load())
      let after = PresetFields(try PresetArgument(second, library: .ofUser).load())
      let differences = before.differences(to: after)
      if json.json {
        let list = differences.map { difference in
          JSONDocument.object(
            JSONMembers([
              "field": .string(difference.field),
              "first": difference.before.map(JSONDocument.string) ?? .null,
              "second": difference.after.map(JSONDocument.string) ?? .null,
            ]))
        }
        StandardOutput.write(JSONDocument.array(list).pretty)
        return
      }
      var table = TextTable()
      for difference in differences {
        table.append([
          difference.field, difference.before ?? "(none)", "→", difference.after ?? "(none)",
        ])
      }
      StandardOutput.write(table.text)
    }
  }
}
