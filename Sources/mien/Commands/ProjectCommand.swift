import ArgumentParser
import Files
import Glibc
import Imaging
import Latents
import NN
import StyleGAN
import Tensors

struct ProjectCommand: ParsableCommand {
  enum Features: String, ExpressibleByArgument, CaseIterable {
    case builtin, lpips
  }

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case fast, reference
  }

  static let configuration = CommandConfiguration(
    commandName: "project",
    abstract: "Find a photo in the latent space.",
    discussion: """
      Optimises w until the model's picture is as near to the photo as it comes (StyleGAN2 paper, \
      appendix D), and writes the nearest as a preset, before the last step where the distance has \
      levelled off. Ctrl-C keeps the best so far and where it \
      stood, beside the preset, and --resume goes on from there. The built-in distance compares \
      the scales of a picture and its edges; lpips is VGG16 with the LPIPS heads, imported once \
      with mien model import.
      """)

  @Argument(help: ArgumentHelp("JPEG, PNG, WebP or PPM files.", valueName: "photo"))
  var photos: [String]
  @OptionGroup var model: ModelOption
  @Option(
    help: ArgumentHelp(
      "w: one latent for all rows. w+: one for each, nearer to the photo.", valueName: "w|w+"))
  var space = ProjectionSettings.Space.w
  @Option(
    help: ArgumentHelp(
      "fast: begins at what the model's encoder sees, or the nearest of sampled faces, and moves, "
        + "turns and scales the crop along with w. reference: begins at the mean, the crop as "
        + "given.", valueName: "fast|reference"))
  var method = Method.fast
  @Option(help: "How many steps at most: 100, or 500 of the reference's, unless given.")
  var steps: Int?
  @Flag(help: "Leaves the crop as it is.")
  var keepCrop = false
  @Option(
    help: ArgumentHelp(
      "The square to find: auto, where the face is, or centre, side and turn in pixels and degrees.",
      valueName: "auto|x,y,size,angle"))
  var crop = "auto"
  @Option(help: "Which of several faces; 1 is the largest.")
  var face: Int?
  @Option(help: ArgumentHelp("What pictures are compared by.", valueName: "builtin|lpips"))
  var features = Features.builtin
  @Option(
    help: ArgumentHelp(
      "stored: the model's, which presets are shown with. optimised: found along with w, as the "
        + "reference does; a preset cannot keep them.", valueName: "stored|optimised"))
  var noiseMaps = ProjectionSettings.NoiseMaps.stored
  @Option(help: "Of the random numbers.")
  var seed: UInt32 = 303
  @Flag(help: "Go on where an earlier run with the same options stopped.")
  var resume = false
  @Option(help: ArgumentHelp("A picture of the result, beside the preset.", valueName: "png"))
  var picture: String?
  @Option(
    help: ArgumentHelp(
      "Crop, start and result of every photo side by side.", valueName: "png"))
  var sheet: String?
  @OptionGroup var json: JSONOption
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A .json preset, or a .npz of ws; of several photos a folder of presets.", valueName: "path"))
  var output: String

  func validate() throws {
    if let face, face < 1 { throw ValidationError("--face is at least 1, not \(face)") }
    if let steps, steps < 1 {
      throw ValidationError("--steps is at least 1, not \(steps)")
    }
    if photos.isEmpty { throw ValidationError("name a photo") }
    let isFile = output.hasSuffix(".json") || output.hasSuffix(".npz")
    guard isFile == (photos.count == 1) else {
      throw ValidationError(
        isFile
          ? "-o \(output): several photos are written to a folder"
          : "-o \(output): a projection is written to .json or .npz")
    }
    if photos.count > 1, picture != nil {
      throw ValidationError("--picture is of one photo; --sheet shows several")
    }
    for (option, path) in [("--picture", picture), ("--sheet", sheet)] {
      if let path, !path.hasSuffix(".png") {
        throw ValidationError("\(option) \(path): a picture is written to .png")
      }
    }
  }

  private var settings: ProjectionSettings {
    var settings = method == .fast ? ProjectionSettings.fast(steps: 100) : ProjectionSettings()
    if method == .reference { settings.steps = 500 }
    if let steps { settings.steps = steps }
    if keepCrop { settings.crop = .fixed }
    settings.space = space
    settings.noiseMaps = noiseMaps
    settings.seed = seed
    return settings
  }

  func run() throws {
    PatientThreads.useFromNow()
    let choice = try CropOption(parsing: crop)
    let features = try distance()
    let first = try Photo(path: photos[0])
    let loaded = try model.load()
    // Refuses at once what could not be written after minutes.
    let outputs = try self.outputs()
    for path in outputs + [picture, sheet].compactMap({ $0 }) {
      _ = try AtomicFile(replacing: path)
    }
    // Until here there is nothing to keep, and ctrl-C just ends it.
    let interruption = Interruption()
    var lines = ProjectionSheet()
    var reports: [JSONDocument] = []
    var failures: [String] = []
    for (index, output) in outputs.enumerated() {
      let run: ProjectionRun
      do {
        let photo = index == 0 ? first : try Photo(path: photos[index])
        run = ProjectionRun(
          loaded: loaded, photo: photo,
          crop: try photo.crop(choice, face: face, for: loaded.generator), features: features,
          settings: settings, usesMean: method == .reference, resumes: resume, output: output,
          picture: picture, interruption: interruption)
      } catch {
        // Of many photos one that cannot be read or has no face is no reason to leave the others.
        guard photos.count > 1 else { throw error }
        failures.append("\(error)")
        StandardError.write("mien: \(error)\n")
        continue
      }
      let result = try run()
      if sheet != nil { lines.add(result, of: run) }
      guard result.isFinished else {
        if let sheet { try lines.write(to: sheet) }
        throw Failure.cancelled(
          "stopped after \(result.record.steps.taken) of \(settings.steps) steps; the best so far "
            + "is in \(output), --resume goes on")
      }
      reports.append(report(result, output))
    }
    if let sheet { try lines.write(to: sheet) }
    if json.json, !reports.isEmpty {
      StandardOutput.write(
        (photos.count == 1 ? reports[0] : JSONDocument.array(reports)).pretty)
    }
    if !failures.isEmpty {
      throw Failure.failed("\(failures.count) of \(photos.count) photos were not projected")
    }
  }

  /// Where each photo's result goes.
  private func outputs() throws -> [String] {
    guard photos.count > 1 else { return [output] }
    let folder = Destination(output)
    try folder.prepare()
    var names: [String: Int] = [:]
    return photos.map { path in
      let name = String((path.split(separator: "/").last ?? "photo").prefix { $0 != "." })
      names[name, default: 0] += 1
      let count = names[name] ?? 1
      return folder.file(count == 1 ? name + ".json" : "\(name)-\(count).json")
    }
  }

  private func distance() throws -> any PerceptualFeatures {
    features == .lpips ? try FeatureNetworkFile.ofUser() : PyramidFeatures()
  }

  private func report(_ result: ProjectionRun.Result, _ output: String) -> JSONDocument {
    if !json.json {
      StandardOutput.write(
        "\(output): distance \(ProjectionLine.short(result.record.distance)) by "
          + "\(result.record.features) after \(result.record.steps.taken) steps, "
          + "\(ProjectionLine.short(result.seconds)) s\n")
    }
    return .object(
      JSONMembers([
        "path": .string(output), "projection": result.record.json,
        "seconds": .number(result.seconds), "steps": .number(result.taken),
      ]))
  }
}

extension ProjectionSettings.Space: ExpressibleByArgument {}
extension ProjectionSettings.NoiseMaps: ExpressibleByArgument {}

extension FeatureNetworkFile {
  /// Where `mien model import` keeps it.
  static var pathOfUser: String { StandardFolders.ofUser.dataHome + "/features/" + fileName }

  static func ofUser() throws -> LPIPSFeatures {
    let path = pathOfUser
    guard unsafe access(path, R_OK) == 0 else {
      throw Failure.failed(
        "no LPIPS features are installed; import torchvision's vgg16 weights with the LPIPS heads: "
          + "mien model import vgg16.pth --lpips-heads vgg.pth")
    }
    return try load(path: path)
  }
}
