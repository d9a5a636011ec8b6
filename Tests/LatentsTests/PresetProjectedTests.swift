import Latents
import Testing

struct PresetProjectedTests {
  @Test func whatAProjectionSaysSurvivesTheFile() throws {
    var preset = Preset(
      name: "me", model: ModelReference(name: "studio"), recipe: Recipe(latent: .w([1, 2])))
    #expect(preset.projection == nil)
    preset.projection = .object(JSONMembers(["photo": .string("5a")]))
    let read = try Preset(json: Array(preset.json.utf8), file: "me.json")
    #expect(read.projection == preset.projection)
    preset.projection = nil
    #expect(!preset.json.contains("projection"))
  }
}
