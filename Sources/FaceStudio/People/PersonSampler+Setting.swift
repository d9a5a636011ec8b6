import CFaceStudio
import Glibc

// What a person wears, and the light, place and camera.
extension PersonSampler {
  func sampleMakeUp(into person: inout Person) {
    let amount = ramp(0.1, 0.6, feminine) * clip(0.55 + 0.6 * z["makeup"], 0, 1.4)
    let tone = z["lipstick_tone"]
    person.scene.lipstick_colour =
      Colours.oklab(0.52 + 0.06 * tone, 0.125, 0.045 + 0.02 * tone).raw
    person.scene.lipstick = Float(clip(amount * (0.30 + 0.3 * z["lipstick"]), 0, 0.75))
    person.scene.liner = Float(clip(amount * z.uniform("liner", 0.1, 1), 0, 1))
    person.scene.shadow_colour = Colours.oklab(0.45, 0.03, 0.01 - 0.03 * z["shadow"]).raw
    person.scene.eye_shadow = Float(0.30 * amount * z.share("shadow"))
    person.scene.blush += Float(0.12 * amount)
    person.scene.under_eye *= Float(1 - 0.4 * min(1, amount))
    person.labels["makeup"] = amount
  }

  func sampleGlasses(into person: inout Person) {
    let wears = z["glasses"] + 0.35 * (age - 0.5) > 0.95
    person.labels["glasses"] = wears ? 1 : 0
    guard wears else { return }
    let frame = z["frame"]
    let thickness = Interpolation.linear(z["frame_thick"], [-2, 2], [0.06, 0.165])
    let metal = 1 - ramp(0.085, 0.10, thickness)
    person.scene.glasses = frame < 0 ? 1 : frame < 0.7 ? 2 : 3
    person.scene.frame_width = Float(z.normal("frame_w", 2.65, 0.14, 2.35...2.95))
    person.scene.frame_height = Float(z.normal("frame_h", 2.02, 0.2, 1.6...2.5))
    person.scene.frame_power = Float(z.normal("frame_round", 2.7, 0.4, 2...3.6))
    person.scene.frame_thickness = Float(thickness)
    person.scene.frame_drop = -0.35
    person.scene.frame_metal = Float(metal)
    person.scene.frame =
      Colours.oklab(
        clip(0.28 + 0.14 * z["frame_tone"] + 0.25 * metal, 0.1, 0.8), 0.02 * z["frame_warm"],
        0.03 + 0.03 * z["frame_warm"]
      ).raw
  }

  func sampleClothes(into person: inout Person) {
    let kind = z["cloth_type"]
    let limits = [-0.6, 0, 0.5, 0.85, 1.25, 1.3 + 0.7 * (1 - f)]
    let kinds: [Int32] = [0, 1, 2, 3, 4, 6, 5]
    let cloth = kinds[limits.firstIndex { kind <= $0 } ?? 6]
    let pattern = z["cloth_pattern"]
    person.scene.cloth = cloth
    person.scene.pattern = pattern < 0.7 ? 0 : pattern < 1.2 ? 1 : pattern < 1.7 ? 2 : 3
    person.scene.neckline = Float(0.6 * z["cloth_neck"])
    var lightness = z.uniform("cloth_l", 0.18, 0.9)
    let (a, b, a2, b2) = (z["cloth_a"], z["cloth_b"], z["cloth2_a"], z["cloth2_b"])
    if cloth == 6 {
      person.scene.cloth_colour =
        Colours.oklab(0.22 + 0.12 * z.share("cloth_l"), 0.01 * a, 0.015 * b).raw
      person.scene.cloth_second = Colours.oklab(0.88, 0.01 * a2, 0.015 * b2).raw
      lightness = 0.28
    } else {
      person.scene.cloth_colour = Colours.oklab(lightness, 0.05 * a, 0.05 * b).raw
      person.scene.cloth_second =
        Colours.oklab(clip(0.6 + 0.2 * z["cloth2_l"], 0.2, 0.95), 0.05 * a2, 0.05 * b2).raw
    }
    person.labels["cloth_lightness"] = lightness
  }

