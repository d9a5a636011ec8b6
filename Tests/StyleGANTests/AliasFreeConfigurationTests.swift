import StyleGAN
import Testing

/// The published schedules (numerics: layer schedule).
@Suite struct AliasFreeConfigurationTests {
  private func summary(_ configuration: AliasFreeConfiguration, _ resolution: Int) -> [String] {
    configuration.layers(resolution: resolution, imageChannels: 3).map {
      "\($0.outSize) \($0.outputs)\($0.up == 4 ? " up4" : "")"
    }
  }

  @Test func configurationT() {
    #expect(
      summary(AliasFreeConfiguration(), 1024) == [
        "36 512", "36 512", "52 512 up4", "52 512", "84 512 up4", "148 512 up4", "148 512",
        "276 323 up4", "276 203", "532 128 up4", "1044 81 up4", "1044 51", "1044 32", "1024 32",
        "1024 3",
      ])
    var small = AliasFreeConfiguration()
    small.channelBase = 16384
    #expect(
      summary(small, 256) == [
        "36 512", "36 512", "36 512", "52 512 up4", "52 512", "84 512 up4", "84 512",
        "148 362 up4", "148 256", "148 181", "276 128 up4", "276 91", "276 64", "256 64", "256 3",
      ])
  }

  @Test func paddingOfConfigurationsTAndR() {
    let t = AliasFreeConfiguration().layers(resolution: 1024, imageChannels: 3)
    #expect(t[0].padding == (9, 8))
    #expect(t[2].padding == (-6, -9))
    #expect(t[13].padding == (-11, -12))
    #expect(t[14].padding == (0, 0))
    var configuration = AliasFreeConfiguration()
    configuration.kernel = 1
    configuration.channelBase = 65536
    configuration.channelMax = 1024
    let r = configuration.layers(resolution: 1024, imageChannels: 3)
    #expect(r[0].padding == (11, 10))
    #expect(r[2].padding == (-2, -5))
    #expect(r[13].padding == (-9, -10))
    #expect(r[7].outputs == 645)
  }

  @Test func rowsOfEveryFamilyHaveNames() {
    var configuration = GeneratorConfiguration(
      resolution: 1024, zDim: 512, wDim: 512, mappingLayers: 2, blockChannels: [])
    #expect(configuration.rowGroups == (0..<4, 4..<8, 8..<18))
    configuration.family = .styleGAN1
    #expect(configuration.rowGroups == (0..<4, 4..<8, 8..<18))
    configuration.family = .styleGAN3
    configuration.aliasFree = AliasFreeConfiguration()
    #expect(configuration.numWs == 16)
    #expect(configuration.rowGroups == (0..<4, 4..<7, 7..<16))
    configuration.resolution = 4
    configuration.aliasFree = nil
    configuration.family = .styleGAN2
    #expect(configuration.rowGroups == (0..<2, 2..<2, 2..<2))
  }
}
