import CFaceStudio
import Glibc

func clip(_ x: Double, _ low: Double, _ high: Double) -> Double { min(max(x, low), high) }
func ramp(_ a: Double, _ b: Double, _ x: Double) -> Double {
  let t = clip((x - a) / (b - a), 0, 1)
  return t * t * (3 - 2 * t)
}
func lerp(_ a: Double, _ b: Double, _ t: Double) -> Double { a + (b - a) * t }

/// From a place on the axes to a person. Scalars pass through the inverse of their distribution
/// function, categories are thresholds, so that every normal z is a valid person.
struct PersonSampler {
  let z: AxisValues

  // What several parts of a person follow.
  /// −1 masculine … 1 feminine in presentation, bimodal.
  let feminine: Double
  /// 0…1 of the same
  let f: Double
  /// 0 young adult … 1 old
  let age: Double
  /// 0…1, uniform, of the skin's melanin
  let melaninShare: Double
  let melanin: Double
  /// 0…1
  let dark: Double
  let pale: Double
  /// Flat and wide (+) or deep-set and narrow (−).
  let flat: Double

  var smile = 0.0
  var naturalHair = Colour(repeating: 0)
  var grey = 0.0

  init(z: AxisValues) {
    self.z = z
    feminine = 0.78 * tanh(1.5 * z["sex"]) + 0.14 * z["sex"]
    f = ramp(-0.6, 0.6, feminine)
    age = pow(z.share("age"), 1.15)
    melaninShare = z.share("melanin")
    melanin = exp(lerp(log(0.20), log(3.8), melaninShare))
    dark = ramp(1.0, 2.4, melanin)
    pale = 1 - ramp(0.35, 0.9, melanin)
    flat = z["shape1"]
  }

  mutating func sample(into person: inout Person) {
    // Small-scale noise is the same in all pictures, so that a picture is a function of z alone.
    person.scene.seed = 1
    person.labels["age"] = age
    person.labels["feminine"] = feminine
    person.labels["skin_tone"] = log(melanin)
    sampleIdentity(into: &person)
    sampleSkin(into: &person)
    sampleExpression(into: &person)
    samplePose(into: &person)
    sampleEyes(into: &person)
    sampleHairColour(into: &person)
    sampleHair(into: &person)
    sampleBrows(into: &person)
    sampleMakeUp(into: &person)
    sampleBeard(into: &person)
    sampleGlasses(into: &person)
    sampleClothes(into: &person)
    sampleLight(into: &person)
    sampleBackground(into: &person)
    sampleCamera(into: &person)
  }

  private func sampleIdentity(into person: inout Person) {
    for mode in Axis.identityModes {
      person.identity[mode] = Float((mode < 30 ? 0.82 : 0.68) * z.identity(mode))
    }
    person.identity[0] = Float(0.95 * feminine + 0.42 * z["shape0"])
    person.identity[1] = Float(0.10 - 0.35 * pale + 0.95 * flat)
    person.identity[2] = Float(-0.15 - 1.35 * dark + 1.9 * (age - 0.40) + 0.42 * z["shape2"])
    for mode in person.identity.indices {
      person.identity[mode] = min(max(person.identity[mode], -2.2), 2.2)
    }
  }

