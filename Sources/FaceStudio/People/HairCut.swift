/// How hair of one style grows; lengths in cm. The sampler scales these continuously.
struct HairCut: Hashable, Sendable {
  enum Style: String, CaseIterable, Sendable {
    case buzz, crop, whorl, sidepart, quiff, slick, bob, long, curly, afro, shortafro, bun, pony
    case bangsLong, bangsBob, locs, braids, pixie, sweepLong
  }

  var count: Float = 30_000
  var top: Float = 4
  var side: Float = 2
  var back: Float = 2
  var variation: Float = 0.3
  var lift: Float = 0.3
  var stiffness: Float = 1.2
  var gravity: Float = 0.05
  var comb: Float = 0.5
  var volume: Float = 1
  /// 0 whorl, 1 back, 2 parting, 3 forward, 4 up, 5 to a tie, 6 outwards
  var flowTop: Int32 = 0
  /// 0 down, 1 back, 2 forward, 5 to a tie, 6 outwards
  var flowSide: Int32 = 0
  var partX: Float = 0
  var backSweep: Float = 0.5
  var adhere: Float = 0.25
  var guardStrength: Float = 0
  var guardSide: Float = 6.2
  var fringe: Float = 0
  var fringeWidth: Float = 5
  var curlSize: Float = 0
  var curlTurns: Float = 0
  var curlStart: Float = 2
  var clump: Float = 0.45
  var frizz: Float = 0.3
  var messy: Float = 0.2
  var softness: Float = 0.6
  var width: Float = 0.022
  var alpha: Float = 0.7
  var fade: Float = 0
  var frontFall: Float = 0
  var tie: Float = 0
  var tieY: Float = 6
  var tieZ: Float = -9
  var bun: Float = 0
  var tint: Float = 0.9
  var afro: Float = 0
  var locs: Float = 0

