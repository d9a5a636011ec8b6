import Checkpoints
import Foundation
import NN
import StyleGAN
import Tensors
import TestFixtures
import Testing

@testable import Latents

/// Killed and resumed at any step, a projection ends as it would have.
@Suite struct ProjectionFileTests {
  private let generator: Generator
  private let target: Tensor
  private let start: ProjectionStart

  init() throws {
    let folder = try #require(TestFixtures.network("sg2ada_fp16"))
    generator = try ModelFile.load(path: folder.appending(path: "network.pkl").path).generator
    let size = generator.configuration.resolution
    var state = NumPyRandomState(seed: 5)
    let z = Tensor(
      state.standardNormal(generator.configuration.zDim), shape: [1, generator.configuration.zDim])
    let w = generator.map(z: z, classIndices: nil)
    let ws = Tensor.applying(
      Broadcast(to: [1, generator.configuration.numWs, w.shape[1]]),
      to: w.reshaped([1, 1, w.shape[1]]))
    target = generator.picture(ws: ws, noise: generator.noiseInputs(.const))
      .reshaped([3, size, size])
    start = ProjectionStart(of: generator)
  }

  private func projector(_ settings: ProjectionSettings) -> Projector {
    Projector(
      DefinedObjective(generator, features: PyramidFeatures(), target: target),
      rows: generator.configuration.numWs, storedNoise: generator.storedNoise, start: start,
      settings: settings)
  }

  private func settings(_ space: ProjectionSettings.Space) -> ProjectionSettings {
    var settings = ProjectionSettings()
    settings.steps = 12
    settings.space = space
    return settings
  }

  @Test(arguments: ProjectionSettings.Space.allCases)
  func resumesExactly(space: ProjectionSettings.Space) throws {
    let folder = try TemporaryFolder()
    let settings = settings(space)
    var undisturbed = projector(settings)
    while !undisturbed.isFinished { _ = undisturbed.step() }

    let file = ProjectionFile(
      path: folder.file("state"), identity: .init(model: "m", target: "t"))
    var current = projector(settings)
    while !current.isFinished {
      _ = current.step()
      try file.save(current)
      var fresh = projector(settings)
      try file.restore(&fresh)
      current = fresh
    }
    #expect(current.w.values == undisturbed.w.values)
    #expect(current.distances == undisturbed.distances)
    #expect(current.best?.ws.values == undisturbed.best?.ws.values)
    #expect(zip(current.noise, undisturbed.noise).allSatisfy { $0.values == $1.values })
  }

  /// So does a search, whose next step depends on many before.
  @Test(arguments: ProjectionSettings.Space.allCases)
  func aSearchResumesExactly(space: ProjectionSettings.Space) throws {
    let folder = try TemporaryFolder()
    var settings = ProjectionSettings.fast(steps: 14)
    settings.space = space
    var undisturbed = projector(settings)
    while !undisturbed.isFinished { _ = undisturbed.step() }
    let file = ProjectionFile(
      path: folder.file("state"), identity: .init(model: "m", target: "t"))
    var current = projector(settings)
    while !current.isFinished {
      _ = current.step()
      try file.save(current)
      var fresh = projector(settings)
      try file.restore(&fresh)
      #expect(fresh.search == current.search && fresh.offset == current.offset)
      current = fresh
    }
    #expect(current.distances == undisturbed.distances)
    #expect(current.best?.ws.values == undisturbed.best?.ws.values)
    #expect(current.best?.pose?.values == undisturbed.best?.pose?.values)
  }

