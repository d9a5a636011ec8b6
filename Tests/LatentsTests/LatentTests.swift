import Latents
import StyleGAN
import Tensors
import Testing

@Suite struct LatentTests {
  @Test func zOfSeedIsRandomState() {
    let z = Latent<Z>(seed: 85, dimension: 512)
    #expect(z.rows == 1 && z.columns == 512)
    #expect(z.values[0] == Float(0.1768507210788626))
    #expect(z.values[5] == Float(-1.7647540193678475))
    #expect(z.values[511] == Float(0.8217957110292099))
  }

  @Test func broadcastRepeatsTheRow() {
    let ws = Latent<W>([1, 2]).broadcast(rows: 3)
    #expect(ws.values == [1, 2, 1, 2, 1, 2])
    #expect(Array(ws[row: 2]) == [1, 2])
    #expect(ws.tensor.shape == [3, 2])
  }

  @Test func blendReachesBothEndsExactly() {
    let a = Latent<WPlus>([0.1, 0.7, -3, 1e-3, 5, 6], rows: 3)
    let b = Latent<WPlus>([10, -0.3, 1e7, 2, 8, 9], rows: 3)
    var none = a
    none.blend(b, rows: 0..<3, weight: 0)
    #expect(none == a)
    var all = a
    all.blend(b, rows: 0..<3, weight: 1)
    #expect(all == b)
    var middle = a
    middle.blend(b, rows: 1..<2, weight: 0.5)
    #expect(middle.values == [0.1, 0.7, (1e7 - 3) / 2, 1.0005, 5, 6])
  }

  @Test func addTouchesOnlyItsRows() {
    var ws = Latent<WPlus>([0, 0, 0, 0, 0, 0], rows: 3)
    ws.add([1, -2], times: 1.5, rows: 1..<3)
    #expect(ws.values == [0, 0, 1.5, -3, 1.5, -3])
  }

  @Test func distanceIsEuclidean() {
    #expect(Latent<W>([1, 2, 2]).distance(to: Latent<W>([0, 0, 0])) == 3)
  }
}
