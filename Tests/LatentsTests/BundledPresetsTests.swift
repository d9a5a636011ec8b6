import Foundation
import Latents
import TestFixtures
import Testing

@Suite struct BundledPresetsTests {
  @Test func everyFileOfTheGalleryIsEmbedded() throws {
    let folder = TestFixtures.repository.appending(path: "Presets")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") }
    let contents = try files.map { [UInt8](try Data(contentsOf: folder.appending(path: $0))) }
    #expect(files.count >= 6)
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
    #expect(BundledPresets["morning"]?.recipe.latent == .seed(42))
    #expect(BundledPresets["no such"] == nil)
  }
}
