import Latents
import StyleGAN
import Testing

@Suite struct LayerRangeTests {
  @Test(arguments: [
    ("all", 0..<18), ("coarse", 0..<4), ("middle", 4..<8), ("fine", 8..<18), ("5", 5..<6),
    ("0-3", 0..<4), ("17-17", 17..<18),
  ])
  func readsAndWrites(text: String, rows: Range<Int>) throws {
    let range = try LayerRange(parsing: text)
    #expect(range.rows(in: network(1024)) == rows)
    #expect(try LayerRange(parsing: range.description) == range)
  }

  @Test(arguments: [
    "", " ", "-", "0-", "-3", "3-1", "+3", "0x3", "0-3-5", "Coarse", "1.5", "99999", "1–2", "all ",
    "18446744073709551617",
  ])
  func refuses(text: String) {
    #expect(throws: LatentError.layerRange(text)) { try LayerRange(parsing: text) }
  }

  @Test func namesClipToSmallNetworks() {
    let small = network(16)
    #expect(LayerRange.all.rows(in: small) == 0..<6)
    #expect(LayerRange.coarse.rows(in: network(4)) == 0..<2)
    #expect(LayerRange.middle.rows(in: small) == 4..<6)
    #expect(LayerRange.fine.rows(in: small).isEmpty)
    #expect(LayerRange(4...9).rows(in: small) == 4..<6)
    #expect(LayerRange(7...9).rows(in: small).isEmpty)
  }

  /// The rows of StyleGAN3 follow the cutoffs of its layers, not powers of two.
  @Test func namesMeanWhatTheFamilySays() {
    var configuration = network(1024)
    configuration.family = .styleGAN3
    configuration.aliasFree = AliasFreeConfiguration()
    let groups = configuration.rowGroups
    #expect(LayerRange.coarse.rows(in: configuration) == groups.coarse)
    #expect(LayerRange.middle.rows(in: configuration) == groups.middle)
    #expect(LayerRange.fine.rows(in: configuration) == groups.fine)
    #expect(groups == (0..<4, 4..<7, 7..<16))
  }

  private func network(_ resolution: Int) -> GeneratorConfiguration {
    GeneratorConfiguration(
      resolution: resolution, zDim: 8, wDim: 8, mappingLayers: 2, blockChannels: [])
  }

  @Test func onlyNumbersCanFailToFit() {
    let configuration = ToyModel(resolution: 16).configuration
    #expect(configuration.numWs == 6)
    #expect(LayerRange.fine.fits(configuration))
    #expect(LayerRange(0...5).fits(configuration))
    #expect(!LayerRange(0...6).fits(configuration))
  }

  @Test func halfOpenAndClosedAgree() {
    #expect(LayerRange(2..<5) == LayerRange(2...4))
    #expect(LayerRange(3...3).description == "3")
  }
}
