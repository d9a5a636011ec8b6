import CFaceStudio
import Glibc

// Hair: colour, cut, hairline; brows; beard.
extension PersonSampler {
  mutating func sampleHairColour(into person: inout Person) {
    let tone =
      z.share("hair_dark") * lerp(1, 0.18, ramp(0.28, 1.3, melanin))
      * lerp(1, 0.45, ramp(0.2, 1.2, flat))
    let red = clip(z["hair_red"] - 0.6, 0, 1.8) / 1.8 * ramp(0.05, 0.5, tone) * pale
    naturalHair = Colours.along(Colours.hair, tone)
    naturalHair = Colours.mix(
      naturalHair, Colours.linear(140, 72, 36) * (0.35 + 0.75 * tone), 0.85 * red)
    grey = ramp(-0.1, 1.0, 2.3 * (age - 0.72) + 0.33 * z["hair_grey"] + 0.1)
    let hair = Colours.mix(
      naturalHair, Colours.linear(176, 174, 171), 0.75 * ramp(0.55, 1, grey))
    person.scene.hair = hair.raw
    person.scene.hair_grey = Float(min(grey, 0.6))
    person.scene.hair_variation = 0.35
    person.scene.hair_tip = Float(0.25 * f * z.share("hair_shine"))
    person.scene.hair_shine = Float(z.uniform("hair_shine", 0.65, 1.35))
    person.labels["grey_hair"] = grey
    person.labels["hair_lightness"] = cbrt(0.21 * hair.x + 0.72 * hair.y + 0.07 * hair.z)
  }

  /// Length in cm, curl 0…1 and the arrangement pick a style; thresholds, as styles are categories.
  private func style(length: Double, curl: Double, arrangement: Double) -> HairCut.Style {
    if length < 1.2 { return .buzz }
    if length < 9.5 {
      if curl > 0.86 { return length < 5 ? .shortafro : .afro }
      if f > 0.5 { return arrangement < 0.6 ? .pixie : .sidepart }
      if arrangement < -1.2 && length > 4 { return .slick }
      return arrangement < -0.3
        ? .crop : arrangement < 0.4 ? .whorl : arrangement < 1.2 ? .sidepart : .quiff
    }
    if f > 0.4 && length > 13 && arrangement > 1.05 { return arrangement < 1.5 ? .bun : .pony }
    if curl > 0.90 {
      if length < 22 { return .afro }
      return arrangement < -0.4 ? .locs : arrangement < 0.5 ? .curly : .braids
    }
    if curl > 0.74 { return .curly }
    if length > 13 && arrangement < -1.1 { return length < 21 ? .bangsBob : .bangsLong }
    if length < 21 { return .bob }
    return arrangement < 0.1 ? .long : .sweepLong
  }

