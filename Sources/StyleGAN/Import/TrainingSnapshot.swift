import Checkpoints
import Files
import NN
import Tensors

/// The networks of NVIDIA's PyTorch snapshots beside the averaged generator: what training goes on
/// with (numerics: NVIDIA PyTorch snapshot).
package struct TrainingSnapshot: Sendable {
  private let source: String
  private let root: PickleView

  package init(path: String) throws(ModelError) {
    source = path
    do {
      root = try PickleView(try MappedFile(path: path).bytes, vocabulary: NVIDIAPickle.vocabulary)
    } catch let error as FileError {
      throw ModelError(path, .file(error))
    } catch let error as PickleError {
      throw ModelError(path, .pickle(error))
    } catch { preconditionFailure("no other error is thrown here") }
  }

  private func module(_ key: String) throws(ModelError) -> PickleView {
    guard let value = root[key], NVIDIAPickle.isModule(value) else {
      throw ModelError(source, .notAGenerator(found: "a file without the network \(key)"))
    }
    return value
  }

  /// G, the generator as trained, not averaged.
  package func rawGenerator() throws(ModelError) -> Generator {
    guard let network = try NVIDIAPickle.read(try module("G"), source: source) else {
      throw ModelError(source, .notAGenerator(found: root.summary))
    }
    let configuration = try GeneratorConfiguration(inferring: network)
    let checked = try network.checked(for: configuration)
    return try built { try Generator(configuration) { try checked.tensor($0) } }
  }

  /// D, the discriminator.
  package func discriminator() throws(ModelError) -> Discriminator {
    var network = NetworkSource(source: source, container: "NVIDIA PyTorch pickle")
    let clamp = try collect(try module("D"), into: &network)
    func shape(_ name: String) -> [Int]? { network.tensors[name]?.shape }
    var channels: [Int] = []
    var resolution = 4
    guard let first = shape("b4.fc.weight"), let conv = shape("b4.conv.weight"), conv.count == 4
    else { throw network.missing("b4.conv.weight") }
    channels.append(first[0])
    while let weight = shape("b\(resolution * 2).conv0.weight"), weight.count == 4 {
      channels.append(weight[0])
      resolution *= 2
    }
    guard let rgb = shape("b\(resolution).fromrgb.weight"), rgb.count == 4, resolution > 4 else {
      throw network.missing("b\(resolution).fromrgb.weight")
    }
    var configuration = DiscriminatorConfiguration(resolution: resolution, blockChannels: channels)
    configuration.imageChannels = rgb[1]
    configuration.convClamp = clamp
    configuration.deviationChannels = conv[1] - conv[0]
    configuration.architecture =
      shape("b\(resolution).skip.weight") != nil
      ? .resnet : shape("b4.fromrgb.weight") != nil ? .skip : .orig
    if let embed = shape("mapping.embed.weight"), embed.count == 2 {
      configuration.cDim = embed[1]
      configuration.cmapDim = embed[0]
      var layers = 0
      while shape("mapping.fc\(layers).weight") != nil { layers += 1 }
      configuration.mappingLayers = layers
    }
    let found = network
    return try built { try Discriminator(configuration) { try found.tensor($0) } }
  }

  private func built<Network>(_ body: () throws -> Network) throws(ModelError) -> Network {
    do {
      return try body()
    } catch let error as ModelError {
      throw error
    } catch let error as ParameterMismatch {
      throw ModelError(
        source,
        .shape(
          name: error.name, found: error.found.dimensions, expected: error.expected.dimensions))
    } catch {
      throw ModelError(source, .configuration("\(error)"))
    }
  }

  /// Every tensor under the path through its modules.
  /// - Returns: the clamp of its convolutions
  private func collect(
    _ root: PickleView, into network: inout NetworkSource
  ) throws(ModelError) -> Float? {
    var clamp: Float?
    var waiting = [(name: "", value: root)]
    while let (name, value) = waiting.popLast() {
      let module = try NVIDIAPickle.Module(value, path: name, source: network)
      if name.hasSuffix("conv0"), let found = module.state["conv_clamp"]?.number {
        clamp = Float(found)
      }
      for (leaf, value) in module.named("_parameters") + module.named("_buffers")
      where !value.isNone {
        let full = name.isEmpty ? leaf : name + "." + leaf
        do {
          guard let view = try TorchTensors().tensor(value) else {
            throw network.error(
              .tensor(name: full, reason: "it is \(value.summary), not a tensor"))
          }
          network.tensors[full] = SourceTensor(view)
        } catch let problem as TorchError {
          throw network.error(.tensor(name: full, reason: problem.description))
        } catch let problem as ModelError {
          throw problem
        } catch { preconditionFailure("no other error is thrown here") }
      }
      for (child, value) in module.named("_modules") where !value.isNone {
        let full = name.isEmpty ? child : name + "." + child
        guard full.split(separator: ".").count <= 4 else {
          throw network.error(.persistence(path: full, what: "modules are nested too deeply"))
        }
        waiting.append((full, value))
      }
    }
    return clamp
  }
}
