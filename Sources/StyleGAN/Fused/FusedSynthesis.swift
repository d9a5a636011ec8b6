import NN
import Synchronization
import Tensors

/// The fast path of `SynthesisNetwork` for one picture at a time, skip and orig architectures:
/// activations in the layout the processor likes best from the first layer to the last, packed
/// weights, one pass over memory behind each convolution. Tested equal to the network's definition.
///
/// Layers are packed when first used, so that a small preview of a large network comes at once.
/// What goes into each layer is kept, so that a frame starts at the first layer whose input changed.
final class FusedSynthesis: Sendable {
  private let configuration: GeneratorConfiguration
  private let layout: ActivationLayout
  private let constant: Tensor
  /// The layers in order; the row of ws of each is its place.
  private let places: [Place]
  /// Packed layers and working memory; a frame holds the lock, so frames come one after another.
  private let state = Mutex(State())

  private struct Place {
    var name: String
    var layer: SynthesisLayer
    /// The picture that leaves the network behind the layer; its row of ws is the next one.
    var toRGB: ToRGBLayer?
  }

  private struct State: ~Copyable {
    var plan = SynthesisPlan()
    var layers: [Int: FusedLayer] = [:]
    /// What goes into each layer, and what leaves the network behind it.
    var inputs: [Int: Storage] = [:]
    var keptInputs: [Int: KeptResult] = [:]
    var pictures: [Int: PictureBuffers] = [:]
    var keptPictures: [Int: KeptResult] = [:]
    var noise: NoiseInputs?
    var result = Storage(count: 1)
    var scratch = Storage(count: 1)
  }

  /// - Parameter network: loaded.
  init(
    _ network: SynthesisNetwork, _ configuration: GeneratorConfiguration,
    layout: ActivationLayout = .preferred
  ) {
    precondition(configuration.architecture != .resnet, "residual blocks have no fused path")
    guard let constant = network.blocks.first?.constant?.tensor else {
      preconditionFailure("a network without its first block")
    }
    self.configuration = configuration
    self.layout = layout
    self.constant = constant
    places = network.blocks.flatMap { block in
      var places: [Place] = []
      if let conv0 = block.conv0 { places.append(Place(name: "conv0", layer: conv0)) }
      places.append(Place(name: "conv1", layer: block.conv1, toRGB: block.toRGB))
      return places
    }
  }

  /// Whether bfloat16 is faster here.
  var hasDrafts: Bool { layout == .tiled }

  /// The picture [C, r, r], or nil where `isCancelled` said true between two layers.
  /// - Parameter observe: told of every layer that was computed.
  func callAsFunction(
    ws: Tensor, noise: NoiseMode, upTo: Int, precision: SynthesisPrecision, isCancelled: () -> Bool,
    observe: ((LayerProfile) -> Void)? = nil
  ) -> Tensor? {
    let values = ws.values
    let frame = Frame(
      ws: values, wDim: configuration.wDim, noise: noise,
      precision: layout == .tiled ? precision : .full)
    let count = places.count { $0.layer.resolution <= upTo }
    return state.withLock { state in
      for index in firstChange(frame, count, &state)..<count {
        if isCancelled() { return nil }
        let profile = run(index, of: frame, &state)
        observe?(profile)
      }
      guard let picture = state.pictures[count - 1]?.current else {
        preconditionFailure("no picture behind layer \(count - 1)")
      }
      return Tensor(sharing: picture, shape: [configuration.imageChannels, upTo, upTo])
    }
  }

  /// What determines a frame.
  private struct Frame {
    var ws: [Float]
    var wDim: Int
    var noise: NoiseMode
    var precision: SynthesisPrecision

    func w(_ row: Int) -> [Float] { Array(ws[row * wDim..<(row + 1) * wDim]) }

    /// A buffer that this frame wrote from the first `rows` rows of ws.
    func kept(rows: Int) -> KeptResult {
      KeptResult(ws: ws, count: rows * wDim, noise: noise, precision: precision)
    }

    func serves(_ kept: KeptResult?) -> Bool {
      kept?.serves(ws: ws, noise: noise, precision: precision) ?? false
    }
  }

  /// The first layer to compute; `count` where the picture is there already.
  private func firstChange(_ frame: Frame, _ count: Int, _ state: inout State) -> Int {
    for index in stride(from: count, to: 0, by: -1) {
      guard index == count || frame.serves(state.keptInputs[index]) else { continue }
      let below = places[..<index].lastIndex { $0.toRGB != nil }
      if index == count && below != count - 1 { continue }
      if let below, !frame.serves(state.keptPictures[below]) { continue }
      return index
    }
    return 0
  }

  private func run(_ index: Int, of frame: Frame, _ state: inout State) -> LayerProfile {
    let layer = layer(index, &state)
    layer.set(w: frame.w(index))
    let started = ContinuousClock.now
    if index == 0 {
      layout.fill(
        input(0, &state), from: constant, style: layer.activationStyle,
        parts: frame.precision.parts)
    }
    var epilogue = layer.epilogue(noise: noiseInputs(frame.noise, &state))
    var target: Storage?
    if index + 1 < places.count {
      let next = self.layer(index + 1, &state)
      next.set(w: frame.w(index + 1))
      epilogue.style = next.activationStyle.map { padded($0, to: layer.rounded) }
      target = input(index + 1, &state)
      state.keptInputs[index + 1] = frame.kept(rows: next.isFolded ? index + 1 : index + 2)
    }
    var image: Storage?
    if let toRGB = places[index].toRGB {
      addPicture(toRGB, frame.w(index + 1), to: &epilogue)
      let count = configuration.imageChannels * layer.resolution * layer.resolution
      image = state.pictures[index, default: PictureBuffers(count: count)].next()
    }
    reserve(layer, &state)
    let convolved = layer.run(
      input(index, &state), precision: frame.precision, epilogue: epilogue, to: target, rgb: image,
      result: state.result, scratch: state.scratch)
    if let toRGB = places[index].toRGB, let image {
      let below = places[..<index].lastIndex { $0.toRGB != nil }
      skipAdd(
        image, previous: below.flatMap { state.pictures[$0]?.current },
        bias: toRGB.bias.tensor.values, clamp: toRGB.clamp ?? .infinity, side: layer.resolution)
      state.keptPictures[index] = frame.kept(rows: index + 2)
    }
    return LayerProfile(layer, started: started, convolved: convolved, ended: .now)
  }

