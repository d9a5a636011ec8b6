import Latents
import Testing

@testable import mien

struct PresetFieldsTests {
  private let plain = Preset(
    name: "plain", model: ModelReference(name: "studio"), recipe: Recipe(latent: .seed(42)))

  @Test func aPresetInWords() {
    var preset = plain
    preset.recipe = Recipe(
      latent: .seed(42, classIndex: 3), truncation: Truncation(psi: 0.7, cutoff: 8),
      mix: [Mix(latent: .seed(7), rows: .coarse, weight: 0.5)],
      edits: [
        Edit(direction: "smile", strength: 1.6, rows: .all),
        Edit(direction: "smile", strength: -1, rows: .fine),
      ], noise: NoiseSetting(mode: .random, seed: 9))
    #expect(
      PresetFields(preset).fields.map { "\($0.field): \($0.value)" } == [
        "name: plain", "model: studio", "latent: seed 42, class 3", "psi: 0.7", "cutoff: 8",
        "mix 1: coarse of seed 7, weight 0.5", "edit smile: +1.6, all", "edit smile (2): -1, fine",
        "noise: random, seed 9",
      ])
    #expect(preset.summary == "seed 42, class 3, ψ 0.7, coarse of seed 7, smile +1.6, smile -1")
  }

  @Test func differencesNameFieldsOfEither() {
    var other = plain
    other.name = "other"
    other.recipe.truncation.psi = 0.5
    other.recipe.edits = [Edit(direction: "age", strength: 1)]
    #expect(
      PresetFields(plain).differences(to: PresetFields(other)) == [
        PresetFields.Difference(field: "psi", before: "1", after: "0.5"),
        PresetFields.Difference(field: "edit age", before: nil, after: "+1, all"),
      ])
    #expect(PresetFields(plain).differences(to: PresetFields(plain)).isEmpty)
  }

  @Test func pointsAreToldApart() {
    let a = LatentSource.ws([1, 2, 3, 4], rows: 2)
    let b = LatentSource.ws([1, 2, 3, 5], rows: 2)
    #expect(a.words.hasPrefix("a point of W+ (2 rows, "))
    #expect(a.words != b.words)
  }
}
