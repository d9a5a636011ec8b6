import Foundation
import Testing

@testable import FaceStudio

/// The sampler's balance, as doc/face-studio.md states it, over many draws.
@Suite struct PersonSamplerTests {
  private static let basis = Result {
    PeopleBasis(try SyntheticBasis().kit())
  }
  private static let people = Result {
    let people = try basis.get()
    return (0..<8_000).map { Person(z: Axis.draw(seed: 11, index: $0), basis: people) }
  }

  private func share(_ condition: (Person) -> Bool) throws -> Double {
    let people = try Self.people.get()
    return Double(people.count { condition($0) }) / Double(people.count)
  }
  private func values(_ label: String) throws -> [Double] {
    try Self.people.get().map { $0.labels[label] }
  }
  private func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let (ma, mb) = (a.reduce(0, +) / Double(a.count), b.reduce(0, +) / Double(b.count))
    let ab = zip(a, b).reduce(0) { $0 + ($1.0 - ma) * ($1.1 - mb) }
    let aa = a.reduce(0) { $0 + ($1 - ma) * ($1 - ma) }
    let bb = b.reduce(0) { $0 + ($1 - mb) * ($1 - mb) }
    return ab / (aa * bb).squareRoot()
  }

  @Test func axesAndLabelsAreTheAgreedOnes() {
    #expect(Axis.count == 168)
    #expect(Set(Axis.names).count == 168)
    #expect(Labels.names.count == 33)
    #expect(Axis.names[5...7] == ["shape2", "id3", "id4"])
    #expect(Axis.names.first == "sex" && Axis.names.last == "white")
    #expect(Labels.names.first == "yaw" && Labels.names.last == "bangs")
  }

  @Test func drawsAreNormalAndReproducible() {
    let z = (0..<400).flatMap { Axis.draw(seed: 3, index: $0) }.map(Double.init)
    let mean = z.reduce(0, +) / Double(z.count)
    let deviation = (z.reduce(0) { $0 + $1 * $1 } / Double(z.count)).squareRoot()
    #expect(abs(mean) < 0.01)
    #expect(abs(deviation - 1) < 0.01)
    #expect(Axis.draw(seed: 3, index: 5) == Axis.draw(seed: 3, index: 5))
    #expect(Axis.draw(seed: 3, index: 5) != Axis.draw(seed: 4, index: 5))
    #expect(Axis.draw(seed: 3, index: 5) != Axis.draw(seed: 3, index: 6))
  }

  @Test func sexPresentationIsEven() throws {
    let feminine = try values("feminine")
    #expect(abs(feminine.reduce(0, +) / Double(feminine.count)) < 0.03)
    #expect(abs(try share { $0.labels["feminine"] > 0 } - 0.5) < 0.02)
    let between = try share { abs($0.labels["feminine"]) < 0.3 }
    #expect((0.12...0.24).contains(between))
  }

  @Test func agesAreSpreadEvenly() throws {
    for (from, to) in [(0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.0)] {
      let part = try share { $0.labels["age"] >= from && $0.labels["age"] < to }
      #expect((0.20...0.31).contains(part), "\(from)…\(to): \(part)")
    }
  }

  @Test func skinTonesAreSpreadEvenly() throws {
    // Sixths of log melanin, about the six types of Fitzpatrick's scale.
    let (low, high) = (log(0.20), log(3.8))
    for k in 0..<6 {
      let from = low + (high - low) * Double(k) / 6
      let part = try share {
        $0.labels["skin_tone"] >= from && $0.labels["skin_tone"] < from + (high - low) / 6
      }
      #expect(abs(part - 1.0 / 6) < 0.02, "sixth \(k): \(part)")
    }
  }

  @Test func sexAgeSkinAndLightAreIndependent() throws {
    let labels = ["feminine", "age", "skin_tone", "light_contrast", "yaw", "smile", "bg_lightness"]
    for (i, a) in labels.enumerated() {
      for b in labels[(i + 1)...] {
        #expect(abs(correlation(try values(a), try values(b))) < 0.05, "\(a) and \(b)")
      }
    }
  }

  @Test func hairTypesAreAllThere() throws {
    let straight = try share { $0.labels["curliness"] < 0.33 }
    let wavy = try share { (0.33..<0.74).contains($0.labels["curliness"]) }
    let curled = try share { $0.labels["curliness"] >= 0.74 }
    #expect((0.25...0.50).contains(straight))
    #expect((0.22...0.45).contains(wavy))
    #expect((0.20...0.42).contains(curled))
    for style in HairCut.Style.allCases {
      let part = try share { $0.hairStyle == style.rawValue }
      #expect(part > 0.004, "\(style): \(part)")
      #expect(part < 0.20, "\(style): \(part)")
    }
    // Shorn heads are few: they would make the mean face bald.
    #expect((0.03...0.10).contains(try share { $0.hairStyle == "buzz" }))
    #expect((0.03...0.10).contains(try share { $0.labels["tied_hair"] > 0.5 }))
    #expect((0.02...0.10).contains(try share { $0.labels["bangs"] > 0.5 }))
    #expect((0.06...0.25).contains(try share { $0.labels["grey_hair"] > 0.5 }))
  }

  @Test func attributesHaveTheirShares() throws {
    #expect((0.15...0.22).contains(try share { $0.labels["glasses"] > 0.5 }))
    #expect((0.012...0.05).contains(try share { $0.labels["eyes_open"] < -0.5 }))
    let bearded = try share { $0.labels["beard"] > 0.3 }
    #expect((0.06...0.20).contains(bearded))
    #expect(try share { $0.labels["beard"] > 0.05 && $0.labels["feminine"] > 0.1 } == 0)
  }

  /// No eyes stare: they stay near the camera, and those that look away are not opened wide.
  @Test func eyesDoNotStare() throws {
    // In profile the eyes cannot turn far enough to meet the camera.
    #expect(try share { abs($0.labels["gaze_x"]) > 0.30 && abs($0.labels["yaw"]) < 0.5 } < 0.01)
    #expect(try share { abs($0.labels["gaze_y"]) > 0.25 } < 0.01)
  }

  @Test func everyAxisChangesThePersonAndNothingIsNotFinite() throws {
    let basis = try Self.basis.get()
    func state(_ z: [Float]) -> [Float] {
      let person = Person(z: z, basis: basis)
      var scene = person.scene
      let numbers = unsafe withUnsafeBytes(of: &scene) { unsafe Array($0) }
      return person.identity + person.expression.weights + person.labels.values
        + numbers.map(Float.init)
    }
    // A man in glasses with a beard and a woman with make-up between them use all axes.
    var man = [Float](repeating: 0.1, count: Axis.count)
    man[Axis.index("sex")] = -1
    man[Axis.index("beard")] = 1.2
    man[Axis.index("glasses")] = 2
    man[Axis.index("balding")] = 0.9
    man[Axis.index("freckles")] = 1.2
    man[Axis.index("melanin")] = -1.5
    man[Axis.index("rim")] = 1
    var woman = man
    woman[Axis.index("sex")] = 1
    woman[Axis.index("hair_length")] = 0.5
    for (k, name) in Axis.names.enumerated() {
      let isUsed = [man, woman].contains { base in
        [Float(1.7), -1.7].contains { step in
          var moved = base
          moved[k] += step
          return state(base) != state(moved)
        }
      }
      #expect(isUsed, "\(name) changes nothing")
    }
    for index in 0..<200 {
      let z = Axis.draw(seed: 5, index: index).map { $0 * 3 }
      let person = Person(z: z, basis: basis)
      let numbers = person.identity + person.expression.weights + person.labels.values
      #expect(numbers.allSatisfy { $0.isFinite })
      #expect(person.identity.allSatisfy { abs($0) <= 2.2 })
    }
  }
}
