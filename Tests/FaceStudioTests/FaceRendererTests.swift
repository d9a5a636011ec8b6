import Foundation
import Imaging
import Testing

@testable import FaceStudio

@Suite struct FaceRendererTests {
  private func z(_ index: Int) -> [Float] { Axis.draw(seed: 1, index: index) }

  @Test func samePersonSamePixels() throws {
    let model = try FaceFixtures.model()
    let first = FaceRenderer(model, size: 64)
    let pictures = (0..<6).map { first.render(z: z($0)) }
    // In another order, by another renderer, after other pictures.
    let second = FaceRenderer(model, size: 64)
    for index in [3, 0, 5, 1, 4, 2, 3] {
      let again = second.render(z: z(index))
      #expect(again.image == pictures[index].image, "picture \(index)")
      #expect(again.labels == pictures[index].labels)
    }
  }

  @Test func picturesDifferAndAreNoBlanks() throws {
    let renderer = FaceRenderer(try FaceFixtures.model(), size: 64)
    let images = (0..<4).map { renderer.render(z: z($0)).image }
    #expect(Set(images).count == 4)
    for image in images {
      let mean = Double(image.bytes.reduce(0) { $0 + Int($1) }) / Double(image.bytes.count)
      #expect((15...240).contains(mean))
      #expect(Set(image.bytes).count > 60)
    }
  }

  @Test func oneSampleAPixelWorksToo() throws {
    let renderer = FaceRenderer(try FaceFixtures.model(), size: 33, samples: 1)
    #expect(renderer.render(z: z(0)).image.width == 33)
  }

  @Test func landmarksLieInThePicture() throws {
    let renderer = FaceRenderer(try FaceFixtures.model(), size: 64)
    let landmarks = renderer.render(z: [Float](repeating: 0, count: Axis.count)).landmarks
    #expect(landmarks.count == 68)
    let eyes = landmarks[36..<48].reduce(SIMD2<Float>(0, 0), +) / 12
    #expect(abs(eyes.x - 32) < 4)
    #expect((22...36).contains(eyes.y))
    #expect(landmarks[8].y > eyes.y)
  }

  /// Moving one axis moves the picture where it should.
  @Test func lightComesFromItsSide() throws {
    let renderer = FaceRenderer(try FaceFixtures.model(), size: 64)
    func balance(_ x: Float) -> Int {
      var z = [Float](repeating: 0, count: Axis.count)
      z[Axis.index("light_x")] = x
      z[Axis.index("light_ratio")] = 1.5
      let image = renderer.render(z: z).image
      func sum(_ columns: Range<Int>) -> Int {
        (28..<44).reduce(0) { sum, y in
          columns.reduce(sum) { $0 + Int(image.bytes[3 * (y * 64 + $1) + 1]) }
        }
      }
      return sum(36..<42) - sum(22..<28)
    }
    #expect(balance(2) > balance(0))
    #expect(balance(0) > balance(-2))
  }

  @Test(.enabled(if: FaceFixtures.realFolder != nil, "the real basis is not beside the repository"))
  func darkSkinIsDarkerThanPaleSkin() throws {
    let renderer = FaceRenderer(try FaceFixtures.realModel(), size: 64)
    func cheek(_ melanin: Float) -> Int {
      var z = [Float](repeating: 0, count: Axis.count)
      z[Axis.index("melanin")] = melanin
      let picture = renderer.render(z: z)
      let p = (picture.landmarks[2] + picture.landmarks[31]) / 2
      return Int(picture.image.bytes[3 * (Int(p.y) * 64 + Int(p.x)) + 1])
    }
    let tones = [-2, -1, 0, 1, 2].map { cheek($0) }
    #expect(tones == tones.sorted(by: >), "\(tones)")
    #expect(tones[0] > tones[4] + 50)
  }
}
