import Tensors
import Testing

@Suite struct MachinePeakTests {
  /// Any machine of this century does a hundred million of either a second, and none an exa.
  @Test func isAMeasurement() {
    let peak = MachinePeak.measure(workingSet: 12 << 20)
    #expect(peak.flops > 1e8 && peak.flops < 1e18)
    #expect(TiledLayer.isAvailable == (peak.tileFlops > 0) && peak.tileFlops < 1e18)
    #expect(peak.bandwidth > 1e8 && peak.bandwidth < 1e18)
  }
}