  private func sampleSkin(into person: inout Person) {
    let old = clip((age - 0.25) / 0.75, 0, 1)
    let blood = z.normal("blood", lerp(0.49, 0.42, ramp(0.8, 1.6, melanin)), 0.07, 0.34...0.7)
    person.scene.melanin = Float(melanin)
    person.scene.haemoglobin = Float(blood)
    person.labels["redness"] = blood
    person.scene.mottle = Float(z.uniform("mottle", 0.35, 0.75) + 0.2 * age)
    person.scene.blush = Float(z.normal("blush", 0.19, 0.10, 0...0.5) * lerp(1, 0.7, dark))
    person.scene.under_eye = Float(z.normal("undereye", 0.35 + 0.5 * age, 0.22, 0...1.3))
    person.scene.oil = Float(z.normal("oil", 0.85 - 0.15 * dark, 0.25, 0.35...1.6))
    person.scene.rough = Float(z.uniform("rough", 0.32, 0.7))
    person.scene.ear_red = Float(z.uniform("ears_red", 0.1, 0.4))
    person.scene.lip_blood = Float(
      z.normal("lip_colour", lerp(1.1, 1.3, f), 0.2, 0.6...1.8) * lerp(1, 0.75, dark))
    person.scene.lip_melanin = Float(0.15 + 0.1 * melanin * dark)
    person.scene.lip_gloss = Float(
      z.uniform("lip_colour", 0, 0.3) + 0.4 * f * z.share("makeup"))
    person.scene.freckle = Float(
      clip(z["freckles"] - 0.9, 0, 1) * (1 - ramp(0.5, 0.8, melanin)))
    person.scene.pores = Float(0.04 + 0.04 * age)
    person.scene.sunspots = Float(max(0, age - 0.55) * 0.8 * pale)
    let wrinkle = min(pow(old, 1.3) * exp(0.35 * z["wrinkles"]) * 0.082, 0.13)
    let w = Float(wrinkle)
    person.scene.wrinkle = (w, w, w, w, w, Float(0.012 + 0.03 * old))
  }

  private mutating func sampleExpression(into person: inout Person) {
    let mood = Interpolation.linear(
      z["smile"], [-3, -1.6, -0.9, 0, 1.3, 3], [-0.7, -0.2, 0.05, 0.42, 0.85, 1.08])
    smile = max(mood, 0)
    var open = Interpolation.linear(
      z["mouth_open"], [-1, 0.6, 1.4, 2.3, 3.2], [0, 0, 0.14, 0.34, 0.55])
    let side = 0.08 * z["mouth_side"]
    var e = person.expression
    e.add("mouthSmile", smile * 0.85, asymmetry: side)
    // A smile narrows the eyes, but does not close them.
    e.add("cheekSquint", smile * 0.34)
    e.add("eyeSquint", smile * 0.14)
    e.add("mouthDimple", smile * 0.2)
    e.add("mouthFrown", max(0, -mood))
    e.add("browDown", max(0, -mood) * 0.5)
    let teeth = ramp(0.25, 0.9, smile) * z.share("teeth")
    e.add("mouthUpperUp", 0.42 * teeth)
    e.add("mouthLowerDown", 0.30 * teeth)
    open = max(open, 0.11 * teeth)
    e.add("jawOpen", open)
    e.add("mouthStretch", max(0, z["stretch"] - 0.3) * 0.18)
    let pucker = max(0, z["pucker"] - 1.1)
    e.add("mouthPucker", min(0.75, 0.6 * pucker) * (1 - min(1, smile)))
    e.add("mouthFunnel", min(0.4, 0.3 * pucker))
    let closed = 1 - ramp(0, 0.08, open)
    e.add("mouthPress", max(0, z["press"]) * 0.22 * closed)
    e.add("mouthShrugLower", max(0, z["lower_lip"]) * 0.16 * closed)
    e.add("mouthRollLower", max(0, -z["lower_lip"]) * 0.12 * closed)
    e.add("mouthLeft", max(0, 0.11 * z["mouth_side"]))
    e.add("mouthRight", max(0, -0.11 * z["mouth_side"]))
    person.scene.wrinkle.4 += Float(0.035 * smile * (0.4 + age))
    person.scene.wrinkle.2 += Float(0.03 * smile * max(0, age - 0.1))

    let brow = 0.30 * z["brow_up"] + 0.08
    e.add(
      "browOuterUp", clip(brow, 0, 0.5), asymmetry: 0.3 * clip(z["brow_asym"], -2, 2))
    e.add("browDown", clip(-brow, 0, 0.6))
    let inner = clip(0.7 * brow + 0.12 * z["brow_inner"], 0, 0.5)
    e.add("browInnerUp_L", inner)
    e.add("browInnerUp_R", inner)
    person.labels["smile"] = mood
    person.labels["mouth_open"] = open
    person.labels["brow_height"] = brow
    person.expression = e
  }

