import Foundation
import TestFixtures

@testable import FaceStudio

/// Models that tests share, made once.
enum FaceFixtures {
  private static let synthetic = Result {
    var detail = FaceModel.Detail()
    detail.chart = 128
    detail.fieldStep = 1.2
    detail.scalpRoots = 9_000
    detail.beardRoots = 3_000
    detail.browRootsPerSide = 1_500
    return try FaceModel(try SyntheticBasis().kit(), detail: detail)
  }

  /// The synthetic head, coarsely prepared.
  static func model() throws -> FaceModel { try synthetic.get() }

  /// The real basis beside the repository, nil where it is absent.
  static let realFolder: String? = {
    let folder = TestFixtures.repository.deletingLastPathComponent().appending(path: "shared/data")
    let file = folder.appending(path: FaceKit.fileName)
    return FileManager.default.fileExists(atPath: file.path) ? folder.path : nil
  }()

  private static let real = Result { try FaceModel(try FaceKit(folder: realFolder ?? "")) }
  static func realModel() throws -> FaceModel { try real.get() }
}
