import Foundation
import Latents
import StyleGAN
import Testing

@Suite struct PresetTests {
  private func read(_ text: String) throws(PresetError) -> Preset {
    try Preset(json: Array(text.utf8), file: "folder/morning.json")
  }

  private func words(_ text: String) -> String? {
    do {
      _ = try read(text)
      return nil
    } catch {
      return error.description
    }
  }

  /// A preset with one member replaced, or left out where `value` is nil.
  private func preset(_ key: String, _ value: String?) -> String {
    var members = [
      ("mien", "1"), ("model", "{\"name\": \"studio\"}"), ("latent", "{\"seed\": 42}"),
    ]
    members.removeAll { $0.0 == key }
    if let value { members.append((key, value)) }
    return "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }

  private static let sha256 = String(repeating: "ab", count: 32)

  private static let full = Preset(
    name: "morning \"1\"", model: ModelReference(name: "studio", sha256: sha256),
    recipe: Recipe(
      latent: .seed(4_294_967_295, classIndex: 3), truncation: Truncation(psi: 0.7, cutoff: 8),
      mix: [
        Mix(latent: .seed(7), rows: LayerRange(0...3)),
        Mix(latent: .ws([1, -0.1, 3e-38, 4], rows: 2), rows: .fine, weight: 0.25),
        Mix(latent: .w([5, 6]), rows: LayerRange(5...5), weight: 0),
      ],
      edits: [
        Edit(direction: "smile", strength: 1.6, rows: .coarse),
        Edit(direction: "sefa 3", strength: -0.123456),
      ],
      noise: NoiseSetting(mode: .random, seed: 9)))

  @Test func whatIsWrittenReadsBack() throws {
    let text = Self.full.json
    let back = try read(text)
    #expect(back.name == Self.full.name)
    #expect(back.model == Self.full.model)
    #expect(back.recipe == Self.full.recipe)
    #expect(back.json == text)
  }

  @Test func writesTheDocumentedForm() {
    let preset = Preset(
      name: "morning", model: ModelReference(name: "studio", sha256: "0123"),
      recipe: Recipe(
        latent: .seed(42), truncation: Truncation(psi: 0.7),
        mix: [Mix(latent: .seed(7), rows: LayerRange(0...3))],
        edits: [Edit(direction: "smile", strength: 1.6, rows: .coarse)]))
    #expect(
      preset.json == """
        {
          "mien": 1,
          "name": "morning",
          "model": {"name": "studio", "sha256": "0123"},
          "latent": {"seed": 42},
          "truncation": {"psi": 0.7, "cutoff": null},
          "mix": [{"latent": {"seed": 7}, "rows": "0-3", "weight": 1.0}],
          "edits": [{"direction": "smile", "strength": 1.6, "rows": "coarse"}],
          "noise": {"mode": "const", "seed": 0}
        }

        """)
  }

  @Test func littleIsNeeded() throws {
    let preset = try read(preset("mien", "1"))
    #expect(preset.name == "morning")
    #expect(preset.model == ModelReference(name: "studio"))
    #expect(preset.recipe == Recipe(latent: .seed(42)))
  }

  @Test func latentsAreLittleEndianFloats() throws {
    // 1.0, -2.0 as float32.
    let text = preset("latent", "{\"ws\": \"AACAPwAAAMA=\", \"rows\": 2}")
    #expect(try read(text).recipe.latent == .ws([1, -2], rows: 2))
  }