  func sampleHair(into person: inout Person) {
    let length = Interpolation.linear(
      z["hair_length"] + 2.5 * f - 1.25, [-3.6, -2.9, -2.3, -1.5, -0.5, 0.2, 0.8, 1.5, 2.5, 3.6],
      [0.35, 0.5, 1.2, 3.5, 7, 10, 17, 26, 40, 46])
    let curl = NormalDistribution.cumulative(
      z["hair_curl"] + 1.7 * (melaninShare - 0.5) + 0.8 * ramp(0.62, 0.9, melaninShare) - 0.5
        * ramp(0.3, 1.3, flat))
    let style = style(length: length, curl: curl, arrangement: z["hair_style"])
    var cut = HairCut.of(style)
    let isTied = cut.tie > 0.5
    let isLong = [.long, .sweepLong, .bob, .bangsLong, .bangsBob].contains(style)
    scaleLengths(&cut, style: style, length: length)
    if style == .pixie {
      // Short and combed flat it would be a cap.
      let short = Float(1 - ramp(3, 8, length))
      cut.lift += 0.22 * short
      cut.messy += 0.25 * short
      cut.frizz += 0.35 * short
      cut.variation += 0.25 * short
    }
    cut.volume *= Float(exp(0.22 * z["hair_volume"]))
    cut.messy *= Float(exp(0.33 * z["hair_messy"]))
    cut.frizz *= Float(exp(0.25 * z["hair_messy"]))
    cut.clump = cut.locs > 0 ? cut.clump : min(0.9, cut.clump * Float(exp(0.15 * z["hair_clump"])))
    if isLong {
      let wave = ramp(0.25, 0.78, curl)
      cut.curlSize = Float(lerp(0.06, 0.60, wave) * exp(0.15 * z["hair_wave"]))
      cut.curlTurns = Float(lerp(0.05, 0.15, wave))
      cut.curlStart = Float(lerp(10, 8, wave))
      cut.frizz *= Float(1 + 0.5 * wave)
      cut.volume *= Float(1 + 0.5 * wave)
    } else {
      cut.curlSize *= Float(exp(0.2 * z["hair_wave"]))
      cut.curlTurns *= Float(exp(0.1 * z["hair_wave"]))
    }
    if cut.flowTop == 2 {
      let parted: Set<HairCut.Style> = [.sidepart, .pixie, .sweepLong, .bob, .long, .curly]
      cut.partX = Float(
        parted.contains(style) ? clip(1.7 * z["hair_part"], -3.4, 3.4) : 0.8 * z["hair_part"])
    }
    if [.crop, .whorl, .sidepart, .quiff, .buzz].contains(style) {
      cut.fade = Float(clip(0.35 + 0.22 * z["fade"], 0, 0.8) * (1 - 0.7 * f))
    }
    cut.frontFall =
      [.long, .sweepLong, .curly, .bangsLong, .locs, .braids].contains(style)
      ? Float(z.uniform("hair_front", -0.3, 0.9)) : 0
    apply(cut, to: &person)
    if cut.fringe > 0.5 { person.scene.fringe_length = Float(z.uniform("hair_front", 4.6, 5.7)) }
    if style == .bun {
      person.scene.tie_y = Float(14.0 + 0.9 * z["hair_side"])
      person.scene.tie_z = -3.8
      person.scene.bun_radius = 2.9
    } else if style == .pony {
      person.scene.tie_y = Float(8.5 + 1.5 * z["hair_side"])
      person.scene.tie_z = -8.2
      person.scene.tail_length = Float(clip(length, 16, 26))
      person.scene.tail_side = z["hair_part"] > 0 ? 1 : -1
    }
    if isTied { person.scene.part_x = Float(0.8 * z["hair_part"]) }
    if style == .afro {
      person.scene.afro_radius = Float(
        Interpolation.linear(length, [5, 10, 22, 40], [2.0, 3.6, 5.2, 6.0]))
    }
    let bald = sampleHairline(into: &person)
    if style == .buzz {
      person.scene.scalp_tint = Float(
        lerp(0.85, 0.42, bald) * ramp(0.2, 0.9, Double(person.scene.length_top)))
    }
    let seen =
      isTied ? 5 : style == .afro ? Double(person.scene.afro_radius) * 2 : length
    person.hairStyle = style.rawValue
    person.labels["hair_length"] = log(max(seen, 0.3))
    person.labels["curliness"] = curl
    person.labels["balding"] = bald
    person.labels["tied_hair"] = isTied ? 1 : 0
    person.labels["bangs"] = cut.fringe > 0.5 ? 1 : 0
  }

  private func scaleLengths(_ cut: inout HairCut, style: HairCut.Style, length: Double) {
    let isFree = cut.tie < 0.5 && style != .afro
    let scale = isFree ? Float(clip(length / Double(cut.top), 0.5, 1.35)) : 1
    let sides = Float(exp(0.15 * z["hair_side"]))
    cut.top *= scale
    cut.side *= scale * sides
    cut.back *= scale * sides
    guard style == .buzz else { return }
    cut.top = Float(max(0.3, length))
    cut.side = Float(max(0.25, 0.6 * length))
    cut.back = cut.side
  }

  private func apply(_ cut: HairCut, to person: inout Person) {
    person.scene.hair_count = cut.count
    person.scene.length_top = cut.top
    person.scene.length_side = cut.side
    person.scene.length_back = cut.back
    person.scene.length_variation = cut.variation
    person.scene.lift = cut.lift
    person.scene.stiffness = cut.stiffness
    person.scene.gravity = cut.gravity
    person.scene.comb = cut.comb
    person.scene.volume = cut.volume
    person.scene.flow_top = cut.flowTop
    person.scene.flow_side = cut.flowSide
    person.scene.part_x = cut.partX
    person.scene.back_sweep = cut.backSweep
    person.scene.adhere = cut.adhere
    person.scene.guard = cut.guardStrength
    person.scene.guard_side = cut.guardSide
    person.scene.fringe = cut.fringe
    person.scene.fringe_width = cut.fringeWidth
    person.scene.curl_size = cut.curlSize
    person.scene.curl_turns = cut.curlTurns
    person.scene.curl_start = cut.curlStart
    person.scene.clump = cut.clump
    person.scene.frizz = cut.frizz
    person.scene.messy = cut.messy
    person.scene.hairline_softness = cut.softness
    person.scene.hair_width = cut.width
    person.scene.hair_alpha = cut.alpha
    person.scene.fade = cut.fade
    person.scene.front_fall = cut.frontFall
    person.scene.tie = cut.tie
    person.scene.tie_y = cut.tieY
    person.scene.tie_z = cut.tieZ
    person.scene.bun_radius = cut.bun
    person.scene.scalp_tint = cut.tint
    person.scene.afro_radius = cut.afro
    person.scene.locs = cut.locs
  }

