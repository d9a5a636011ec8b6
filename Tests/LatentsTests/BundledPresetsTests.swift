import BundledModel
import Foundation
import Latents
import StyleGAN
import TestFixtures
import Testing

@Suite struct BundledPresetsTests {
  @Test func everyFileOfTheGalleryIsEmbedded() throws {
    let folder = TestFixtures.repository.appending(path: "Presets")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") }
    let contents = try files.map { [UInt8](try Data(contentsOf: folder.appending(path: $0))) }
    #expect(files.count >= 12)
    #expect(Set(contents) == Set(BundledPresets.texts))
    #expect(contents.count == BundledPresets.texts.count)
  }

  @Test func everyPresetOfTheGalleryLoads() throws {
    let presets = try BundledPresets.texts.map { text throws(PresetError) in
      try Preset(json: text, file: "gallery")
    }
    #expect(presets == BundledPresets.all)
    #expect(Set(presets.map(\.name)).count == presets.count)
    #expect(presets.allSatisfy { $0.model.name == "studio" })
    for (preset, text) in zip(presets, BundledPresets.texts) {
      #expect(Array(preset.json.utf8) == text, "\(preset.name) is not in the form it is written in")
    }
    #expect(BundledPresets["morning"]?.recipe.latent == .seed(10))
    #expect(BundledPresets["no such"] == nil)
  }

  @Test func everyPresetOfTheGalleryFitsTheBundledModel() throws {
    let model = try unsafe ModelFile.load(bytes: BundledModel.bytes, name: BundledModel.name)
    let directions = DirectionLibrary(attributes: model.directions)
    for preset in BundledPresets.all {
      #expect(throws: Never.self) {
        try preset.requireModel(ModelReference(name: BundledModel.name, sha256: model.sha256))
        try preset.validate(for: model.configuration, directions: directions)
      }
    }
  }
}
