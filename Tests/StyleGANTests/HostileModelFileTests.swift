import Files
import Foundation
import StyleGAN
import TestFixtures
import Testing

/// Files made to break a reader: each gives one clear line or loads, and nothing in them runs.
@Suite struct HostileModelFileTests {
  @Test(arguments: HostileFile.all(for: "pkl", "pt"))
  func outcome(_ hostile: HostileFile) {
    let result = Result { try ModelFile.load(path: hostile.path) }
    #expect(!HostileFile.wasExecuted)
    switch result {
    case .success: #expect(hostile.expect != .error, "\(hostile.why)")
    case .failure(let error):
      #expect(hostile.expect != .load, "\(error)")
      #expect("\(error)".hasPrefix(hostile.path))
      #expect(!"\(error)".contains("\n"))
    }
  }

  @Test func thereAreFilesToTest() { #expect(HostileFile.all(for: "pkl").count > 30) }

  /// The words people read: the reason, with the tensor, what was found and what was expected.
  @Test(arguments: [
    ("n01_nan_weight.pkl", "tensor synthesis.b8.conv0.weight holds nan at element 17"),
    ("n02_inf_w_avg.pkl", "tensor mapping.w_avg holds inf at element 0"),
    (
      "n03_wrong_in_channels.pkl",
      "tensor synthesis.b16.conv0.weight has shape [8, 5, 3, 3], expected [8, 8, 3, 3]"
    ),
    ("n04_missing_tensor.pkl", "tensor synthesis.b8.conv1.weight is missing"),
    (
      "n05_torgb_5_channels.pkl",
      "tensor synthesis.b16.torgb.weight has shape [5, 8, 1, 1], expected [3, 8, 1, 1]"
    ),
    (
      "n06_w_dim_mismatch.pkl",
      "tensor synthesis.b8.conv0.affine.weight has shape [8, 20], expected [8, 16]"
    ),
    (
      "n07_resolution_mismatch.pkl",
      "it says its resolution is 32, but its blocks end at 16"
    ),
    (
      "n08_integer_weight.pkl",
      "tensor synthesis.b8.conv1.weight holds int64 numbers, expected floating-point ones"
    ),
    (
      "n09_empty_tensor.pkl",
      "tensor synthesis.b8.conv1.weight: it has no elements (shape [0, 8, 3, 3])"
    ),
    (
      "n10_shape_beyond_storage.pkl",
      "tensor synthesis.b8.conv1.weight: shape [1048576, 1048576] at element 0 reaches beyond its storage of 16 elements"
    ),
    (
      "n11_negative_stride.pkl",
      "tensor synthesis.b8.conv1.weight: strides [-2, 1] contain a negative number"
    ),
    (
      "n13_expanded_zero_stride.pkl",
      "tensor synthesis.b8.conv1.weight: shape [1048576, 16384] repeats the 16 elements of its storage; expanded tensors are not read"
    ),
    (
      "n14_shape_product_overflow.pkl",
      "tensor synthesis.b8.conv1.weight: the element count of shape [4294967296, 4294967296, 4] overflows"
    ),
    (
      "n15_negative_dimension.pkl",
      "tensor synthesis.b8.conv1.weight: shape [-8, 2] has a negative dimension"
    ),
    (
      "n16_no_generator.pkl",
      "no generator in it: it holds only a discriminator (a dictionary with training_set_kwargs, D, augment_pipe)"
    ),
    (
      "p01_os_system_proto4.pkl",
      "the pickle asks to call os.system at byte 42; nothing in a checkpoint needs that, and nothing was run"
    ),
    (
      "p11_persid.pkl",
      "the pickle refers to objects outside itself at byte 11, as only PyTorch archives may"
    ),
    ("p13_unknown_class.pkl", "synthesis.b16 is of class MysteriousUnit, expected SynthesisBlock"),
    ("p14_persistence_version_99.pkl", "G_ema: its persistence version is 99, expected 6"),
    ("p15_persistence_type_other.pkl", "G_ema: its persistent type is blass, expected class"),
    ("p18_empty.pkl", "the file is empty"),
    ("p19_proto_only.pkl", "the pickle is cut off: it ends at byte 2 without STOP"),
    (
      "p21_html_error_page.pkl",
      "it is a web page, not a checkpoint: the download gave an HTML page instead of the file"
    ),
    (
      "p22_git_lfs_pointer.pkl",
      "it is a Git LFS pointer, not the file itself: fetch the content with git lfs pull"
    ),
    ("p27_unknown_opcode.pkl", "no valid pickle: unknown opcode 0xff at byte 2"),
    ("p33_self_containing.pkl", "no generator in it: it holds a dictionary with G_ema"),
    ("p35_protocol_99.pkl", "pickle protocol 99 is unknown"),
    (
      "s01_nan.pt",
      "tensor synthesis.b8.conv1.weight (stored as convs.1.conv.weight) holds nan at element 3"
    ),
    (
      "s02_wrong_channels.pt",
      "tensor synthesis.b8.conv0.weight (stored as convs.0.conv.weight) has shape [8, 21, 3, 3], expected [8, 8, 3, 3]"
    ),
    (
      "s03_missing_key.pt",
      "tensor synthesis.b4.conv1.affine.weight (stored as conv1.conv.modulation.weight) is missing"
    ),
    (
      "s04_inf_latent_avg.pt", "tensor mapping.w_avg (stored as latent_avg) holds -inf at element 0"
    ),
    (
      "f01_evil_variable.pkl",
      "the pickle asks to call posix.system at byte 43856; nothing in a checkpoint needs that, and nothing was run"
    ),
    (
      "f06_progan_class_path.pkl",
      "the pickle asks to call aaaaaaa.tflib.network.Network at byte 48; nothing in a checkpoint needs that, and nothing was run"
    ),
    ("l04_bad_magic.pt", "the PyTorch stream does not begin with its magic number"),
    ("z19_not_a_dict.pt", "no generator in it: it holds a list of 3"),
    ("p36_not_a_network.pkl", "no generator in it: it holds a dictionary with hello"),
  ])
  func words(file: String, reason: String) throws {
    let hostile = HostileFile.all(for: "pkl", "pt").first { $0.file == file }
    // The larger files are only in the shared fixtures.
    guard let hostile else { return #expect(TestFixtures.shared == nil) }
    #expect {
      try ModelFile.load(path: hostile.path)
    } throws: { error in
      #expect("\(error)" == "\(hostile.path): \(reason)")
      return true
    }
  }

  static let networks = ["control_tiny.pkl", "control_tf.pkl", "control_rosinality_tiny.pt"]

  private func decode(_ bytes: [UInt8], _ name: String) throws {
    let contents = try ModelFile.read(Bytes(bytes), source: name)
    for tensor in contents.network.tensors.keys { _ = try contents.network.tensor(tensor) }
  }

  /// A network cut anywhere is an error, never a crash.
  @Test(arguments: networks) func truncation(file: String) throws {
    let whole = try MappedFile(path: TestFixtures.committed("hostile/\(file)").path).bytes.array
    var cuts = Array(stride(from: 0, to: whole.count, by: 509))
    cuts += [whole.count - 2, whole.count - 1]
    for count in cuts {
      #expect(throws: ModelError.self, "\(count) of \(whole.count) bytes") {
        try decode(Array(whole[..<count]), file)
      }
    }
  }

  /// Changed bytes may change values, but never crash, hang or allocate without bound.
  @Test(arguments: networks) func mutation(file: String) throws {
    let whole = try MappedFile(path: TestFixtures.committed("hostile/\(file)").path).bytes.array
    try decode(whole, file)
    var state: UInt64 = 7
    func random(below bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<200 {
      var bytes = whole
      // Structure stands near the beginning and the end of these files as often as elsewhere.
      for _ in 0...random(below: 4) {
        bytes[random(below: bytes.count)] = UInt8(random(below: 256))
      }
      try? decode(bytes, file)
    }
    #expect(!HostileFile.wasExecuted)
  }
}
