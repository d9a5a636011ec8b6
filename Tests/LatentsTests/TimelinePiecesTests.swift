import Latents
import Testing

@Suite struct FrameRateTests {
  @Test func reads() {
    #expect(FrameRate(parsing: "30") == FrameRate(30))
    #expect(FrameRate(parsing: "29.97") == FrameRate(30000, per: 1001))
    #expect(FrameRate(parsing: "23.976") == FrameRate(24000, per: 1001))
    #expect(FrameRate(parsing: "12.5") == FrameRate(25, per: 2))
    #expect(FrameRate(parsing: "30000/1001")?.description == "30000/1001")
    for text in ["", "0", "-1", "1/0", "0/1", "a", "1/2/3", "1e3", "1001", "1/61", "nan", " 30"] {
      #expect(FrameRate(parsing: text) == nil, "\(text)")
    }
  }
}

@Suite struct EasingTests {
  @Test(arguments: Easing.allCases) func endsStayAndNothingTurnsBack(easing: Easing) {
    #expect(easing(0) == 0)
    #expect(easing(1) == 1)
    let values = (0...100).map { easing(Double($0) / 100) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
  }
}

@Suite struct TrackTests {
  @Test func straightOrThereAndBack() {
    let track = Track(from: -3, to: 3)
    #expect(track.value(at: 0.5, isLoop: false) == 0)
    #expect(track.value(at: 1, isLoop: false) == 3)
    #expect(track.value(at: 0, isLoop: true) == -3)
    #expect(track.value(at: 0.5, isLoop: true) == 3)
    #expect(abs(track.value(at: 0.25, isLoop: true)) < 1e-6)
    #expect(track.value(at: 1, isLoop: true) == -3)
    #expect(Track([5]).value(at: 0.3, isLoop: true) == 5)
    #expect(Track([0, 1, 4]).value(at: 0.75, isLoop: false) == 2.5)
  }
}

@Suite struct TimelineScheduleTests {
  private func schedule(_ count: Int, hold: Double = 0, isLoop: Bool = false) -> TimelineSchedule {
    var film = Timeline(
      name: "", model: ModelReference(name: ""),
      keyframes: (0..<count).map {
        Timeline.Keyframe(
          name: "", recipe: Recipe(latent: .seed(UInt32($0))), hold: hold, duration: 2)
      })
    film.isLoop = isLoop
    return TimelineSchedule(film)
  }

  @Test func lengths() {
    #expect(schedule(3).length == 4)
    #expect(schedule(3, isLoop: true).length == 6)
    #expect(schedule(3, hold: 1).length == 7)
    #expect(schedule(1).length == 2)
    #expect(schedule(2).place(at: 0.5)?.share == 0.25)
    #expect(schedule(3, isLoop: true).place(at: 5)?.piece.next == 0)
  }

  @Test func aLoopLeavesItsEndOut() {
    #expect(schedule(2, isLoop: true).times(frames: 4, isLoop: true) == [0, 1, 2, 3])
    #expect(schedule(2).times(frames: 3, isLoop: false) == [0, 1, 2])
    #expect(schedule(2).times(frames: 1, isLoop: false) == [0])
  }
}

@Suite struct SpeedCurveTests {
  /// A picture that changes as the square of time, and stands still from 1 to 2.
  private func curve() -> SpeedCurve {
    let times = (0...60).map { Double($0) / 20 }
    func change(_ time: Double) -> Double { time < 1 ? time * time : time < 2 ? 1 : 1 + (time - 2) * (time - 2) }
    let distances = zip(times, times.dropFirst()).map { change($1) - change($0) }
    return SpeedCurve(times: times, distances: distances) { $0 >= 1 - 1e-9 && $1 <= 2 + 1e-9 }
  }

  @Test func evensOutAndKeepsHolds() {
    let curve = curve()
    let plain = (0..<60).map { Double($0) * 3 / 59 }
    let even = curve.evenTimes(frames: 60, isLoop: false)
    #expect(even.first == 0)
    #expect(abs((even.last ?? 0) - 3) < 1e-9)
    #expect(zip(even, even.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(curve.unevenness(of: plain, isLoop: false) > 1.8)
    #expect(curve.unevenness(of: even, isLoop: false) < 1.1)
    // A third of the film is the hold, as before.
    #expect(even.count { $0 > 1 + 1e-6 && $0 < 2 - 1e-6 } >= 18)
  }

  @Test func unevennessIsTheLargestByTheMedian() {
    #expect(SpeedCurve.unevenness([1, 1, 3, 1]) == 3)
    #expect(SpeedCurve.unevenness([0, 0, 2, 2]) == 1)
    #expect(SpeedCurve.unevenness([]) == 1)
  }

  @Test func nothingChanges() {
    let curve = SpeedCurve(times: [0, 1, 2], distances: [0, 0]) { _, _ in false }
    #expect(curve.evenTimes(frames: 3, isLoop: false) == [0, 1, 2])
  }
}
