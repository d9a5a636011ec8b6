import Files
import FoundationEssentials
package import Latents

/// What is written beside the parts of a film, so that they can be joined without the model.
package struct FilmRecord: Hashable, Sendable {
  package let format: FilmFormat
  package let side: Int
  package let frameRate: FrameRate
  package let frames: Int
  package let title: String
  /// The timeline's text.
  package let recipe: String
  /// File names, in order, and how many frames each has.
  package let parts: [(name: String, frames: Int)]
  let paletteColors: [UInt8]

  static let fileName = "film.json"

  package init(_ plan: FilmPlan) {
    format = plan.format
    side = plan.side
    frameRate = plan.timeline.frameRate
    frames = plan.frames
    title = plan.timeline.name
    recipe = plan.timeline.json
    parts = plan.parts.map { (plan.partName($0), $0.count) }
    paletteColors = plan.palette?.colors ?? []
  }

  package static func == (a: FilmRecord, b: FilmRecord) -> Bool { a.json == b.json }
  package func hash(into hasher: inout Hasher) { hasher.combine(json) }

  private static let words: [FilmFormat: String] = [
    .mp4: "mp4", .webm(.vp9): "webm vp9", .webm(.av1): "webm av1", .gif: "gif", .apng: "apng",
    .y4m: "y4m",
  ]

  var json: String {
    JSONDocument.object(
      JSONMembers([
        "mien-film": .number(1),
        "format": .string(FilmRecord.words[format] ?? ""),
        "side": .number(side),
        "fps": .string(frameRate.description),
        "frames": .number(frames),
        "title": .string(title),
        "palette": .string(Data(paletteColors).base64EncodedString()),
        "parts": .array(
          parts.map { .array([.string($0.name), .number($0.frames)]) }),
        "recipe": .string(recipe),
      ])
    ).pretty
  }

  func save(in folder: String) throws(FilmError) {
    do {
      try AtomicFile.write(Array(json.utf8), to: folder + "/" + FilmRecord.fileName)
    } catch {
      throw .file(error)
    }
  }

  /// - Throws: for a folder that holds no film's parts.
  package init(in folder: String) throws(FilmError) {
    let path = folder + "/" + FilmRecord.fileName
    let bytes: [UInt8]
    do {
      let file = try MappedFile(path: path)
      bytes = unsafe file.withBytes { unsafe Array($0) }
    } catch {
      throw .file(error)
    }
    func damaged(_ field: String) -> FilmError {
      .damaged(path: path, problem: "not the record of a film: \(field) is missing or wrong")
    }
    guard case .object(let root)? = try? JSONParser.parse(bytes) else { throw damaged("everything") }
    func text(_ key: String) throws(FilmError) -> String {
      guard case .string(let text)? = root[key] else { throw damaged(key) }
      return text
    }
    func number(_ value: JSONDocument?, _ key: String) throws(FilmError) -> Int {
      guard case .number(let literal)? = value, let number = Int(literal), number > 0 else {
        throw damaged(key)
      }
      return number
    }
    let format = try text("format")
    guard let known = FilmRecord.words.first(where: { $0.value == format })?.key else {
      throw damaged("format")
    }
    self.format = known
    side = try number(root["side"], "side")
    guard FilmFormat.sides.contains(side) else { throw damaged("side") }
    guard let rate = FrameRate(parsing: try text("fps")) else { throw damaged("fps") }
    frameRate = rate
    frames = try number(root["frames"], "frames")
    title = try text("title")
    recipe = try text("recipe")
    guard let colors = Data(base64Encoded: try text("palette")), colors.count % 3 == 0,
      colors.count <= 3 * GIFPalette.limit, (known == .gif) == !colors.isEmpty
    else { throw damaged("palette") }
    paletteColors = Array(colors)
    guard case .array(let list)? = root["parts"], !list.isEmpty else { throw damaged("parts") }
    var parts: [(name: String, frames: Int)] = []
    for entry in list {
      // A name is a name, not a way out of the folder.
      guard case .array(let pair) = entry, pair.count == 2, case .string(let name) = pair[0],
        !name.isEmpty, name.utf8.allSatisfy(FilmRecord.isNameByte), name.hasSuffix(".part")
      else { throw damaged("parts") }
      parts.append((name, try number(pair[1], "parts")))
    }
    self.parts = parts
    guard parts.reduce(0, { $0 + $1.frames }) == frames else { throw damaged("frames") }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46
  }
}