  /// - Returns: how bald, 0…1
  private func sampleHairline(into person: inout Person) -> Double {
    let bald = (1 - f) * ramp(1.1, 2.9, z["balding"] + 2.2 * (age - 0.45))
    person.scene.hairline = Float(z.normal("hairline", -0.7 * f, 0.25) + 0.9 * bald)
    person.scene.recess = Float(
      (1 - f) * z.normal("hairline", 0.35, 0.25, 0...1) + 2.6 * bald)
    if bald > 0.45 {
      person.scene.crown = Float(lerp(3.0, 6.2, ramp(0.45, 1, bald)))
    }
    return bald
  }

  func sampleBrows(into person: inout Person) {
    let old =
      naturalHair * 0.5 + Colour(0.045, 0.042, 0.039) * lerp(1, 0.5, ramp(0.8, 1.4, melanin))
    let tone = Colours.limited(Colours.mix(naturalHair * 0.8, old, ramp(0.3, 0.8, grey)), 0.11)
    person.scene.brow = (tone * z.uniform("brow_tone", 0.75, 1.25)).raw
    person.scene.brow_density = Float(z.normal("brow_density", 0.85, 0.12, 0.5...1))
    person.scene.brow_thickness = Float(
      z.normal("brow_thick", lerp(1.02, 0.80, f), 0.15, 0.5...1.45))
    person.scene.brow_alpha = Float(z.normal("brow_tone", 0.45, 0.07, 0.28...0.65))
    person.scene.brow_length = Float(lerp(0.82, 0.70, f))
    person.scene.brow_offset = Float(z.normal("brow_height", 0, 0.1))
    // Their shape belongs to the person's identity, by axes that hardly move the mesh.
    person.scene.brow_arch = Float(clip(0.10 + 0.26 * f + 0.30 * z.identity(42), -0.5, 1.1))
    person.scene.brow_tilt = Float(clip(0.05 * f + 0.30 * z.identity(43), -0.8, 0.8))
    person.scene.brow_taper = Float(clip(0.45 + 0.40 * z.identity(44), -0.5, 1.4))
    person.scene.brow_gap = Float(clip(0.03 + 0.07 * f + 0.06 * z.identity(45), -0.12, 0.26))
  }

  /// From nothing over stubble to long; how strong each region is is continuous.
  func sampleBeard(into person: inout Person) {
    let man = 1 - ramp(-0.35, 0, feminine)
    let wish = z["beard"] - 0.35
    let full = man * ramp(0, 0.9, wish)
    let stubble = man * z.uniform("stubble", 0.1, 0.8) * lerp(0.35, 1, ramp(-0.8, 0.6, wish))
    let jaw = ramp(-1.2, -0.3, z["beard_jaw"])
    let chin = ramp(-2.2, -1.2, z["beard_chin"])
    let length = clip(
      (0.08 + 0.55 * ramp(0.1, 1.2, wish)) * exp(0.6 * clip(z["beard_length"], -2, 3)), 0.08, 5)
    person.scene.stubble = Float(stubble)
    person.scene.beard = (
      Float(full), Float(full * chin), Float(full * jaw * chin), Float(0.95 * full * jaw * chin),
      Float(0.45 * full * jaw * chin)
    )
    person.scene.beard_curl = Float(0.18 + 0.35 * dark)
    person.scene.beard_length = Float(length)
    person.scene.beard_colour =
      Colours.limited(naturalHair * Colour(1.15, 1, 0.9), 0.22).raw
    person.scene.beard_grey = Float(min(1, grey * 1.1 + 0.15 * ramp(0.5, 0.7, age)))
    person.labels["beard"] = full * (0.4 + 0.6 * ramp(0, 1.5, length)) + 0.15 * stubble
  }
}