  @Test func unknownFieldsSurviveChanges() throws {
    let text = """
      {
        "author": "someone",
        "mien": 1,
        "model": {"url": "x", "name": "studio", "licence": {"spdx": "CC0-1.0"}},
        "latent": {"seed": 42, "note": "the good one"},
        "truncation": {"psi": 0.70, "why": [1, 2.50, 1e999]},
        "edits": [
          {"direction": "age", "strength": 1, "id": "first"},
          {"direction": "smile", "strength": 2, "id": "second"},
          {"direction": "smile", "strength": 3, "id": "third"}
        ],
        "mix": [
          {"latent": {"seed": 1, "from": "a"}, "rows": "all", "id": "one"},
          {"latent": {"seed": 2}, "rows": "all", "id": "two", "colour": null}
        ],
        "noise": {"mode": "none", "x": true},
        "thumbnail": "iVBORw0KGgo="
      }
      """
    var preset = try read(text)
    preset.name = "renamed"
    preset.recipe.latent = .ws([1, 2], rows: 1)
    preset.recipe.truncation.psi = 0.5
    preset.recipe.edits.removeFirst()
    preset.recipe.edits.insert(Edit(direction: "yaw", strength: 1), at: 0)
    preset.recipe.edits[1].strength = 9
    preset.recipe.mix.remove(at: 0)
    #expect(
      preset.json == """
        {
          "author": "someone",
          "mien": 1,
          "model": {"url": "x", "name": "studio", "licence": {"spdx": "CC0-1.0"}},
          "latent": {"note": "the good one", "ws": "AACAPwAAAEA=", "rows": 1},
          "truncation": {"psi": 0.5, "why": [1, 2.50, 1e999], "cutoff": null},
          "edits": [
            {"direction": "yaw", "strength": 1.0, "rows": "all"},
            {"direction": "smile", "strength": 9.0, "id": "second", "rows": "all"},
            {"direction": "smile", "strength": 3.0, "id": "third", "rows": "all"}
          ],
          "mix": [{"latent": {"seed": 2}, "rows": "all", "id": "two", "colour": null, "weight": 1.0}],
          "noise": {"mode": "none", "x": true, "seed": 0},
          "thumbnail": "iVBORw0KGgo=",
          "name": "renamed"
        }

        """)
    preset.recipe.mix = try read(text).recipe.mix
    #expect(
      preset.json.contains(#"{"latent": {"seed": 1, "from": "a"}, "rows": "all", "id": "one""#))
  }

  // MARK: Errors

