import StyleGAN
import Tensors
import Testing

@testable import Editor

struct KeptWorkTests {
  private let configuration = GeneratorConfiguration(
    resolution: 64, zDim: 2, wDim: 2, mappingLayers: 1, blockChannels: [8, 8, 8, 8, 8])

  /// Rows of which those from one on differ from the plain ones.
  private func ws(changedFrom row: Int = 10) -> Tensor {
    Tensor((0..<20).map { $0 / 2 < row ? 0 : 1 }, shape: [10, 2])
  }

  /// Rows 0 to 8 are read by the convolutions of 4², 8², 8², 16², 16² …, the last by toRGB.
  @Test func theFirstChangedRowDecides() {
    var kept = KeptWork(configuration)
    #expect(kept.firstBlock(of: ws(), .const, Rung(64)) == 4, "nothing is there yet")
    kept.record(ws(), .const, Rung(64), isWhole: true)
    let blocks = (0...9).map { kept.firstBlock(of: ws(changedFrom: $0), .const, Rung(64)) }
    #expect(blocks == [4, 8, 8, 16, 16, 32, 32, 64, 64, 64])
    #expect(kept.firstBlock(of: ws(changedFrom: 7), .const, Rung(16)) == 16)
    #expect(kept.firstBlock(of: ws(), .none, Rung(64)) == 4, "noise goes in everywhere")
  }

  @Test func aSmallPictureIsGoneOnWith() {
    var kept = KeptWork(configuration)
    kept.record(ws(), .const, Rung(16), isWhole: true)
    #expect(kept.firstBlock(of: ws(), .const, Rung(64)) == 32)
    #expect(kept.firstBlock(of: ws(changedFrom: 1), .const, Rung(64)) == 8)
    kept.record(ws(), .const, Rung(64), isWhole: true)
    kept.record(ws(), .const, Rung(16), isWhole: true)
    #expect(kept.firstBlock(of: ws(), .const, Rung(64)) == 64, "the larger one is still there")
  }

  /// A full picture serves a draft, not the other way round.
  @Test func precisionsDiffer() {
    var kept = KeptWork(configuration)
    kept.record(ws(), .const, Rung(64), isWhole: true)
    #expect(kept.firstBlock(of: ws(changedFrom: 9), .const, Rung(64, .draft)) == 64)
    kept.record(ws(changedFrom: 9), .const, Rung(64, .draft), isWhole: true)
    #expect(kept.firstBlock(of: ws(changedFrom: 9), .const, Rung(64)) == 4)
  }

  @Test func halfAPictureIsNone() {
    var kept = KeptWork(configuration)
    kept.record(ws(), .const, Rung(64), isWhole: true)
    kept.record(ws(changedFrom: 8), .const, Rung(64), isWhole: false)
    #expect(kept.firstBlock(of: ws(), .const, Rung(64)) == 4)
  }

  @Test func otherFamiliesKeepNothing() {
    var other = configuration
    other.architecture = .orig
    var kept = KeptWork(other)
    kept.record(ws(), .const, Rung(64), isWhole: true)
    #expect(kept.firstBlock(of: ws(), .const, Rung(64)) == 4)
  }
}
