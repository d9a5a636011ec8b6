import Checkpoints
import Files
import Foundation
import NN
import StyleGAN
import Tensors
import TestFixtures
import Testing

@Suite struct NameMapTests {
  private func configuration(_ resolution: Int, classes: Int = 0) -> GeneratorConfiguration {
    var configuration = GeneratorConfiguration(
      resolution: resolution, zDim: 8, wDim: 8, mappingLayers: 4,
      blockChannels: GeneratorConfiguration.channels(resolution: resolution, base: 64, max: 8))
    configuration.cDim = classes
    return configuration
  }

  /// Every parameter of the network is named by the map, once, and comes from a name of its own.
  private func expectTotal(
    _ map: NameMap, _ configuration: GeneratorConfiguration, _ what: String
  ) {
    let names = map.entries.map(\.name)
    #expect(Set(names).count == names.count, "\(what)")
    #expect(Set(map.entries.map(\.stored)).count == names.count, "\(what)")
    let needed = Set(Generator.census(configuration).entries.map(\.name))
    let given = Set(names.filter { !$0.hasSuffix("resample_filter") })
    #expect(given == needed, "\(what): \(given.symmetricDifference(needed).sorted())")
  }

  @Test(arguments: [4, 8, 16, 256, 1024])
  func mapsAreTotal(resolution: Int) {
    var configuration = configuration(resolution)
    expectTotal(
      .rosinality(resolution: resolution, mappingLayers: 4), configuration, "rosinality")
    expectTotal(.genforce(resolution: resolution, mappingLayers: 4), configuration, "genforce")
    for architecture in [GeneratorConfiguration.Architecture.skip, .resnet, .orig]
    where resolution > 4 || architecture == .skip {
      configuration.architecture = architecture
      for classes in [0, 3] {
        configuration.cDim = classes
        expectTotal(
          .tensorFlow(
            resolution: resolution, mappingLayers: 4, architecture: architecture,
            isConditional: classes > 0), configuration, "TensorFlow \(architecture)")
      }
    }
  }

  /// The file's own names are all known: nothing in it is left lying.
  @Test(.enabled(if: TestFixtures.shared != nil, "the shared fixtures are not here"))
  func nothingOfARosinalityFileIsLeftOver() throws {
    let path = TestFixtures.shared!.appending(path: "rosinality/converted_zip.pt").path
    let checkpoint = try Checkpoint.open(path: path)
    let known = Set(
      NameMap.rosinality(resolution: 64, mappingLayers: 8).entries.map {
        $0.stored == "latent_avg" ? $0.stored : "g_ema/" + $0.stored
      })
    #expect(Set(checkpoint.names).symmetricDifference(known).isEmpty)
  }

  /// A network written under foreign names comes back as it was.
  @Test(arguments: ["rosinality", "genforce", "ada"])
  func foreignSafetensors(layout: String) throws {
    let source = try ModelFile.read(path: TestFixtures.committed("hostile/control_tiny.pkl").path)
    let network = source.network
    let entries: [(stored: String, name: String)]
    switch layout {
    case "rosinality":
      entries = NameMap.rosinality(resolution: 16, mappingLayers: 2).entries
        .filter { !$0.name.hasSuffix("resample_filter") }.map { ($0.stored, $0.name) }
    case "genforce":
      entries = NameMap.genforce(resolution: 16, mappingLayers: 2).entries
        .map { ($0.stored, $0.name) }
    default:
      entries = Generator.census(source.configuration).entries.map { ("G_ema." + $0.name, $0.name) }
    }
    let tensors = try entries.map { stored, name in
      var tensor = try network.tensor(name)
      if layout == "genforce" {
        if name.hasSuffix("conv0.weight") { tensor = mirrored(tensor) }
        if name.hasSuffix("affine.bias") {
          tensor = Tensor(tensor.values.map { $0 - 1 }, shape: tensor.shape)
        }
      }
      return (stored, tensor)
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "mien-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "foreign.safetensors").path
    try Safetensors.save(tensors, to: path)
    let contents = try ModelFile.read(path: path)
    #expect(contents.configuration == source.configuration)
    for (_, name) in entries {
      let (found, expected) = (try contents.network.tensor(name), try network.tensor(name))
      let difference = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? 0
      #expect(difference < 1e-6, "\(name)")
    }
  }

  private func mirrored(_ weight: Tensor) -> Tensor {
    let values = weight.values
    return Tensor(
      stride(from: 0, to: values.count, by: 9).flatMap { values[$0..<($0 + 9)].reversed() },
      shape: weight.shape)
  }
}
