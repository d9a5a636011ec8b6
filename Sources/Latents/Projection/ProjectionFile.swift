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
    return [
      "mien.projection": "1", "model": identity.model, "target": identity.target,
      "features": projector.featureName, "space": settings.space.rawValue,
      "noise maps": settings.noiseMaps.rawValue, "steps": "\(settings.steps)",
      "seed": "\(settings.seed)",
      "learning rate":
        "\(settings.learningRate), \(settings.rampUp), \(settings.rampDown)",
      "coordinates": settings.coordinates.rawValue, "crop": settings.crop.rawValue,
      "crop learning rate": "\(settings.cropLearningRate)",
      "early share": "\(settings.earlyShare)",
      "second decay": "\(settings.secondDecay)", "stops when level": "\(settings.stopsWhenLevel)",
      "noise": "\(settings.initialNoise), \(settings.noiseRamp), \(settings.noiseRegularisation)",
    ]
  }

  /// Writes the projection as it stands; complete or not at all.
  package func save(_ projector: Projector) throws(FileError) {
    var tensors: [(name: String, tensor: Tensor)] = [
      ("w", projector.w),
      ("start.mean", projector.start.mean),
      ("distances", Tensor(projector.distances, shape: [projector.distances.count])),
    ]
    for (index, map) in projector.noise.enumerated() { tensors.append(("noise.\(index)", map)) }
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
    var metadata = metadata(of: projector)
    metadata["completed steps"] = "\(projector.completedSteps)"
    if let best = projector.best {
      metadata["best step"] = "\(best.step)"
      tensors.append(("best.ws", best.ws))
      for (index, map) in best.noise.enumerated() {
        tensors.append(("best.noise.\(index)", map))
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
    for (key, value) in metadata(of: projector).sorted(by: { $0.key < $1.key }) {
      let found = file.metadata[key] ?? "nothing"
      guard found == value else {
        throw .other(path: path, what: key, found: found, expected: value)
      }
    }
    guard let steps = file.metadata["completed steps"].flatMap({ Int($0) }),
      (0...projector.settings.steps).contains(steps)
    else { throw .damaged(path: path, what: "completed steps") }
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
    for index in projector.noise.indices {
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
    restored.completedSteps = steps
    restored.distances = try tensor("distances", [steps]).values
    if let text = file.metadata["best step"] {
      guard let step = Int(text), restored.distances.indices.contains(step) else {
        throw .damaged(path: path, what: "best step")
      }
      var noise: [Tensor] = []
      for (index, map) in projector.noise.enumerated() {
        noise.append(try tensor("best.noise.\(index)", map.shape))
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
