import ArgumentParser
import BundledModel
import Files
import Latents
import StyleGAN

struct ModelInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Say what a checkpoint is, or what another file is instead.",
    discussion: """
      Works on any file and runs nothing in it. Where the file cannot be used the reason stands on \
      stderr and the exit status is 1; what could be found out is printed all the same.
      """)

  @Argument(
    help: ArgumentHelp(
      "'studio', the name of an imported model, or any file.", valueName: "model"))
  var name = LoadedModel.bundledName
  @OptionGroup var json: JSONOption

  func run() throws {
    let place = try ModelPlace(named: name)
    let examination: ModelExamination
    if let path = place.path {
      examination = try ModelExamination(path: path)
    } else {
      examination = unsafe ModelExamination(
        Bytes(unsafeStatic: BundledModel.bytes), source: BundledModel.name)
    }
    let description = ModelDescription(examination, place: place)
    StandardOutput.write(json.json ? description.json.pretty : description.text)
    if let problem = examination.problem { throw problem }
  }
}
