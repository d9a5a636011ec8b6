import Foundation
import StyleGAN
import Tensors
import TestFixtures
import Testing

@Suite struct SynthesisPlanTests {
  private let folder = NSTemporaryDirectory() + "mien-plans-\(UUID().uuidString)"

  private func generator() throws -> (Generator, Tensor) {
    var configuration = GeneratorConfiguration(
      resolution: 64, zDim: 8, wDim: 16, mappingLayers: 1, blockChannels: [32, 32, 32, 32, 32])
    configuration.convClamp = nil
    return (try randomGenerator(configuration), randomWs(configuration))
  }

  private func picture(_ generator: Generator, _ ws: Tensor) -> Tensor? {
    generator.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { false })
  }

  @Test func isMeasuredOnceAndKept() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (first, ws) = try generator()
    let expected = try #require(picture(first, ws))
    var plan = SynthesisPlan(folder: folder)
    #expect(plan.isEmpty)
    #expect(first.adopt(&plan, budget: .seconds(20)))
    #expect(!plan.isEmpty)
    // Whatever was chosen, the picture is the same to rounding.
    #expect(relativeError(try #require(picture(first, ws)), expected) < 5e-5)
    try plan.save(folder: folder)

    let (second, _) = try generator()
    var found = SynthesisPlan(folder: folder)
    #expect(!second.adopt(&found, budget: .seconds(20)), "it was all there")
    let same = try #require(picture(second, ws))
    #expect(same.values == picture(first, ws)?.values)
  }

  @Test func withoutABudgetNothingIsMeasured() throws {
    let (generator, _) = try generator()
    var plan = SynthesisPlan(folder: folder)
    #expect(!generator.adopt(&plan))
    #expect(plan.isEmpty)
  }

  @Test func anotherEnginesPlanIsNotTaken() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var other = EngineDescription.current
    other.threads += 1
    let (generator, _) = try generator()
    var plan = SynthesisPlan(engine: other, folder: folder)
    generator.adopt(&plan, budget: .seconds(20))
    try plan.save(folder: folder)
    // Neither by its name nor under the name of this one.
    var mine = SynthesisPlan(folder: folder)
    #expect(generator.adopt(&mine, budget: .seconds(20)))
    try FileManager.default.copyItem(
      atPath: plan.path(in: folder), toPath: SynthesisPlan().path(in: folder))
    var copied = SynthesisPlan(folder: folder)
    #expect(generator.adopt(&copied, budget: .seconds(20)))
  }

  @Test(arguments: [
    "", "{", "[]", #"{"mien": 2}"#, #"{"mien": 1, "engine": 5, "layers": {}}"#,
    #"{"mien": 1, "engine": "ENGINE", "layers": {"32>32 64² plain tiled": "rows 99999"}}"#,
    #"{"mien": 1, "engine": "ENGINE", "layers": {"32>32 64² plain tiled": 7, "x": "rows -1"}}"#,
  ])
  func damagedFilesAreMeasuredAgain(text: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let engine = EngineDescription.current.identity
    try text.replacingOccurrences(of: "ENGINE", with: engine).write(
      toFile: SynthesisPlan().path(in: folder), atomically: true, encoding: .utf8)
    let (generator, ws) = try generator()
    var plan = SynthesisPlan(folder: folder)
    #expect(generator.adopt(&plan, budget: .seconds(20)))
    #expect(picture(generator, ws) != nil)
  }
}
