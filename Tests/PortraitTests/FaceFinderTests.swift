import Files
import Foundation
import Imaging
import TestFixtures
import Testing

@testable import Portrait

/// Renders that the marks were not trained on, with theirs known from the renderer.
struct FaceFinderTests {
  private struct Render: Decodable {
    var file: String
    var leftEye: [Double]
    var rightEye: [Double]
    var mouth: [Double]

    var marks: FaceMarks {
      func point(_ p: [Double]) -> FaceMarks.Point { .init(x: p[0], y: p[1]) }
      return FaceMarks(leftEye: point(leftEye), rightEye: point(rightEye), mouth: point(mouth))
    }

    func picture() throws -> PixelImage {
      let path = TestFixtures.committed("faces/" + file).path
      return try PhotoFile(MappedFile(path: path).bytes).image
    }
  }

  private static let renders: [Render] = {
    let file = TestFixtures.committed("faces/marks.json")
    guard let data = try? Data(contentsOf: file) else { return [] }
    return (try? JSONDecoder().decode([Render].self, from: data)) ?? []
  }()

  /// How far the marks are from the true ones, as a share of the distance between the eyes.
  private func error(_ found: FaceMarks, _ true: FaceMarks) -> Double {
    func distance(_ a: FaceMarks.Point, _ b: FaceMarks.Point) -> Double {
      hypot(a.x - b.x, a.y - b.y)
    }
    let sum =
      distance(found.leftEye, `true`.leftEye) + distance(found.rightEye, `true`.rightEye)
      + distance(found.mouth, `true`.mouth)
    return sum / 3 / distance(`true`.leftEye, `true`.rightEye)
  }

  /// The picture on a larger ground, as crop of it: background that no face is in.
  private func placed(_ picture: PixelImage, in ground: PixelImage, x: Int, y: Int) -> PixelImage {
    var bytes = ground.bytes
    for row in 0..<picture.height {
      let to = ((y + row) * ground.width + x) * 3
      let from = row * picture.width * 3
      bytes.replaceSubrange(
        to..<to + picture.width * 3, with: picture.bytes[from..<from + picture.width * 3])
    }
    return PixelImage(width: ground.width, height: ground.height, bytes: bytes)
  }

  private var ground: PixelImage {
    var bytes: [UInt8] = []
    for y in 0..<480 {
      for x in 0..<640 {
        bytes.append(UInt8((x / 40 + y / 40) % 2 * 60 + 60))
        bytes.append(UInt8(x * 200 / 640))
        bytes.append(UInt8(y * 200 / 480))
      }
    }
    return PixelImage(width: 640, height: 480, bytes: bytes)
  }

  @Test func thereAreRenders() { #expect(Self.renders.count == 6) }

  @Test(arguments: renders.indices) func facesAreFoundWhereTheyAre(index: Int) throws {
    let render = Self.renders[index]
    let finder = FaceFinder()
    let faces = finder.faces(in: try render.picture())
    #expect(faces.count == 1, "\(render.file)")
    let face = try #require(faces.first)
    #expect(error(face.marks, render.marks) < 0.1, "\(render.file)")
  }

  @Test func turnedAndSmallerFacesAreFound() throws {
    let finder = FaceFinder()
    for (index, turn) in [(1, 20.0), (3, -20)] {
      let render = Self.renders[index]
      let crop = PhotoCrop(x: 128, y: 128, size: 300, angle: turn)
      let turned = try render.picture().cropped(crop, side: 150)
      let faces = finder.faces(in: placed(turned, in: ground, x: 300, y: 200))
      #expect(faces.count == 1)
      let face = try #require(faces.first)
      func moved(_ p: FaceMarks.Point) -> FaceMarks.Point {
        let point = crop.point(p.x, p.y)
        return .init(x: 300 + point.u * 150, y: 200 + point.v * 150)
      }
      let marks = render.marks
      let expected = FaceMarks(
        leftEye: moved(marks.leftEye), rightEye: moved(marks.rightEye), mouth: moved(marks.mouth))
      #expect(error(face.marks, expected) < 0.1)
      #expect(abs(face.crop.angle + turn) < 8)
    }
  }

  @Test func severalFacesComeTheLargestFirst() throws {
    let finder = FaceFinder()
    let small = try Self.renders[1].picture().scaled(width: 128, height: 128)
    var picture = placed(try Self.renders[4].picture(), in: ground, x: 20, y: 20)
    picture = placed(small, in: picture, x: 450, y: 250)
    let faces = finder.faces(in: picture)
    #expect(faces.count == 2)
    #expect(faces.map(\.crop.size) == faces.map(\.crop.size).sorted(by: >))
  }

  @Test func picturesWithoutFacesHaveNone() throws {
    let finder = FaceFinder()
    #expect(finder.faces(in: ground).isEmpty)
    #expect(finder.faces(in: PixelImage(width: 1, height: 1, bytes: [9, 9, 9])).isEmpty)
    #expect(
      finder.faces(in: PixelImage(width: 900, height: 3, filledWith: (200, 150, 120))).isEmpty)
    #expect(finder.faces(in: PixelImage(width: 1, height: 30_000, filledWith: (9, 9, 9))).isEmpty)
    #expect(finder.faces(in: PixelImage(width: 4096, height: 4096, filledWith: (9, 9, 9))).isEmpty)
  }

  @Test(arguments: [0.25, 8.0]) func smallAndLargeFacesAreFound(scale: Double) throws {
    let render = Self.renders[4]
    let side = Int(256 * scale)
    var picture = try render.picture().scaled(width: side, height: side)
    if scale < 1 { picture = placed(picture, in: ground, x: 350, y: 220) }
    let faces = FaceFinder().faces(in: picture)
    #expect(faces.count == 1)
    let face = try #require(faces.first)
    let left = (across: scale < 1 ? 350.0 : 0, down: scale < 1 ? 220.0 : 0)
    func moved(_ p: FaceMarks.Point) -> FaceMarks.Point {
      .init(x: left.across + p.x * scale, y: left.down + p.y * scale)
    }
    let marks = render.marks
    let expected = FaceMarks(
      leftEye: moved(marks.leftEye), rightEye: moved(marks.rightEye), mouth: moved(marks.mouth))
    #expect(error(face.marks, expected) < 0.12)
  }

  @Test func facesLyingOnTheirSideAreFound() throws {
    let picture = try Self.renders[2].picture()
    let turned = picture.cropped(PhotoCrop(x: 128, y: 128, size: 256, angle: 90), side: 256)
    let face = try #require(FaceFinder().faces(in: turned).first)
    #expect(abs(abs(face.crop.angle) - 90) < 8)
  }

  /// The real photograph that is beside the repository.
  @Test(
    .enabled(if: TestFixtures.photograph != nil, "the photograph is not beside the repository"))
  func aPhotographsFaceIsFound() throws {
    let path = try #require(TestFixtures.photograph)
    let photo = try PhotoFile(MappedFile(path: path).bytes).image
    let faces = FaceFinder().faces(in: photo)
    #expect(faces.count == 1)
    let face = try #require(faces.first)
    // As marked by hand.
    let marks = FaceMarks(
      leftEye: .init(x: 203, y: 101), rightEye: .init(x: 247, y: 103.5),
      mouth: .init(x: 223.5, y: 140.5))
    #expect(error(face.marks, marks) < 0.1)
  }
}
