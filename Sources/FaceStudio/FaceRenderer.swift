import CFaceStudio
package import Imaging

/// Renders people, one at a time; a second thread needs a renderer of its own. The same person gives
/// the same pixels whatever was rendered before.
@safe
package final class FaceRenderer {
  package let model: FaceModel
  package let size: Int
  private let basis: PeopleBasis
  private let scene: OpaquePointer

  /// A picture and what is known about it.
  package struct Picture: Sendable {
    package let image: PixelImage
    package let labels: Labels
    /// The 68 landmarks in pixels.
    package let landmarks: [SIMD2<Float>]
  }

  /// - Parameters:
  ///   - size: pixels along a side; 16…2048.
  ///   - samples: samples along a pixel's side; 2 for pictures.
  package init(_ model: FaceModel, size: Int, samples: Int = 2) {
    precondition((16...2048).contains(size) && (1...4).contains(samples), "size \(size)")
    self.model = model
    self.size = size
    basis = PeopleBasis(model.kit)
    let made = unsafe withUnsafePointer(to: model.raw) { raw in
      // The scene keeps the address, so it gets a copy that stays.
      let kept = UnsafeMutablePointer<studio_model>.allocate(capacity: 1)
      unsafe kept.initialize(to: raw.pointee)
      return unsafe (studio_scene_make(kept, Int32(size), Int32(samples)), kept)
    }
    guard let scene = unsafe made.0 else {
      preconditionFailure("no memory to render pictures of \(size)x\(size)")
    }
    unsafe self.scene = scene
    unsafe copy = made.1
  }

  private let copy: UnsafeMutablePointer<studio_model>

  deinit {
    unsafe studio_scene_free(scene)
    unsafe copy.deallocate()
  }

  /// The picture at a place of the axes (`Axis.names`).
  /// - Precondition: one number for each axis.
  package func render(z: [Float]) -> Picture { render(Person(z: z, basis: basis)) }

  package func render(_ person: Person) -> Picture {
    var bytes = [UInt8](repeating: 0, count: size * size * 3)
    var measure = studio_measure()
    var scenery = person.scene
    unsafe studio_render(
      scene, &scenery, person.identity, person.expression.weights, &bytes, &measure)
    let landmarks = unsafe withUnsafeBytes(of: measure.landmarks) {
      let numbers = unsafe $0.bindMemory(to: Float.self)
      return (0..<68).map { unsafe SIMD2(numbers[2 * $0], numbers[2 * $0 + 1]) }
    }
    return Picture(
      image: PixelImage(width: size, height: size, bytes: bytes), labels: person.labels,
      landmarks: landmarks)
  }
}
