import Checkpoints
import Files
import Foundation
import Tensors
import TestFixtures
import Testing

/// Files made to break a reader: each gives one clear line or loads, and nothing in them runs.
@Suite struct HostileCheckpointTests {
  @Test(arguments: HostileFile.all(for: "npy", "npz", "safetensors", "pt tensors", "pt", "pkl"))
  func outcome(_ hostile: HostileFile) {
    // Networks are judged where they are imported; here only that the reader survives them.
    let isNetwork = ["pt", "pkl"].contains(hostile.reader) && !hostile.file.hasPrefix("z")
    do {
      let checkpoint = try Checkpoint.open(path: hostile.path)
      for name in checkpoint.names { _ = try checkpoint.tensor(name) }
      #expect(isNetwork || hostile.expect != .error, "\(hostile.why)")
    } catch {
      #expect(isNetwork || hostile.expect != .load, "\(error)")
      #expect("\(error)".hasPrefix(hostile.path))
      #expect(!"\(error)".contains("\n"))
    }
    #expect(!HostileFile.wasExecuted)
  }

  @Test(arguments: [
    ("l01_evil_reduce.pt", "the pickle asks to call posix.system at byte"),
    ("l02_huge_numel.pt", "storage 0 has an impossible element count"),
    ("l02b_numel_mismatch.pt", "storage 0 holds 12 elements, the pickle says 16"),
    ("l03_truncated.pt", "the PyTorch stream is cut off: storage 0 needs 64 bytes,"),
    ("l05_negative_numel.pt", "storage 0 holds -"),
    ("q01_truncated.npz", "the zip archive has no end record: it is cut off"),
    ("q02_object_member.npz", "lat_comp: it holds Python objects, which are never loaded"),
    ("q03_member_bomb.npz", "bytes, expected"),
    ("t01_overlapping_offsets.safetensors", #""a" and "b" overlap"#),
    (
      "t02_header_length_huge.safetensors",
      "the safetensors header claims 4611686018427387904 bytes"
    ),
    ("t03_offset_beyond_end.safetensors", #""b" ends at byte"#),
    ("t04_hole.safetensors", #"8 bytes before "b" belong to no tensor"#),
    ("t05_size_mismatch.safetensors", #"of shape [5] in float32 does not fit its 16 bytes"#),
    ("t06_duplicate_key.safetensors", #"the safetensors header is damaged: "a" appears twice"#),
    ("t07_negative_offset.safetensors", "no valid range"),
    ("t08_bad_json.safetensors", "the safetensors header is damaged: no valid JSON"),
    ("t10_shape_overflow.safetensors", "overflows"),
    ("t11_unknown_dtype.safetensors", "has the unknown element type Q7"),
    ("t12_header_truncated.safetensors", "the safetensors header claims"),
    ("t13_header_not_object.safetensors", "the safetensors header is a list, not an object"),
    ("t14_end_before_begin.safetensors", "no valid range"),
    ("t15_trailing_data.safetensors", "4 bytes after the last tensor belong to none"),
    ("y02_header_beyond_end.npy", "the NumPy header claims"),
    ("y03_header_code.npy", "the NumPy header is malformed"),
    ("y04_object_pickle.npy", "it holds Python objects, which are never loaded"),
    ("y05_negative_shape.npy", "has a negative dimension"),
    ("y06_shape_overflow.npy", "overflows"),
    ("y06b_shape_huge.npy", "needs"),
    ("y07_data_short.npy", "needs"),
    ("y08_header_not_dict.npy", "the NumPy header is malformed: '{' expected"),
    ("y09_version_9.npy", "NumPy format version 9.0 is unknown"),
    ("y12_structured.npy", "elements of type a structure are not numbers"),
    ("y13_missing_key.npy", "the NumPy header lacks 'fortran_order'"),
    ("y14_complex.npy", "elements of type <c8 are not numbers"),
    ("y15_empty.npy", "the file is empty"),
    ("z01_evil_reduce.pt", "the pickle asks to call posix.system"),
    ("z02_huge_shape.pt", "shape [2147483648, 2147483648]"),
    ("z03_numel_lies.pt", "has 64 bytes, expected 4000000000000"),
    ("z04b_size_too_small.pt", "bytes, expected 64"),
    ("z06_crc_mismatch.pt", "is damaged: CRC-32"),
    ("z07_truncated.pt", "the zip archive has no end record: it is cut off"),
    ("z08_no_data_pkl.pt", "it has no data.pkl"),
    ("z09_missing_storage.pt", "storage 1 is not in the file"),
    ("z10b_key_traversal.pt", "storage ../../../../etc/hostname is not in the file"),
    ("z12_duplicate_entry.pt", "twice"),
    ("z13_eocd_offset.pt", "lies beyond the file's"),
    ("z13b_eocd_count.pt", "does not hold the 65534 entries it claims"),
    ("z15_negative_offset.pt", "at element -4 reaches beyond its storage"),
    ("z16_zero_stride_bomb.pt", "expanded tensors are not read"),
    ("z17_encrypted_flag.pt", "is encrypted"),
    ("z18_header_offset.pt", "has no header at byte"),
    ("z19_not_a_dict.pt", "no tensors in it, only a list of"),
    ("z20_unknown_global.pt", "the pickle asks to call shutil.which"),
    ("z21_storage_kind_unknown.pt", "storage of kind torch.QInt8Storage is not read"),
  ])
  func words(file: String, reason: String) throws {
    let path = HostileFile.folder.appending(path: file).path
    // The larger files are only in the shared fixtures.
    guard FileManager.default.fileExists(atPath: path) else {
      return #expect(TestFixtures.shared == nil)
    }
    #expect {
      let checkpoint = try Checkpoint.open(path: path)
      for name in checkpoint.names { _ = try checkpoint.tensor(name) }
    } throws: { error in
      #expect("\(error)".hasPrefix(path))
      #expect("\(error)".contains(reason), "\(error)")
      return true
    }
  }

  /// The positive controls hold exactly what their description says.
  @Test func controls() throws {
    func open(_ name: String) throws -> Checkpoint {
      try Checkpoint.open(path: HostileFile.folder.appending(path: name).path)
    }
    let plain = try open("control.safetensors")
    #expect(try plain.tensor("a").values == (0..<8).map(Float.init))
    #expect(plain.entry("a")?.shape == [2, 4])
    #expect(try plain.tensor("b").values == (8..<12).map(Float.init))

    for name in ["control_shared_storage.pt", "control_shared_storage_legacy.pt"] {
      let shared = try open(name)
      #expect(Set(shared.names) == ["g_ema/a", "g_ema/b", "latent_avg"])
      #expect(try shared.tensor("g_ema/a").values == (0..<16).map(Float.init))
      #expect(try shared.tensor("g_ema/b").values == [5, 6, 7, 9, 10, 11])
      #expect(shared.entry("g_ema/b")?.shape == [2, 3])
      #expect(try shared.tensor("latent_avg").values.allSatisfy { $0 == 1 })
    }

    let reference = try open("control_c_order.npy").tensor("array")
    #expect(reference.shape == [4, 16])
    for name in ["big_endian", "f8", "fortran_order", "version2"] {
      #expect(try open("control_\(name).npy").tensor("array").values == reference.values, "\(name)")
    }
    let halves = reference.values.map { Float(Float16($0)) }
    #expect(try open("control_f2.npy").tensor("array").values == halves)
  }

  /// A file cut anywhere is an error, never a crash.
  @Test(arguments: [
    "control.safetensors", "control_f2.npy", "control_shared_storage.pt",
    "control_shared_storage_legacy.pt", "control_tiny_golden.npz",
  ])
  func truncation(file: String) throws {
    let whole = try MappedFile(path: HostileFile.folder.appending(path: file).path).bytes
    for count in 0..<whole.count {
      #expect(throws: CheckpointError.self, "\(count) of \(whole.count) bytes") {
        let checkpoint = try Checkpoint(whole.slice(from: 0, count: count)!, name: file)
        for name in checkpoint.names { _ = try checkpoint.tensor(name) }
      }
    }
  }

  /// A changed byte may change values, but never crashes, hangs or allocates without bound.
  @Test(arguments: [
    "control.safetensors", "control_f2.npy", "control_shared_storage.pt",
    "control_shared_storage_legacy.pt", "control_tiny_golden.npz",
  ])
  func mutation(file: String) throws {
    let whole = try MappedFile(path: HostileFile.folder.appending(path: file).path).bytes.array
    var random = SplitMix64(state: 1)
    for _ in 0..<2000 {
      var bytes = whole
      for _ in 0...random.next(below: 3) {
        bytes[random.next(below: bytes.count)] = UInt8(random.next(below: 256))
      }
      guard let checkpoint = try? Checkpoint(Bytes(bytes), name: file) else { continue }
      for name in checkpoint.names { _ = try? checkpoint.tensor(name) }
    }
  }
}

/// Reproducible random numbers (Steele, Lea, Flood 2014).
struct SplitMix64 {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}
