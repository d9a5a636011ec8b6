package import Checkpoints
package import Files
import NN
import Tensors

/// A projection under way on disk, so that it goes on after a crash exactly as it would have.
package struct ProjectionFile: Sendable {
  /// What a projection is of; a file of another is refused.
  package struct Identity: Hashable, Sendable {
    /// SHA-256 of the model's file.
    package var model: String
    /// SHA-256 of the target's pixels.
    package var target: String

    package init(model: String, target: String) {
      self.model = model
      self.target = target
    }
  }

  package let path: String
  private let identity: Identity

  package init(path: String, identity: Identity) {
    self.path = path
    self.identity = identity
  }

  /// Everything that decides how it goes on, and must be the same then.
  private func metadata(of projector: Projector) -> [String: String] {
    let settings = projector.settings
    return identification.merging([
      "features": projector.featureName, "space": settings.space.rawValue,
      "noise maps": settings.noiseMaps.rawValue, "steps": "\(settings.steps)",
      "seed": "\(settings.seed)",
      "learning rate":
        "\(settings.learningRate), \(settings.rampUp), \(settings.rampDown)",
      "coordinates": settings.coordinates.rawValue, "crop": settings.crop.rawValue,
      "search": settings.search.rawValue, "crop unit": "\(settings.cropUnit)",
      "prior": "\(settings.prior)",
      "crop learning rate": "\(settings.cropLearningRate)",
      "early share": "\(settings.earlyShare)",
      "second decay": "\(settings.secondDecay)", "stops when level": "\(settings.stopsWhenLevel)",
      "noise": "\(settings.initialNoise), \(settings.noiseRamp), \(settings.noiseRegularisation)",
    ]) { $1 }
  }

  private var identification: [String: String] {
    ["mien.projection": "1", "model": identity.model, "target": identity.target]
  }

  /// Writes that it has begun and no step is done: going on from there is beginning anew.
  package func saveBeginning() throws(FileError) {
    var metadata = identification
    metadata["completed steps"] = "0"
    try Safetensors.save(
      [("distances", Tensor(zeros: [1]))], metadata: metadata, to: path)
  }

  /// Writes the projection as it stands; complete or not at all.
  package func save(_ projector: Projector) throws(FileError) {
    guard projector.completedSteps > 0 else { return try saveBeginning() }
    // Maps that are not optimised come with the model.
    let keepsNoise = projector.settings.noiseMaps == .optimised
    var tensors: [(name: String, tensor: Tensor)] = [
      ("w", projector.w),
      ("start.mean", projector.start.mean),
      ("distances", Tensor(projector.distances, shape: [projector.distances.count])),
    ]
    if keepsNoise {
      for (index, map) in projector.noise.enumerated() { tensors.append(("noise.\(index)", map)) }
    }
    for (index, moments) in projector.optimizer.moments.enumerated() {
      tensors.append(("adam.\(index).first", moments.first))
      tensors.append(("adam.\(index).second", moments.second))
    }
    if let pose = projector.pose {
      tensors += [
        ("pose", pose), ("adam.pose.first", projector.poseOptimizer.moments[0].first),
        ("adam.pose.second", projector.poseOptimizer.moments[0].second),
      ]
    }
    if projector.searches {
      let search = projector.search
      tensors.append(("search.offset", Tensor(projector.offset, shape: [projector.offset.count])))
      for (index, move) in search.moves.enumerated() {
        let count = move.step.count
        tensors.append(("search.\(index)", Tensor(move.step + move.change, shape: [2, count])))
      }
      if let anchor = search.anchor {
        let parts = anchor.point + anchor.gradient + anchor.direction
        tensors += [
          ("search.anchor", Tensor(parts, shape: [3, anchor.point.count])),
          ("search.share", Tensor([anchor.value, anchor.share], shape: [2])),
        ]
      }
    }
    var metadata = metadata(of: projector)
    metadata["moves"] = "\(projector.search.moves.count)"
    metadata["completed steps"] = "\(projector.completedSteps)"
    if let best = projector.best {
      metadata["best step"] = "\(best.step)"
      tensors.append(("best.ws", best.ws))
      if keepsNoise {
        for (index, map) in best.noise.enumerated() {
          tensors.append(("best.noise.\(index)", map))
        }
      }
      if let pose = best.pose { tensors.append(("best.pose", pose)) }
    }
    try Safetensors.save(tensors, metadata: metadata, to: path)
  }

  /// Brings a projection that has not begun to where the file's was.
  ///
  /// - Parameter projector: made with the same model, target and settings
  /// - Throws: where the file is damaged or of another projection
  package func restore(_ projector: inout Projector) throws(ProjectionFileError) {
    let file: Checkpoint
    do {
      file = try Checkpoint.open(path: path)
    } catch {
      throw .checkpoint(error)
    }
    guard file.metadata["mien.projection"] == "1" else { throw .notProjection(path: path) }
    let hasBegun = file.metadata["completed steps"] != "0"
    let expected = hasBegun ? metadata(of: projector) : identification
    for (key, value) in expected.sorted(by: { $0.key < $1.key }) {
      let found = file.metadata[key] ?? "nothing"
      guard found == value else {
        throw .other(path: path, what: key, found: found, expected: value)
      }
    }
    guard let steps = file.metadata["completed steps"].flatMap({ Int($0) }),
      (0...projector.settings.steps).contains(steps)
    else { throw .damaged(path: path, what: "completed steps") }
    guard steps > 0 else { return }
    let keepsNoise = projector.settings.noiseMaps == .optimised
    func tensor(_ name: String, _ shape: Shape) throws(ProjectionFileError) -> Tensor {
      do {
        let tensor = try file.tensor(name)
        guard tensor.shape == shape, tensor.values.allSatisfy(\.isFinite) else {
          throw ProjectionFileError.damaged(path: path, what: name)
        }
        return tensor
      } catch let error as CheckpointError {
        throw .checkpoint(error)
      } catch let error as ProjectionFileError {
        throw error
      } catch { preconditionFailure("no other error is thrown here") }
    }
    var restored = projector
    restored.w = try tensor("w", projector.w.shape)
    for index in projector.noise.indices where keepsNoise {
      restored.noise[index] = try tensor("noise.\(index)", projector.noise[index].shape)
    }
    var moments: [Adam.Moments] = []
    for (index, fresh) in projector.optimizer.moments.enumerated() {
      moments.append(
        Adam.Moments(
          first: try tensor("adam.\(index).first", fresh.first.shape),
          second: try tensor("adam.\(index).second", fresh.second.shape)))
    }
    let decay = projector.settings.secondDecay
    restored.optimizer = Adam(moments: moments, updates: steps, beta2: decay)
    if projector.pose != nil {
      restored.pose = try tensor("pose", [4])
      let moments = Adam.Moments(
        first: try tensor("adam.pose.first", [4]), second: try tensor("adam.pose.second", [4]))
      restored.poseOptimizer = Adam(moments: [moments], updates: steps, beta2: decay)
    }
    if projector.searches {
      let count = projector.offset.count
      guard let moves = file.metadata["moves"].flatMap({ Int($0) }), (0...1000).contains(moves)
      else { throw .damaged(path: path, what: "moves") }
      restored.offset = try tensor("search.offset", [count]).values
      var kept: [QuasiNewton.Move] = []
      for index in 0..<moves {
        let values = try tensor("search.\(index)", [2, count]).values
        kept.append(
          QuasiNewton.Move(step: Array(values[..<count]), change: Array(values[count...])))
      }
      let parts = try tensor("search.anchor", [3, count]).values
      let share = try tensor("search.share", [2]).values
      restored.search = QuasiNewton(
        moves: kept,
        anchor: QuasiNewton.Anchor(
          point: Array(parts[..<count]), gradient: Array(parts[count..<2 * count]),
          direction: Array(parts[(2 * count)...]), value: share[0], share: share[1]))
    }
    restored.completedSteps = steps
    for distance in try tensor("distances", [steps]).values { restored.record(distance) }
    if let text = file.metadata["best step"] {
      guard let step = Int(text), restored.distances.indices.contains(step) else {
        throw .damaged(path: path, what: "best step")
      }
      var noise = projector.noise
      for index in noise.indices where keepsNoise {
        noise[index] = try tensor("best.noise.\(index)", noise[index].shape)
      }
      restored.best = Projector.Best(
        ws: try tensor("best.ws", projector.ws.shape), noise: noise,
        distance: restored.distances[step], step: step,
        pose: projector.pose == nil ? nil : try tensor("best.pose", [4]))
    }
    projector = restored
  }
}

/// Why a projection cannot be resumed: one line that names the file.
package enum ProjectionFileError: Error, Sendable, CustomStringConvertible {
  case checkpoint(CheckpointError)
  case notProjection(path: String)
  case other(path: String, what: String, found: String, expected: String)
  case damaged(path: String, what: String)

  package var description: String {
    switch self {
    case .checkpoint(let error): error.description
    case .notProjection(let path): "\(path): no projection under way"
    case .other(let path, let what, let found, let expected):
      "\(path): a projection with another \(what): \(found), not \(expected); start anew without "
        + "--resume"
    case .damaged(let path, let what):
      "\(path): damaged, \(what) is not what a projection of these settings has"
    }
  }
}
