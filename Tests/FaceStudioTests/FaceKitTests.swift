import Foundation
import Testing

@testable import FaceStudio

@Suite struct FaceKitTests {
  @Test func readsABasis() throws {
    let basis = SyntheticBasis()
    let folder = try basis.folder()
    let kit = try FaceKit(folder: folder.path)
    #expect(kit.vertexCount == basis.vertices.count)
    #expect(kit.vertex(40) == basis.vertices[40])
    #expect(kit.expressionIndex["jawOpen"] != nil)
    #expect(kit.partIndex["Teeth"] == 6)
    #expect(kit.landmarks.count == 68)
    // The file itself may be named too.
    #expect(
      try FaceKit(folder: folder.path + "/" + FaceKit.fileName).vertexCount == kit.vertexCount)
  }

  /// What is thrown for a basis with one array replaced.
  private func words(_ name: String, _ array: SyntheticBasis.Array?) throws -> String {
    var basis = SyntheticBasis()
    basis.replaced[name] = .some(array)
    let folder = try basis.folder()
    do {
      _ = try FaceModel(try FaceKit(folder: folder.path))
      return "nothing was thrown"
    } catch {
      return "\(error)".replacing(folder.path + "/", with: "")
    }
  }

  @Test func everyErrorSaysWhatIsWrong() throws {
    let missing =
      "nowhere: no ict_facekit_basis.npz in it; --facekit names the folder of the ICT-FaceKit basis"
    #expect(throws: FaceKitError.self) { try FaceKit(folder: "nowhere") }
    do { _ = try FaceKit(folder: "nowhere") } catch { #expect(error.description == missing) }

    #expect(
      try words(
        "uv",
        SyntheticBasis.Array(type: "<f4", shape: [2, 3], bytes: [UInt8](repeating: 0, count: 24)))
        == "ict_facekit_basis.npz: uv has shape [2, 3], expected [n, 2]")
    #expect(
      try words(
        "landmarks68",
        SyntheticBasis.Array(type: "<u2", shape: [68], bytes: [UInt8](repeating: 255, count: 136))
      )
      .hasPrefix("ict_facekit_basis.npz: landmarks68 holds 65535, which is not below "))
    #expect(
      try words(
        "neutral",
        SyntheticBasis.Array(type: "<f4", shape: [1, 3], bytes: [UInt8](repeating: 255, count: 12)))
        == "ict_facekit_basis.npz: neutral holds numbers that are not finite")
    #expect(
      try words("tri_part", SyntheticBasis.Array(type: "<f4", shape: [1], bytes: [0, 0, 0, 0]))
        .contains("tri_part"))
    #expect(try words("tri", nil).contains("tri"))
    #expect(
      try words("part_names", SyntheticBasis.texts(["Face"])).contains("tri_part holds"))
    var names = SyntheticBasis.expressionNames
    names[names.firstIndex(of: "jawOpen")!] = "jawShut"
    #expect(
      try words("expression_names", SyntheticBasis.texts(names))
        == "ict_facekit_basis.npz: it lacks the expression jawOpen")
    let zeros = [UInt8](repeating: 0, count: 2 * SyntheticBasis().vertices.count)
    #expect(
      try words(
        "orig_vertex", SyntheticBasis.Array(type: "<u2", shape: [zeros.count / 2], bytes: zeros))
        == "ict_facekit_basis.npz: it lacks lash vertex 25351 of EyelashL")
  }

  @Test func damagedFilesAreRefused() throws {
    let bytes = SyntheticBasis().bytes
    for count in [0, 10, 1_000, bytes.count / 2, bytes.count - 1] {
      let folder = try TemporaryFolder()
      try Data(bytes.prefix(count)).write(to: folder.url.appending(path: FaceKit.fileName))
      #expect(throws: FaceKitError.self, "cut at \(count)") { try FaceKit(folder: folder.path) }
    }
  }

  @Test(.enabled(if: FaceFixtures.realFolder != nil, "the real basis is not beside the repository"))
  func readsTheRealBasis() throws {
    let kit = try FaceKit(folder: FaceFixtures.realFolder ?? "")
    #expect(kit.vertexCount == 21_056)
    #expect(kit.triangleCount == 39_803)
  }
}