  /// One that was stopped before its first step goes on with any settings.
  @Test func aBeginningIsNoBurden() throws {
    let folder = try TemporaryFolder()
    let file = ProjectionFile(
      path: folder.file("state"), identity: .init(model: "m", target: "t"))
    try file.saveBeginning()
    var other = settings(.wPlus)
    other.steps = 3
    for settings in [settings(.w), other] {
      var fresh = projector(settings)
      try file.restore(&fresh)
      #expect(fresh.completedSteps == 0 && fresh.best == nil)
      #expect(fresh.w.values == projector(settings).w.values)
    }
    var fresh = projector(other)
    #expect(throws: ProjectionFileError.self) {
      try ProjectionFile(path: file.path, identity: .init(model: "m", target: "u"))
        .restore(&fresh)
    }
    // Nothing done is saved as the same.
    let before = try Data(contentsOf: URL(filePath: file.path))
    try file.save(fresh)
    #expect(try Data(contentsOf: URL(filePath: file.path)) == before)
  }

  /// Maps that are not optimised come with the model, not with the file.
  @Test func storedMapsAreNotKept() throws {
    let folder = try TemporaryFolder()
    var settings = settings(.w)
    settings.noiseMaps = .stored
    let file = ProjectionFile(
      path: folder.file("state"), identity: .init(model: "m", target: "t"))
    var current = projector(settings)
    for _ in 0..<5 { _ = current.step() }
    try file.save(current)
    var fresh = projector(settings)
    try file.restore(&fresh)
    #expect(try Checkpoint.open(path: file.path).names.allSatisfy { !$0.contains("noise") })
    #expect(fresh.w.values == current.w.values)
    #expect(fresh.best?.noise.map(\.values) == generator.storedNoise.map(\.values))
  }

  /// A level distance ends it at the same step, resumed or not.
  @Test func endsAtTheSameStep() throws {
    let folder = try TemporaryFolder()
    var settings = ProjectionSettings.fast(steps: 300)
    settings.search = .adam
    settings.learningRate = 1e-6
    settings.crop = .fixed
    var undisturbed = projector(settings)
    while !undisturbed.isFinished { _ = undisturbed.step() }
    #expect(undisturbed.hasLevelledOff && undisturbed.completedSteps < 100)

    let file = ProjectionFile(
      path: folder.file("state"), identity: .init(model: "m", target: "t"))
    var current = projector(settings)
    for stop in [10, 41, 50] {
      while current.completedSteps < stop { _ = current.step() }
      try file.save(current)
      current = projector(settings)
      try file.restore(&current)
    }
    while !current.isFinished { _ = current.step() }
    #expect(current.completedSteps == undisturbed.completedSteps)
    #expect(current.schedule == undisturbed.schedule)
    #expect(current.best?.ws.values == undisturbed.best?.ws.values)
  }

  @Test func comesNearer() throws {
    var settings = settings(.w)
    settings.steps = 60
    settings.noiseMaps = .stored
    var projector = projector(settings)
    let first = projector.step().distance
    while !projector.isFinished { _ = projector.step() }
    let best = try #require(projector.best)
    #expect(best.distance < 0.2 * first)
    #expect(best.distance == projector.distances.min())
    #expect(best.noise.map(\.values) == generator.storedNoise.map(\.values))
  }

  @Test func refusesAnother() throws {
    let folder = try TemporaryFolder()
    let settings = settings(.w)
    var stored = projector(settings)
    _ = stored.step()
    let path = folder.file("state")
    try ProjectionFile(path: path, identity: .init(model: "m", target: "t")).save(stored)

    var fresh = projector(settings)
    #expect(throws: ProjectionFileError.self) {
      try ProjectionFile(path: path, identity: .init(model: "m", target: "u")).restore(&fresh)
    }
    var other = settings
    other.space = .wPlus
    var wide = projector(other)
    #expect(throws: ProjectionFileError.self) {
      try ProjectionFile(path: path, identity: .init(model: "m", target: "t")).restore(&wide)
    }
    try Data("nonsense".utf8).write(to: URL(filePath: path))
    #expect(throws: ProjectionFileError.self) {
      try ProjectionFile(path: path, identity: .init(model: "m", target: "t")).restore(&fresh)
    }
  }
}
