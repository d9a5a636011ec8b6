import Foundation
import Imaging
import Testing

struct FaceMarksTests {
  private func marks(_ points: [(Double, Double)]) -> FaceMarks {
    let p = points.map { FaceMarks.Point(x: $0.0, y: $0.1) }
    return FaceMarks(leftEye: p[0], rightEye: p[1], mouth: p[2])
  }

  @Test func theCropOfAnUprightFace() throws {
    // Eyes 60 apart, the mouth 70 below: 4 · 60 against 3.6 · 70.
    let crop = try #require(marks([(70, 100), (130, 100), (100, 170)]).crop)
    #expect(abs(crop.x - 100) < 1e-9 && abs(crop.y - 107) < 1e-9)
    #expect(abs(crop.size - 252) < 1e-9 && abs(crop.angle) < 1e-9)
  }

  /// The formulas of the FFHQ script, with its quad.
  @Test func agreesWithTheQuadOfTheReference() throws {
    let face = marks([(310.5, 222.25), (372, 251.5), (318, 310)])
    let crop = try #require(face.crop)
    let l = face.leftEye, r = face.rightEye, m = face.mouth
    let eyes = ((l.x + r.x) / 2, (l.y + r.y) / 2)
    let (ex, ey) = (r.x - l.x, r.y - l.y)
    let (mx, my) = (m.x - eyes.0, m.y - eyes.1)
    var x = (ex + my, ey - mx)  // e2e − rot90(e2m), rot90((a, b)) = (−b, a)
    let length = hypot(x.0, x.1)
    let half = max(hypot(ex, ey) * 2, hypot(mx, my) * 1.8)
    x = (x.0 / length * half, x.1 / length * half)
    let y = (-x.1, x.0)
    let c = (eyes.0 + mx * 0.1, eyes.1 + my * 0.1)
    let quad = [(c.0 - x.0 - y.0, c.1 - x.1 - y.1), (c.0 + x.0 + y.0, c.1 + x.1 + y.1)]
    for (corner, (u, v)) in zip(quad, [(0.0, 0.0), (1, 1)]) {
      let place = crop.place(u, v)
      #expect(abs(place.x - corner.0) < 1e-9 && abs(place.y - corner.1) < 1e-9)
    }
  }

  @Test func marksOnOneSpotHaveNoCrop() {
    #expect(marks([(5, 5), (5, 5), (5, 5)]).crop == nil)
  }

  @Test func aFaceIsLaidOnAnother() throws {
    // The model's mean face, and the same face in a photo, moved, turned and twice as large.
    let mean = [(95.0, 110.0), (161, 112), (127, 176)]
    let turn = 25 * Double.pi / 180
    let inPhoto = mean.map { p in
      (
        300 + 2 * (p.0 * cos(turn) - p.1 * sin(turn)), 200 + 2 * (p.0 * sin(turn) + p.1 * cos(turn))
      )
    }
    let crop = try #require(marks(inPhoto).crop(like: marks(mean), side: 256))
    #expect(abs(crop.size - 512) < 1e-9 && abs(crop.angle - 25) < 1e-9)
    for (p, q) in zip(mean, inPhoto) {
      let place = crop.place(p.0 / 256, p.1 / 256)
      #expect(abs(place.x - q.0) < 1e-6 && abs(place.y - q.1) < 1e-6)
    }
  }
}
