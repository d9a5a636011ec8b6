import NN
import Testing

@Suite struct QuasiNewtonTests {
  /// An elongated, turned bowl in ten dimensions.
  private func bowl(_ x: [Float]) -> (value: Float, gradient: [Float]) {
    var value: Float = 0
    var gradient = [Float](repeating: 0, count: x.count)
    for i in x.indices {
      let next = (i + 1) % x.count
      let stiffness = Float(1 << i)
      let off = x[i] - 0.5 * x[next] - 0.3
      value += stiffness * off * off
      gradient[i] += 2 * stiffness * off
      gradient[next] -= stiffness * off
    }
    return (value, gradient)
  }

  /// Rosenbrock's valley.
  private func valley(_ x: [Float]) -> (value: Float, gradient: [Float]) {
    let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
    return (a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b])
  }

  @Test func findsTheBottomOfABowl() {
    var search = QuasiNewton()
    var x = [Float](repeating: 0, count: 10)
    for _ in 0..<60 {
      let (value, gradient) = bowl(x)
      x = search.next(after: x, value: value, gradient: gradient)
    }
    #expect(bowl(x).value < 1e-6)
  }

  @Test func goesDownACurvedValley() {
    var search = QuasiNewton()
    var x: [Float] = [-1.2, 1]
    var least = Float.infinity
    for _ in 0..<100 {
      let (value, gradient) = valley(x)
      least = min(least, value)
      x = search.next(after: x, value: value, gradient: gradient)
    }
    #expect(least < 1e-5)
  }

  /// No coordinate goes further than its reach, and a value that rose is gone back on.
  @Test func neverGoesFar() {
    var search = QuasiNewton(reach: 0.2)
    var x: [Float] = [3, -2]
    for step in 0..<50 {
      let (value, gradient) = valley(x)
      let next = search.next(after: x, value: value, gradient: gradient)
      let from = search.anchor?.point ?? x
      #expect(zip(next, from).allSatisfy { abs($0 - $1) <= (step == 0 ? 0.04001 : 0.20001) })
      x = next
    }
  }

  @Test func whatIsNoNumberIsGoneBackOn() {
    var search = QuasiNewton()
    let x: [Float] = [1, 1]
    let second = search.next(after: x, value: 2, gradient: [1, 0])
    let third = search.next(after: second, value: .nan, gradient: [.nan, .nan])
    #expect(third[0] < 1 && third[0] > second[0] && third[1] == 1)
    #expect(search.moves.isEmpty)
  }

  @Test func goesOnFromItsParts() {
    var search = QuasiNewton()
    var x = [Float](repeating: 0, count: 10)
    for _ in 0..<12 {
      let (value, gradient) = bowl(x)
      x = search.next(after: x, value: value, gradient: gradient)
    }
    var other = QuasiNewton(moves: search.moves, anchor: search.anchor)
    let (value, gradient) = bowl(x)
    #expect(
      other.next(after: x, value: value, gradient: gradient)
        == search.next(after: x, value: value, gradient: gradient))
    #expect(other == search)
  }
}