  static func of(_ style: Style) -> HairCut {
    var c = HairCut()
    switch style {
    case .buzz:
      (c.count, c.top, c.side, c.back) = (52_000, 0.7, 0.4, 0.4)
      (c.lift, c.stiffness, c.gravity, c.comb, c.volume) = (0.45, 1, 0, 0.25, 0.3)
      (c.clump, c.frizz, c.messy, c.width, c.alpha, c.tint) = (0, 0.15, 0.25, 0.018, 0.36, 0.75)
    case .crop:
      (c.top, c.side, c.back, c.variation) = (4.0, 1.8, 1.8, 0.35)
      (c.lift, c.comb, c.volume, c.flowTop) = (0.35, 0.45, 0.9, 3)
      (c.frizz, c.messy, c.fade) = (0.5, 0.35, 0.3)
    case .whorl:
      (c.top, c.side, c.back, c.variation) = (5.0, 2.5, 2.5, 0.4)
      (c.gravity, c.volume, c.clump) = (0.08, 1.1, 0.5)
      (c.frizz, c.messy, c.fade) = (0.5, 0.35, 0.2)
    case .sidepart:
      (c.top, c.side, c.back) = (8.5, 2.2, 2.2)
      (c.lift, c.comb, c.volume, c.flowTop, c.backSweep) = (0.35, 0.55, 1.4, 2, 0.9)
      (c.partX, c.messy, c.fade, c.guardStrength, c.guardSide) = (2.6, 0.15, 0.3, 0.6, 7)
    case .quiff:
      (c.top, c.side, c.back, c.variation) = (7.0, 1.5, 1.8, 0.35)
      (c.lift, c.stiffness, c.gravity, c.volume, c.flowTop) = (0.65, 1.4, 0.02, 2.2, 4)
      (c.clump, c.frizz, c.fade) = (0.5, 0.35, 0.45)
    case .slick:
      (c.top, c.side, c.back, c.variation) = (12, 7, 5, 0.2)
      (c.lift, c.comb, c.volume, c.flowTop, c.flowSide) = (0.25, 0.6, 0.7, 1, 1)
      (c.clump, c.frizz, c.messy, c.softness) = (0.5, 0.2, 0.1, 1.2)
    case .bob, .bangsBob:
      (c.count, c.top, c.side, c.back, c.variation) = (20_000, 18.5, 11.5, 9.5, 0.08)
      (c.gravity, c.comb, c.volume, c.flowTop, c.backSweep) = (0.5, 0.35, 1.1, 2, 0.25)
      (c.clump, c.frizz, c.messy, c.tint) = (0.5, 0.25, 0.12, 1)
      (c.guardStrength, c.guardSide, c.adhere, c.width) = (0.6, 6.6, 0.45, 0.027)
      (c.curlSize, c.curlTurns, c.curlStart) = (0.22, 0.06, 10)
    case .long, .bangsLong, .sweepLong, .locs, .braids:
      (c.count, c.top, c.side, c.back, c.variation) = (17_000, 42, 36, 34, 0.25)
      (c.gravity, c.comb, c.volume, c.flowTop, c.backSweep) = (0.5, 0.3, 1.1, 2, 0.3)
      (c.partX, c.clump, c.frizz, c.messy, c.tint) = (0.3, 0.6, 0.25, 0.1, 1)
      (c.guardStrength, c.guardSide, c.adhere, c.width) = (0.6, 6.8, 0.55, 0.03)
      (c.curlSize, c.curlTurns, c.curlStart, c.frontFall) = (0.22, 0.06, 10, 0.3)
    case .curly:
      (c.count, c.top, c.side, c.back) = (17_000, 26, 22, 22)
      (c.lift, c.stiffness, c.gravity, c.comb, c.volume) = (0.45, 1, 0.35, 0.25, 2.6)
      (c.flowTop, c.backSweep, c.partX, c.clump, c.frizz) = (2, 0.3, 0.8, 0.75, 0.5)
      (c.messy, c.tint, c.guardStrength, c.guardSide) = (0.25, 1, 0.6, 7.2)
      (c.curlSize, c.curlTurns, c.curlStart, c.adhere, c.width) = (0.75, 0.32, 5, 0.55, 0.029)
    case .afro, .shortafro:
      let short = style == .shortafro
      (c.count, c.variation) = (26_000, 0.25)
      (c.top, c.side, c.back) = short ? (2.6, 1.6, 1.6) : (7, 6, 6)
      (c.lift, c.stiffness, c.gravity, c.comb, c.volume) = (1, 1.5, 0.02, 0.15, 0.3)
      (c.flowTop, c.flowSide, c.clump, c.messy, c.tint) = (6, 6, 0.5, 0.5, 1)
      (c.width, c.softness) = (0.03, 0.35)
      if short {
        (c.count, c.curlSize, c.curlTurns, c.curlStart) = (34_000, 0.25, 1.4, 0.6)
        (c.frizz, c.fade, c.afro) = (0.4, 0.3, 1.6)
      } else {
        (c.curlSize, c.curlTurns, c.curlStart, c.frizz, c.afro) = (0.3, 1.0, 1.2, 0.5, 4.5)
      }
    case .bun, .pony:
      (c.count, c.top, c.side, c.back, c.variation) = (26_000, 22, 18, 16, 0.1)
      (c.lift, c.stiffness, c.gravity, c.comb, c.volume) = (0.2, 1.1, 0, 0.9, 0.6)
      (c.flowTop, c.flowSide, c.clump, c.frizz, c.messy) = (5, 5, 0.45, 0.32, 0.12)
      (c.tie, c.softness, c.tint) = (1, 1.7, 0.85)
    case .pixie:
      (c.count, c.top, c.side, c.back) = (28_000, 8, 4.5, 4)
      (c.lift, c.stiffness, c.gravity, c.flowTop, c.backSweep) = (0.28, 1.1, 0.1, 2, -0.45)
      (c.volume, c.partX, c.clump, c.frizz, c.tint) = (1.2, 3.2, 0.5, 0.35, 0.95)
      (c.adhere, c.softness) = (0.3, 0.5)
    }
    switch style {
    case .bangsLong, .bangsBob:
      (c.fringe, c.count, c.alpha, c.volume, c.lift, c.partX) = (1, 26_000, 0.85, 0.8, 0.2, 0)
      c.fringeWidth = style == .bangsLong ? 5.2 : 5.4
    case .sweepLong:
      (c.backSweep, c.partX, c.guardStrength, c.guardSide) = (-0.15, 2.6, 0.45, 6)
    case .locs, .braids:
      (c.count, c.clump, c.frizz, c.width, c.softness) = (22_000, 0.985, 0.12, 0.026, 0.1)
      (c.curlSize, c.curlTurns, c.volume, c.messy) = (0.15, 0.08, 1.4, 0.2)
      (c.locs, c.top, c.side, c.back, c.variation, c.partX) = (0.30, 26, 24, 24, 0.4, 1)
      if style == .braids {
        (c.locs, c.top, c.side, c.back, c.messy, c.partX) = (0.20, 38, 34, 34, 0.08, 0)
      }
    default: break
    }
    return c
  }
}