  /// One key, a dome, a fill; a rim whose sign is its side.
  func sampleLight(into person: inout Person) {
    let azimuth = clip(0.62 * z["light_x"], -1.5, 1.5)
    let elevation = clip(0.50 + 0.24 * z["light_y"], 0, 1.1)
    let ratio = z.share("light_ratio")
    let dome = lerp(1, 0.22, ratio)
    let warmth = 0.22 * z["dome_warm"]
    person.scene.key_azimuth = Float(azimuth)
    person.scene.key_elevation = Float(elevation)
    person.scene.key_size = Float(clip(exp(-1.45 + 0.62 * z["light_size"]), 0.04, 0.75))
    person.scene.key =
      Colours.tinted(lerp(0.5, 2.4, ratio), 0.18 * z["light_warm"] + 0.05).raw
    person.scene.sky = Colours.tinted(dome * exp(0.35 * z["dome_top"]), warmth - 0.08).raw
    person.scene.horizon = Colours.tinted(dome * 0.85, warmth).raw
    person.scene.ground =
      Colours.tinted(dome * z.uniform("dome_ground", 0.2, 0.8), warmth + 0.12).raw
    person.scene.fill = Colours.tinted(0.55 * z.share("fill"), -warmth).raw
    person.scene.fill_azimuth = Float(-0.8 * azimuth)
    person.scene.fill_elevation = 0.15
    person.scene.fill_focus = 4
    let rim = z["rim"]
    person.scene.rim =
      Colours.tinted(1.1 * max(0, abs(rim) - 0.6), 0.2 * z["rim_warm"]).raw
    person.scene.rim_azimuth = rim > 0 ? 2.45 : -2.45
    person.scene.rim_elevation = 0.4
    person.labels["light_x"] = azimuth
    person.labels["light_y"] = elevation
    person.labels["light_contrast"] = ratio
    person.labels["light_warmth"] = 0.18 * z["light_warm"]
  }

  /// In display space: a gradient, and soft shapes at fixed places that show more or less.
  func sampleBackground(into person: inout Person) {
    let l1 = z.uniform("bg_l", 0.12, 0.92)
    let l2 = clip(l1 + 0.16 * z["bg2_l"] - 0.06, 0.05, 0.97)
    let (a, b) = (0.017 * z["bg_a"], 0.026 * z["bg_b"])
    person.scene.backdrop = (
      Colours.oklab(l1, a, b).raw,
      Colours.oklab(l2, a + 0.015 * z["bg2_a"], b + 0.022 * z["bg2_b"]).raw,
      Colours.oklab(
        clip(l1 + 0.14 * z["bg3_l"], 0.05, 0.97), 0.024 * z["bg3_a"], 0.032 * z["bg3_b"]
      ).raw
    )
    person.scene.backdrop_boxes = z["bg_box"] > 0.6 ? 1 : 0
    person.scene.backdrop_x = Float(0.5 * z["bg_x"])
    person.scene.backdrop_y = Float(0.6 * z["bg_y"])
    person.scene.backdrop_radius = Float(1 + 0.6 * z["bg_r"])
    person.scene.backdrop_shapes = Float(ramp(-0.2, 1.8, z["bg_blob"]))
    person.labels["bg_lightness"] = 0.5 * (l1 + l2)
    person.labels["bg_warmth"] = 0.05 * z["bg_b"]
  }

  func sampleCamera(into person: inout Person) {
    person.scene.target = Float(0.335 * exp(0.11 * z["exposure"]))
    person.scene.contrast = Float(z.uniform("contrast", 0.08, 0.42))
    person.scene.saturation = Float(z.normal("saturation", 1.06, 0.07, 0.9...1.25))
    person.scene.white = Float(z.normal("white", 0, 0.03))
    person.scene.vignette = 0.2
    person.scene.softness = 0.08
    person.labels["exposure"] = z["exposure"]
  }
}