  private func layer(_ index: Int, _ state: inout State) -> FusedLayer {
    if let layer = state.layers[index] { return layer }
    let place = places[index]
    let layer = FusedLayer(
      place.layer, name: "b\(place.layer.resolution).\(place.name)", row: index, layout: layout)
    layer.choice = state.plan[layer.shape]
    state.layers[index] = layer
    return layer
  }

  private func input(_ index: Int, _ state: inout State) -> Storage {
    if let storage = state.inputs[index] { return storage }
    let layer = places[index].layer
    let storage = layout.makeStorage(
      channels: layer.inputs, side: layer.isUp ? layer.resolution / 2 : layer.resolution)
    state.inputs[index] = storage
    return storage
  }

  private func noiseInputs(_ mode: NoiseMode, _ state: inout State) -> NoiseInputs {
    if let noise = state.noise, noise.mode == mode { return noise }
    let noise = NoiseInputs(mode, resolutions: places.map(\.layer.resolution))
    state.noise = noise
    return noise
  }

  /// Grows the working memory to what the layer needs.
  private func reserve(_ layer: FusedLayer, _ state: inout State) {
    if state.result.count < layer.resultCount { state.result = Storage(count: layer.resultCount) }
    if state.scratch.count < layer.scratchCount {
      state.scratch = Storage(count: layer.scratchCount)
    }
  }

  /// The toRGB weight times its style, [C, rounded I].
  private func addPicture(_ toRGB: ToRGBLayer, _ w: [Float], to epilogue: inout StyledEpilogue) {
    let style = affine(
      toRGB.affine.weight.tensor, w, bias: toRGB.affine.bias.tensor,
      gain: toRGB.affine.weightGain)
    let weight = toRGB.weight.tensor.values
    let inputs = toRGB.inputs
    epilogue.rgbChannels = configuration.imageChannels
    epilogue.rgbWeight = (0..<configuration.imageChannels).flatMap { channel in
      padded(
        (0..<inputs).map { weight[channel * inputs + $0] * style[$0] * toRGB.styleGain },
        to: epilogue.channels)
    }
  }

  // MARK: The plan

  /// See `Generator.adopt`.
  func adopt(_ plan: inout SynthesisPlan, budget: Duration) -> Bool {
    let known = plan
    let measured = state.withLock { state in
      state.plan = known
      // Frames before and after are to be each of one plan, to the bit.
      state.keptInputs = [:]
      state.keptPictures = [:]
      for layer in state.layers.values { layer.choice = known[layer.shape] }
      return budget > .zero ? measure(budget, &state) : [:]
    }
    for (shape, choice) in measured { plan.choose(choice, for: shape) }
    return !measured.isEmpty
  }

  /// Times the candidates of every shape that the plan does not know, where there are several.
  private func measure(_ budget: Duration, _ state: inout State) -> [LayerShape: LayerChoice] {
    let end = ContinuousClock.now + budget
    var measured: [LayerShape: LayerChoice] = [:]
    let order = places.indices.map { layer($0, &state) }.sorted { $0.multiplyAdds > $1.multiplyAdds }
    for layer in order where measured[layer.shape] == nil && layer.choice == nil {
      let candidates = LayerChoice.candidates(for: layer.shape)
      guard candidates.count > 1 else { continue }
      guard ContinuousClock.now < end else { break }
      // In turns, so that a slow moment of the machine does not strike one of them alone; the first
      // round warms up.
      var times = Array(repeating: Duration.seconds(1000), count: candidates.count)
      for round in 0..<4 {
        for (index, candidate) in candidates.enumerated() {
          let time = time(layer, candidate, &state)
          if round > 0 { times[index] = min(times[index], time) }
        }
      }
      let best = zip(candidates, times).min { $0.1 < $1.1 }
      measured[layer.shape] = best?.0
    }
    for (shape, choice) in measured { state.plan.choose(choice, for: shape) }
    for layer in order { layer.choice = state.plan[layer.shape] }
    return measured
  }

  /// One run of a layer on whatever its input holds.
  private func time(
    _ layer: FusedLayer, _ choice: LayerChoice, _ state: inout State
  ) -> Duration {
    layer.choice = choice
    layer.set(w: Array(repeating: 0, count: configuration.wDim))
    let epilogue = layer.epilogue(noise: noiseInputs(.none, &state))
    reserve(layer, &state)
    let source = input(layer.row, &state)
    let hasNext = layer.row + 1 < places.count
    let target = hasNext ? input(layer.row + 1, &state) : nil
    if hasNext { state.keptInputs[layer.row + 1] = nil }
    return ContinuousClock().measure {
      _ = layer.run(
        source, precision: .draft, epilogue: epilogue, to: target, rgb: nil, result: state.result,
        scratch: state.scratch)
    }
  }
}