  private func samplePose(into person: inout Person) {
    let yaw = z.normal("yaw", 0, 0.33, -0.9...0.9)
    let pitch = z.normal("pitch", 0.03, 0.10, -0.26...0.3)
    let roll = z.normal("roll", 0, 0.055, -0.17...0.17)
    person.scene.yaw = Float(yaw)
    person.scene.pitch = Float(pitch)
    person.scene.roll = Float(roll)
    person.scene.body_yaw = Float(0.45 * yaw + 0.10 * z["body_yaw"])
    person.scene.body_pitch = Float(0.3 * pitch)
    person.scene.camera_distance = Float(z.uniform("distance", 60, 130))
    person.scene.crop = Float(z.uniform("crop", 25.6, 29.0))
    person.scene.offset_x = Float(z.normal("off_x", 0, 0.3))
    person.scene.offset_y = Float(z.normal("off_y", -0.2, 0.3))

    // Eyes keep to the camera; far off they would stare, so the tails are bent in.
    func away(_ name: String) -> Double { 0.30 * tanh(0.16 * z[name] + 0.022 * pow(z[name], 3)) }
    let gazeX = clip(-yaw * 0.90 + away("gaze_x"), -0.50, 0.50)
    let gazeY = clip(-pitch * 0.9 + 0.6 * away("gaze_y"), -0.28, 0.28)
    person.scene.gaze_yaw = Float(gazeX)
    person.scene.gaze_pitch = Float(-gazeY)
    // Lids: the further the eyes turn, the less they are opened wide.
    let open = Interpolation.linear(
      z["eyes_open"], [-3, -2.1, -1.7, -1, 0, 2.5], [-1, -0.85, -0.32, -0.05, 0.26, 0.42])
    var e = person.expression
    e.add("eyeBlink", max(0, -open))
    let turned = clip(abs(gazeX + yaw) / 0.3 + max(0, -gazeY) / 0.5, 0, 1)
    e.add("eyeWide", max(0, open) * (1 - 0.3 * min(1, smile)) * (1 - 0.5 * turned))
    e.add("eyeSquint", max(0, z["squint"]) * 0.16)
    e.add("eyeLookUp", clip(-gazeY / 0.5, 0, 0.7))
    e.add("eyeLookDown", clip(gazeY * 0.85, 0, 0.42))
    e.add("eyeLookOut_L", clip(gazeX / 0.6, 0, 1))
    e.add("eyeLookIn_R", clip(gazeX / 0.6, 0, 1))
    e.add("eyeLookIn_L", clip(-gazeX / 0.6, 0, 1))
    e.add("eyeLookOut_R", clip(-gazeX / 0.6, 0, 1))
    person.expression = e
    person.labels["yaw"] = yaw
    person.labels["pitch"] = pitch
    person.labels["roll"] = roll
    person.labels["eyes_open"] = open
    person.labels["gaze_x"] = gazeX + yaw
    person.labels["gaze_y"] = gazeY + pitch
  }

  private func sampleEyes(into person: inout Person) {
    // The paler the skin, the lighter the iris may be.
    let light =
      pow(z.share("eye_colour"), lerp(1, 3.5, ramp(0.25, 1.2, melanin)))
      * lerp(1, 0.3, ramp(0.5, 1.6, melanin)) * lerp(1, 0.5, ramp(0.3, 1.4, flat))
    person.scene.iris =
      (Colours.along(Colours.eyes, light) * exp(0.16 * z["eye_bright"])).raw
    person.scene.iris_size = Float(z.normal("iris_size", 1, 0.03))
    person.scene.pupil = Float(z.normal("pupil", 1, 0.17, 0.65...1.4))
    person.scene.sclera_red = Float(z.normal("sclera", 0.42 + 0.2 * age, 0.18, 0.1...1.1))
    person.scene.sclera_light = Float(lerp(1, 0.80, dark))
    person.scene.lash_length = Float(z.uniform("lashes", 0.7, 0.9) + 0.3 * f)
    person.scene.lash_density = Float(z.uniform("lashes", 0.55, 0.85) + 0.4 * f)
    // Teeth, by axes of identity that hardly move the shape.
    person.scene.tooth_light = Float(0.98 - 0.12 * age + 0.04 * z.identity(46))
    person.scene.tooth_yellow = Float(clip(0.35 + 0.4 * age + 0.2 * z.identity(47), 0, 1.2))
    person.scene.tooth_gap = Float(clip(0.72 + 0.18 * z.identity(48), 0.3, 1.1))
    person.labels["eye_lightness"] = light
  }
}
