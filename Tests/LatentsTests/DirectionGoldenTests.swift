import Checkpoints
import Foundation
import Latents
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// Directions and edits against the reference implementations, on the fixture network.
@Suite(.enabled(if: TestFixtures.shared != nil, "the shared fixtures are not here"))
struct DirectionGoldenTests {
  private let folder = TestFixtures.shared!
  private let generator: Generator

  init() throws {
    generator = try ModelFile.load(
      path: folder.appending(path: "sg2ada_skip/network.pkl").path
    ).generator
  }

  private func arrays(_ name: String) throws -> NPZArchive {
    try NPZArchive.load(path: folder.appending(path: "directions/\(name).npz").path)
  }

  @Test(
    arguments: [("all", LayerRange.all), ("r0_1", LayerRange(0...1)), ("r2_4", LayerRange(2...4))],
    [false, true])
  func sefa(range: (name: String, rows: LayerRange), normalized: Bool) throws {
    let golden = try arrays("sefa")
    let prefix = range.name + (normalized ? "_normalized" : "")
    let values = try golden.array(prefix + "_eigenvalues").tensor.values
    let vectors = try golden.array(prefix + "_eigenvectors").tensor.values
    let found = try #require(
      ClosedFormFactorization(generator, rows: range.rows, normalized: normalized, count: 64))
    #expect(relativeError(found.eigenvalues, values) < 1e-4)
    for index in 0..<64 where isSeparate(values, index) {
      #expect(1 - alignment(found.vectors[index], vectors[index * 64..<index * 64 + 64]) < 1e-3)
    }
  }

  @Test func principalComponentsOfSampledW() throws {
    let golden = try arrays("pca")
    let statistics = try #require(LatentStatistics.sampling(generator, count: 10_000, seed: 1))
    try check(statistics, against: golden)
  }

  @Test func principalComponentsOfGivenSamples() throws {
    let path = folder.appending(path: "directions/pca_w_samples_first2500.npy").path
    let samples = try NPYArray.load(path: path).tensor
    try check(LatentStatistics(samples: samples), against: try arrays("pca_first2500"))
  }

  private func check(_ statistics: LatentStatistics, against golden: NPZArchive) throws {
    let deviations = try golden.array("stdevs").tensor.values
    let vectors = try golden.array("components").tensor.values
    #expect(relativeError(statistics.mean, try golden.array("mean").tensor.values) < 1e-4)
    let found = try #require(PrincipalComponents(statistics, count: 64))
    #expect(relativeError(found.deviations, deviations) < 1e-4)
    for index in 0..<64 where isSeparate(deviations.map { $0 * $0 }, index) {
      #expect(1 - alignment(found.vectors[index], vectors[index * 64..<index * 64 + 64]) < 1e-3)
      #expect(
        abs(statistics.deviation(along: found.vectors[index]) - Double(deviations[index]))
          < 1e-4 * Double(deviations[0]))
    }
  }

  @Test func slidersAreStandardDeviations() throws {
    let golden = try arrays("golden_pca_edit")
    let library = try #require(DirectionLibrary.discovering(generator, cache: nil))
    #expect(library.names == (1...10).map { "sefa \($0)" } + (1...10).map { "pca \($0)" })
    // The golden file moves along component 1, counted from 0, by 2 sigma on rows 2 to 5. Which way
    // its component points is up to the tool that made it.
    let components = try arrays("pca").array("components").tensor.values
    let pca2 = try #require(library["pca 2"])
    let sign: Float =
      zip(pca2.unit, components[64..<128]).reduce(0) { $0 + $1.0 * $1.1 } > 0 ? 1 : -1
    let recipe = Recipe(
      latent: .seed(0),
      edits: [Edit(direction: "pca 2", strength: 2 * sign, rows: LayerRange(2..<6))])
    let ws = try recipe.ws(model: generator, directions: library)
    #expect(relativeError(ws, try golden.array("ws").tensor) < 1e-4)
  }

  @Test func editsOfEncodedFaces() throws {
    let golden = try arrays("golden_edit")
    let base = try golden.array("ws").tensor
    let boundary = try golden.array("ifg_boundary").tensor.values
    let path = folder.appending(path: "directions/puzer_direction.npy").path
    let perRow = try NPYArray.load(path: path).tensor.values
    let directions = DirectionLibrary(
      [Direction(name: "boundary", kind: .hyperplane, vector: boundary)]
        + (0..<10).map {
          Direction(
            name: "row \($0)", kind: .imported, vector: Array(perRow[$0 * 64..<$0 * 64 + 64]))
        })
    let latent = LatentSource.ws(base.values, rows: 10)

    let moved = try Recipe(
      latent: latent,
      edits: (0..<8).map {
        Edit(direction: "row \($0)", strength: 1.7, rows: LayerRange($0...$0))
      }
    ).ws(model: generator, directions: directions)
    #expect(relativeError(moved, try golden.array("puzer_ws").tensor) < 1e-6)

    let steps = try golden.array("ifg_interp_wplus").tensor.values
    for (index, distance) in (-3...3).enumerated() {
      let ws = try Recipe(
        latent: latent, edits: [Edit(direction: "boundary", strength: Float(distance))]
      ).ws(model: generator, directions: directions)
      let expected = Tensor(Array(steps[index * 640..<index * 640 + 640]), shape: [10, 64])
      #expect(relativeError(ws, expected) < 1e-6)
    }
  }

  // MARK: Directions of other tools, from their files

  private func imported(
    _ name: String, _ options: DirectionImport = DirectionImport()
  ) throws -> [Direction] {
    try DirectionFile.read(path: folder.appending(path: name).path)
      .directions(for: generator.configuration, options)
  }

  @Test(arguments: ["puzer_direction.npy", "puzer_direction_f64.npy"])
  func aDirectionOfAnEncoder(file: String) throws {
    let golden = try arrays("golden_edit")
    let direction = try imported(
      "directions/" + file, DirectionImport(name: "smile", rows: LayerRange(0...7)))
    #expect(direction.map(\.space) == [.wPlus])
    let ws = try Recipe(
      latent: .ws(try golden.array("ws").tensor.values, rows: 10),
      edits: [Edit(direction: "smile", strength: 1.7, rows: direction[0].rows)]
    ).ws(model: generator, directions: DirectionLibrary(direction))
    #expect(relativeError(ws, try golden.array("puzer_ws").tensor) < 1e-6)
    let image = try #require(
      generator.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { false }))
    #expect(relativeError(image, try golden.array("puzer_img").tensor) < 1e-4)
  }

  @Test func aBoundaryAtDistances() throws {
    let golden = try arrays("golden_edit")
    let boundary = try imported(
      "directions/interfacegan_attr_boundary.npy",
      DirectionImport(name: "b", space: .w, isAbsolute: true))
    #expect(boundary[0].unit == (try golden.array("ifg_boundary").tensor.values))
    let w = try golden.array("ifg_w").tensor.values
    let steps = try golden.array("ifg_interp_w").tensor.values
    for (index, distance) in (-3...3).enumerated() {
      let ws = try Recipe(latent: .w(w), edits: [Edit(direction: "b", strength: Float(distance))])
        .ws(model: generator, directions: DirectionLibrary(boundary))
      let expected = Array(steps[index * 64..<index * 64 + 64])
      #expect(
        relativeError(
          ws, Tensor((0..<10).flatMap { _ in expected }, shape: [10, 64])) < 1e-6)
    }
  }

  @Test func boundariesUnderConditions() throws {
    let golden = try arrays("golden_edit")
    let w = DirectionImport(space: .w)
    let boundary = try imported("directions/interfacegan_attr_boundary.npy", w)[0]
    let conditions = try (1...2).map {
      try imported("directions/interfacegan_cond\($0)_boundary.npy", w)[0]
    }
    for count in 1...2 {
      let free = try #require(boundary.orthogonal(to: Array(conditions.prefix(count))))
      #expect(
        relativeError(
          Tensor(free.vector, shape: [1, 64]), try golden.array("ifg_project_\(count)").tensor)
          < 1e-5)
    }
  }

  @Test func componentsOfGANSpace() throws {
    let golden = try arrays("golden_pca_edit")
    let components = try imported(
      "directions/stylegan2-fixture_style_pca-full_c40_n10000_w.npz",
      DirectionImport(name: "pc", rows: LayerRange(2...5)))
    #expect(components.count == 10 && components.allSatisfy { $0.space == .w })
    // Numbered from 1 here, from 0 there; the golden edit is of the file's own component.
    let recipe = Recipe(
      latent: .seed(0),
      edits: [Edit(direction: "pc 2", strength: 2, rows: components[1].rows)])
    let ws = try recipe.ws(model: generator, directions: DirectionLibrary(components))
    #expect(relativeError(ws, try golden.array("ws").tensor) < 1e-4)
  }

  @Test func factorsOfRosinality() throws {
    let rosinality = try ModelFile.load(
      path: folder.appending(path: "rosinality/converted_zip.pt").path
    ).generator
    let golden = try NPZArchive.load(
      path: folder.appending(path: "rosinality/golden.npz").path)
    let eigvec = try golden.array("factor_eigvec").tensor.values
    let found = try imported("rosinality/factor.pt", DirectionImport(componentCount: 64))
    #expect(found.count == 64)
    for (column, direction) in found.enumerated() {
      #expect(direction.vector == (0..<64).map { eigvec[$0 * 64 + column] })
    }
    // The script edits before it truncates: at ψ 0.7 its degree counts 0.7 fold here.
    let index = try #require(try golden.array("factor_index").integers)[0]
    let degree = try golden.array("factor_degree").tensor.values[0]
    for (sign, image) in [(-1, "minus"), (0, "center"), (1, "plus")] as [(Float, String)] {
      let ws = try Recipe(
        latent: .seed(UInt32(try #require(try golden.array("seeds").integers)[0])),
        truncation: Truncation(psi: 0.7),
        edits: [Edit(direction: "factor \(index + 1)", strength: sign * degree * 0.7)]
      ).ws(model: rosinality, directions: DirectionLibrary(found))
      let picture = try #require(
        rosinality.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { false }))
      #expect(relativeError(picture, try golden.array("img_factor_" + image).tensor) < 1e-4)
    }
  }
}
