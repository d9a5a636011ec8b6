import Checkpoints
import Foundation
import Tensors
import TestFixtures
import Testing

/// `mien generate` on the reference networks gives the numbers of the reference code.
@Suite(
  .serialized, .enabled(if: TestFixtures.shared != nil, "needs the shared fixtures"))
struct ReferenceNetworkTests {
  private let mien: MienProcess
  /// Every file a generator is stored in, and the golden numbers for it.
  static let files: [(file: String, golden: String)] =
    [
      "sg2ada_skip", "sg2ada_cond", "sg2ada_fp16", "sg2ada_resnet", "sg2ada_orig",
      "sg3repo_sg2_gray", "sg3_t", "sg3_r", "sg3_t_cond", "tf_sg2_skip", "tf_sg2_resnet",
      "tf_ada_cond",
    ].map { ("\($0)/network.pkl", "\($0)/golden.npz") }
    + ["sg1_plain", "sg1_fused"].flatMap { folder in
      ["network_tf.pkl", "interfacegan.pth", "genforce.pth"].map {
        ("\(folder)/\($0)", "\(folder)/golden.npz")
      }
    } + [
      ("rosinality/converted_zip.pt", "rosinality/golden.npz"),
      ("rosinality/converted_legacy.pt", "rosinality/golden.npz"),
      ("rosinality/training_000010.pt", "rosinality/golden_training.npz"),
    ]

  init() throws { mien = try MienProcess() }

  @Test(arguments: files)
  func arraysEqualTheGoldenOnes(file: String, golden: String) throws {
    let folder = try #require(TestFixtures.shared)
    let network = file
    let golden = try NPZArchive.load(path: folder.appending(path: golden).path)
    let seeds =
      golden.names.contains("seeds") ? try #require(try golden.array("seeds").integers) : [0]
    let classes = golden.names.contains("c") ? try golden.array("c").shape[1] : 0
    for (index, seed) in seeds.enumerated() {
      // Seed number i of a conditional network has class i mod c_dim.
      let classOption = classes > 0 ? ["--class", String(index % classes)] : []
      func generate(_ options: String...) throws -> NPZArchive {
        let result = try mien.run(
          ["generate", "--model", folder.appending(path: file).path]
            + ["--seeds", String(seed), "-o", "out.npz"] + classOption + options)
        #expect(result.errors == "")
        try #require(result.status == 0)
        return try NPZArchive.load(path: mien.path("out.npz"))
      }
      func compare(
        _ archive: NPZArchive, _ name: String, to reference: String, within tolerance: Float
      ) throws {
        guard golden.names.contains(reference) else { return }
        let expected = try golden.array(reference)
        guard index < expected.shape[0] else { return }
        let found = try archive.array(name).tensor.values
        let count = expected.count / expected.shape[0]
        try #require(found.count == count)
        let values = expected.tensor.values[index * count..<(index + 1) * count]
        let range = expected.tensor.values.reduce(0) { max($0, abs($1)) }
        let worst = zip(found, values).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
        #expect(
          worst <= tolerance * range,
          "\(network) seed \(seed): \(name) is off \(reference) by \(worst)")
      }
      let plain = try generate()
      try compare(plain, "z", to: "z", within: 0)
      try compare(plain, "w", to: "w", within: 1e-5)
      try compare(plain, "ws", to: "ws", within: 1e-5)
      try compare(plain, "images", to: "img_const", within: 1e-4)
      try compare(try generate("--noise", "none"), "images", to: "img_none", within: 1e-4)
      guard golden.names.contains("psi") else { continue }
      let psi = String(try golden.array("psi").doubles[0])
      let truncated = try generate("--psi", psi)
      try compare(truncated, "ws", to: "ws_psi", within: 1e-5)
      try compare(truncated, "images", to: "img_psi_const", within: 1e-4)
      guard golden.names.contains("truncation_cutoff") else { continue }
      let cutoff = String(try #require(try golden.array("truncation_cutoff").integers)[0])
      let cut = try generate("--psi", psi, "--cutoff", cutoff)
      try compare(cut, "ws", to: "ws_psi_cutoff", within: 1e-5)
      try compare(cut, "images", to: "img_psi_cutoff_const", within: 1e-4)
    }
  }

  /// The command the fixtures' own numbers are asked for by.
  @Test func aRangeOfSeedsToOneArray() throws {
    let folder = try #require(TestFixtures.shared).appending(path: "sg2ada_skip")
    let result = try mien(
      "generate", "--model", folder.appending(path: "network.pkl").path, "--seeds", "0-3", "-o",
      "out.npy")
    #expect(result.status == 0)
    let found = try NPYArray.load(path: mien.path("out.npy"))
    #expect(found.shape == [4, 3, 64, 64])
    #expect(found.type == .float32)
    let golden = try NPZArchive.load(path: folder.appending(path: "golden.npz").path)
    let seeds = try #require(try golden.array("seeds").integers)
    let expected = try golden.array("img_const")
    let count = 3 * 64 * 64
    for index in 0..<expected.shape[0] where (0...3).contains(seeds[index]) {
      let mine = found.tensor.values[seeds[index] * count..<(seeds[index] + 1) * count]
      let theirs = expected.tensor.values[index * count..<(index + 1) * count]
      #expect(zip(mine, theirs).allSatisfy { abs($0 - $1) <= 1e-4 })
    }
  }

  @Test func modelInfoSaysWhatANetworkIs() throws {
    let folder = try #require(TestFixtures.shared).appending(path: "sg2ada_cond")
    let result = try mien("model", "info", folder.appending(path: "network.pkl").path, "--json")
    #expect(result.status == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(object["family"] as? String == "stylegan2")
    #expect(object["resolution"] as? Int == 32)
    #expect(object["channels"] as? Int == 3)
    #expect(object["z_dim"] as? Int == 48)
    #expect(object["w_dim"] as? Int == 64)
    #expect(object["num_ws"] as? Int == 8)
    #expect(object["classes"] as? Int == 5)
    #expect((object["sha256"] as? String)?.count == 64)
    #expect((object["parameters"] as? Int ?? 0) > 1000)
  }
}
