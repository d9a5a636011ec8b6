import Glibc

/// Where on the face chart lips, blush, lids, beard … are: twelve masks, a byte each.
struct SkinMasks {
  /// The order the renderer knows.
  enum Mask: Int, CaseIterable {
    case lips, blush, ear, underEye, lid, moustache, jaw, chin, sideburn, neck, oily, nostril
  }

  let size: Int
  private let masks: [[Float]]

  subscript(mask: Mask) -> [Float] { masks[mask.rawValue] }

  /// [v][u][12]
  var bytes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: size * size * masks.count)
    for (k, mask) in masks.enumerated() {
      for i in mask.indices {
        bytes[i * masks.count + k] = UInt8(min(max(mask[i], 0), 1) * 255)
      }
    }
    return bytes
  }

  init(_ paint: ChartPainting, landmarks: [Int32]) {
    size = paint.size
    let outline = landmarks[48..<60].map { paint.chart.thousandths(Int($0)) }
    let lips = paint.polygon(
      Interpolation.closedCurve(Array(outline)), blur: 2.2, isMirrored: false)
    masks = Mask.allCases.map { mask in
      switch mask {
      case .lips: lips
      case .blush: paint.field(Self.blush)
      case .ear: Self.ears(paint)
      case .underEye: paint.field(Self.underEye)
      case .lid: paint.field(Self.lid)
      case .oily: paint.field(Self.oily)
      case .nostril:
        (0..<paint.size * paint.size).map { texel in
          let (u, v) = paint.place(texel)
          let (x, y) = (u * 1000, (1 - v) * 1000)
          return min(1, bump(x, y, 457, 438, 9, 9) + bump(x, y, 543, 438, 9, 9))
        }
      case .moustache, .jaw, .chin, .sideburn, .neck: Self.beard(mask, paint, lips: lips)
      }
    }
  }

  private static func blush(_ p: SIMD3<Float>) -> Float {
    guard p.z > 3 else { return 0 }
    let x = abs(p.x)
    let (nx, ny, nz) = (p.x / 1.7, (p.y - 0.2) / 1.3, (p.z - 12.6) / 2)
    return min(
      1,
      0.9 * bump(x, p.y, 4.3, 0.2, 2.3, 1.9) + 0.75 * expf(-(nx * nx + ny * ny + nz * nz)) + 0.35
        * bump(p.x, p.y, 0, -6.3, 1.6, 1.2) + 0.15 * bump(x, p.y, 3, 7.5, 3, 1.5))
  }

  private static func ears(_ paint: ChartPainting) -> [Float] {
    let field = (0..<paint.size * paint.size).map { texel -> Float in
      let (u, v) = paint.place(texel)
      return (u < 0.1 || u > 0.9) && v > 0.40 && v < 0.69 ? 1 : 0
    }
    return paint.blurred(field, 6 * Float(paint.size) / 1024)
  }

  private static func underEye(_ p: SIMD3<Float>) -> Float {
    guard p.z > 3 else { return 0 }
    let x = abs(p.x)
    return min(
      1,
      bump(
        x - 0.12 * (p.y - 2.2), p.y + 0.06 * (x - 3) * (x - 3), 2.75, 2.35, 1.35, 0.55)
        + 0.6 * bump(x, p.y, 1.85, 3.0, 0.5, 0.7))
  }

  private static func lid(_ p: SIMD3<Float>) -> Float {
    guard p.z > 3 else { return 0 }
    let x = abs(p.x)
    let across = max(0, abs(p.y - (4.35 - 0.13 * (x - 3.1) * (x - 3.1))) - 0.25) / 0.22
    let along = max(0, abs(x - 3.1) - 1.2) / 0.6
    return expf(-across * across - along * along)
  }

  private static func oily(_ p: SIMD3<Float>) -> Float {
    guard p.z > 3 else { return 0 }
    let (x, ridge) = (abs(p.x), max(0, abs(p.y - 1.8) - 2.2))
    return min(
      1,
      0.8 * bump(p.x, p.y, 0, 8.6, 3.2, 2.2) + expf(-(p.x / 0.9) * (p.x / 0.9) - ridge * ridge)
        + 0.5 * bump(x, p.y, 4.2, 1.6, 1.3, 0.9) + 0.5 * bump(p.x, p.y, 0, -6.4, 1.1, 0.9)
        + 0.4 * bump(p.x, p.y, 0, -2.2, 0.7, 0.4))
  }

  private static func beard(_ mask: Mask, _ paint: ChartPainting, lips: [Float]) -> [Float] {
    let (points, blur): ([(Double, Double)], Float) =
      switch mask {
      case .moustache:
        (
          [
            (500, 471), (462, 468), (437, 476), (412, 498), (384, 530), (366, 566), (372, 590),
            (390, 575), (388, 558), (423, 507), (468, 490), (500, 492),
          ], 5
        )
      case .jaw:
        (
          [
            (168, 470), (205, 500), (258, 580), (330, 612), (372, 590), (392, 640), (440, 668),
            (500, 664), (500, 770), (440, 770), (345, 745), (270, 722), (205, 650), (165, 560),
            (150, 500),
          ], 9
        )
      case .chin:
        (
          [
            (404, 600), (430, 640), (470, 655), (500, 650), (500, 775), (430, 760), (395, 700),
            (382, 640),
          ], 7
        )
      case .sideburn:
        (
          [
            (128, 345), (178, 345), (185, 400), (200, 480), (205, 520), (160, 560), (142, 480),
            (132, 400),
          ], 8
        )
      default:
        (
          [
            (165, 560), (205, 650), (270, 722), (345, 745), (440, 765), (500, 765), (500, 890),
            (400, 880), (280, 820), (180, 730), (140, 640),
          ], 16
        )
      }
    var field = paint.polygon(points.map { SIMD2($0.0, $0.1) }, blur: blur)
    guard mask == .moustache || mask == .jaw || mask == .chin else { return field }
    for i in field.indices {
      field[i] *= 1 - lips[i]
      if mask == .jaw {
        let (u, v) = paint.place(i)
        field[i] *= 1 - 0.6 * bump(u * 1000, (1 - v) * 1000, 455, 662, 16, 10)
      }
    }
    return field
  }
}
