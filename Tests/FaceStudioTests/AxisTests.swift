import Testing

@testable import FaceStudio

@Suite struct AxisTests {
  @Test func valuesAreClipped() {
    var z = [Float](repeating: 0, count: Axis.count)
    z[Axis.index("yaw")] = 9
    let values = AxisValues(z)
    #expect(values["yaw"] == 3.5)
    #expect(values.normal("yaw", 1, 2) == 8)
    #expect(values.normal("yaw", 1, 2, 0...4) == 4)
    #expect(values.uniform("pitch", 2, 4) == 3)
    #expect(values.identity(3) == 0)
  }

  @Test func normalDistribution() {
    #expect(abs(NormalDistribution.cumulative(1.96) - 0.975) < 1e-4)
    #expect(NormalDistribution.cumulative(0) == 0.5)
  }

  /// The first draws of the generator, so that data sets keep their people.
  @Test func theSequenceIsFixed() {
    var random = RandomSource(seed: 0)
    #expect(random.next() == 0xe220_a839_7b1d_cdaf)
    #expect(random.next() == 0x6e78_9e6a_a1b9_65f4)
    var other = RandomSource(seed: 1, index: 0)
    var next = RandomSource(seed: 1, index: 1)
    #expect(other.next() != next.next())
    #expect((0..<1000).allSatisfy { _ in (0..<1).contains(other.uniform()) })
  }
}