  @Test func whatIsNoPreset() {
    #expect(
      words("hello") == "folder/morning.json: not JSON: line 1, column 1: a value was expected")
    #expect(words("[1]") == "folder/morning.json: the preset is a list, expected an object")
    #expect(
      words("{\"a\": 1}")
        == "folder/morning.json: not a preset: it has no field \"mien\"")
  }

  @Test(arguments: ["2", "0", "1.0", "-1", "1e0"])
  func otherVersions(version: String) {
    #expect(
      words(preset("mien", version))
        == "folder/morning.json: the preset has format version \(version), "
        + "this program reads version 1")
  }

  @Test(
    arguments: [
      ("mien", "\"1\"", "mien is text, expected a number"),
      ("name", "1", "name is a number, expected text"),
      ("model", "\"studio\"", "model is text, expected an object"),
      ("model", "{}", "the field model.name is missing"),
      ("model", "{\"name\": \"a\", \"sha256\": 5}", "model.sha256 is a number, expected text"),
      ("model", nil, "the field model is missing"),
      ("latent", nil, "the field latent is missing"),
      ("latent", "[]", "latent is a list, expected an object"),
      ("latent", "{}", "latent: exactly one of seed, w and ws was expected"),
      (
        "latent", "{\"seed\": 1, \"w\": \"\"}", "latent: exactly one of seed, w and ws was expected"
      ),
      ("latent", "{\"seed\": \"1\"}", "latent.seed is text, expected a number"),
      ("latent", "{\"seed\": -1}", "latent.seed: -1 is not a whole number from 0 to 4294967295"),
      ("latent", "{\"seed\": 1.5}", "latent.seed: 1.5 is not a whole number from 0 to 4294967295"),
      (
        "latent", "{\"seed\": 99999999999999999999999999}",
        "latent.seed: 999999999999999999999999 is not a whole number from 0 to 4294967295"
      ),
      ("latent", "{\"ws\": \"AACAPw==\"}", "the field latent.rows is missing"),
      (
        "latent", "{\"ws\": \"AACAPw==\", \"rows\": 0}",
        "latent.rows: 0 is not a whole number from 1 to 1024"
      ),
      (
        "latent", "{\"ws\": \"AACAPw==\", \"rows\": 2}",
        "latent.rows: 1 values of ws do not fill 2 rows"
      ),
      ("latent", "{\"w\": \"%%\"}", "latent.w: not base64"),
      ("latent", "{\"w\": \"\"}", "latent.w: 0 bytes are not a list of float32 values"),
      ("latent", "{\"w\": \"AACA\"}", "latent.w: 3 bytes are not a list of float32 values"),
      ("latent", "{\"w\": \"AACAfw==\"}", "latent.w is not a finite number"),
      ("latent", "{\"w\": \"AADAfw==\"}", "latent.w is not a finite number"),
      ("truncation", "0.7", "truncation is a number, expected an object"),
      ("truncation", "{\"psi\": null}", "truncation.psi is null, expected a number"),
      ("truncation", "{\"psi\": 1e999}", "truncation.psi is not a finite number"),
      ("truncation", "{\"psi\": -1e39}", "truncation.psi is not a finite number"),
      (
        "truncation", "{\"cutoff\": -1}",
        "truncation.cutoff: -1 is not a whole number from 0 to 1024"
      ),
      ("mix", "{}", "mix is an object, expected a list"),
      ("mix", "[1]", "mix[0] is a number, expected an object"),
      ("mix", "[{\"latent\": {\"seed\": 1}}]", "the field mix[0].rows is missing"),
      (
        "mix", "[{\"latent\": {\"seed\": true}, \"rows\": \"all\"}]",
        "mix[0].latent.seed is true or false, expected a number"
      ),
      (
        "mix", "[{\"latent\": {\"seed\": 1}, \"rows\": \"all\", \"weight\": 1.01}]",
        "mix[0].weight: a mixing weight is between 0 and 1, not 1.01"
      ),
      (
        "edits", "[{\"direction\": \"a\", \"strength\": 1}, {\"direction\": \"b\"}]",
        "the field edits[1].strength is missing"
      ),
      (
        "edits", "[{\"direction\": \"a\", \"strength\": 1, \"rows\": \"3-1\"}]",
        "edits[0].rows: \"3-1\" is not a range of rows: write all, coarse, middle, fine, 5 or 0-3"
      ),
      (
        "edits", "[{\"direction\": 1, \"strength\": 1}]",
        "edits[0].direction is a number, expected text"
      ),
      ("noise", "{\"mode\": \"fixed\"}", "noise.mode: \"fixed\" is not const, random or none"),
      ("noise", "{\"seed\": []}", "noise.seed is a list, expected a number"),
    ] as [(String, String?, String)])
  func fieldsOfTheWrongKind(key: String, value: String?, problem: String) {
    #expect(words(preset(key, value)) == "folder/morning.json: " + problem)
  }

  @Test func anotherModel() throws {
    let preset = Self.full
    #expect(throws: Never.self) {
      try preset.requireModel(ModelReference(name: "renamed", sha256: Self.sha256))
      try preset.requireModel(ModelReference(name: "studio"))
    }
    let other = ModelReference(name: "ffhq", sha256: "00")
    #expect(
      throws: PresetError(
        file: "a.json", reason: .otherModel(preset: preset.model, loaded: other))
    ) { try preset.requireModel(other, file: "a.json") }
    let newer = ModelReference(name: "studio", sha256: String(repeating: "1", count: 64))
    let error = #expect(throws: PresetError.self) { try preset.requireModel(newer) }
    #expect(
      error?.description
        == "morning \"1\": the preset was made for \"studio\" (sha256 abababababab…), "
        + "the loaded model is \"studio\" (sha256 111111111111…)")
  }

  @Test func recipesThatDoNotFit() throws {
    let configuration = ToyModel(resolution: 16).configuration
    let directions = DirectionLibrary([Direction(name: "smile", kind: .attribute, vector: [1])])
    let text = preset("edits", "[{\"direction\": \"smlie\", \"strength\": 1}]")
    let unknown = #expect(throws: PresetError.self) {
      try read(text).validate(for: configuration, directions: directions)
    }
    #expect(
      unknown?.description == "morning: the model has no direction \"smlie\"; it has smile")
    let rows = preset("mix", "[{\"latent\": {\"seed\": 1}, \"rows\": \"4-11\"}]")
    #expect(
      throws: PresetError(
        file: "x", reason: .recipe(.rowsOutsideModel(LayerRange(4...11), rows: 6)))
    ) { try read(rows).validate(for: configuration, directions: directions, file: "x") }
  }

  // MARK: Hostile

  @Test func deepNestingIsAnError() {
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(words(preset("extra", deep))?.contains("nested more than 64 deep") == true)
  }

  @Test func bigFilesAreRead() throws {
    let text = preset("extra", "\"" + String(repeating: "x", count: 10_000_000) + "\"")
    #expect(try read(text).recipe.latent == .seed(42))
    let tooBig = [UInt8](repeating: 0x20, count: Preset.byteLimit + 1)
    #expect(
      throws: PresetError(
        file: "x",
        reason: .tooLarge(bytes: Preset.byteLimit + 1, limit: Preset.byteLimit))
    ) { try Preset(json: tooBig, file: "x") }
  }
}
