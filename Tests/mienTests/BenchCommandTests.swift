import Checkpoints
import Foundation
import Testing

@testable import mien

/// `mien bench …` on networks so small that nothing is measured but the measuring.
struct BenchCommandTests {
  private let mien: MienProcess
  private let tiny = [
    "--resolution", "16", "--channel-base", "128", "--channel-max", "16", "--runs", "2",
  ]

  init() throws { mien = try MienProcess() }

  private func figures(_ arguments: [String]) throws -> BenchFigures {
    let result = try mien.run(["bench"] + arguments + tiny + ["--json"])
    #expect(result.status == 0, "\(result.errors)")
    return try BenchFigures(JSONValue(parsing: result.output))
  }

  @Test func theFrameAndWhatTheMachineCould() throws {
    let figures = try figures(["frame", "--precision", "float32"])
    for name in [
      "f32.min", "f32.median", "machine.flops", "machine.bandwidth", "layers.b4.conv1.seconds",
      "layers.b16.conv1.gflops", "layers.b16.conv0.bytes", "layers.b8.conv0.shareOfPeak",
      "engine.threads",
    ] {
      #expect(figures[name] ?? 0 > 0, "\(name)")
    }
    #expect(figures["resolution"] == 16 && figures["channelBase"] == 128)
  }

  @Test func severalAtOnce() throws {
    let figures = try figures(["preview", "edit", "mapping", "memory", "--frames", "5"])
    for name in ["previews.16.min", "edits.0.min", "edits.5.median", "mapping.1.min", "memory.peak"] {
      #expect(figures[name] ?? 0 > 0, "\(name)")
    }
    #expect(figures["memory.frames"] == 5)
    #expect(figures["layers.b4.conv1.seconds"] == nil, "only the frame is taken apart")
  }

  @Test func comparesWithAnEarlierReport() throws {
    let first = try mien.run(["bench", "mapping", "--json"] + tiny)
    try first.output.write(toFile: mien.path("a.json"), atomically: true, encoding: .utf8)
    let second = try mien.run(["bench", "mapping", "--compare", "a.json"] + tiny)
    #expect(second.status == 0)
    let line = try #require(second.output.split(separator: "\n").first { $0.hasPrefix("mapping.1.min") })
    #expect(line.hasSuffix("×"))
    try "[".write(toFile: mien.path("b.json"), atomically: true, encoding: .utf8)
    let broken = try mien.run(["bench", "mapping", "--compare", "b.json"] + tiny)
    #expect(broken.status == 1)
    #expect(broken.errors.hasPrefix("mien: b.json: not a report of 'mien bench --json'"))
  }

  @Test func whatMeansNothing() throws {
    expect(
      try mien("bench", "--resolution", "17"), fails: 2,
      "mien: --resolution is 17; it must be a power of two, 4 to 2048 (see 'mien bench --help')")
    expect(
      try mien("bench", "--model", "studio", "--resolution", "64"), fails: 2,
      "mien: --model and --resolution both say which network to measure (see 'mien bench --help')")
    expect(
      try mien("bench", "frame", "frame"), fails: 2,
      "mien: each thing is measured once (see 'mien bench --help')")
  }

  /// The editor in a terminal of its own: a first picture, and after some dragging the right one.
  @Test func theEditorFromOutside() throws {
    let figures = try figures(["start", "drag", "--seconds", "0.5"])
    #expect(figures["start.min"] ?? 0 > 0)
    #expect(figures["drag.pictures"] ?? 0 > 0)
    #expect(figures["drag.latency.min"] ?? 0 > 0)
    let link = try mien.run(
      ["bench", "drag", "--seconds", "0.5", "--rate", "200", "--round-trip", "20"] + tiny)
    #expect(link.status == 0)
    #expect(link.output.contains("with the right picture"))
  }

  @Test func encoding() throws {
    let result = try mien("bench", "sixel", "--runs", "1", "--json")
    let figures = try BenchFigures(JSONValue(parsing: result.output))
    #expect(figures["sixel.512.draft.min"] ?? 0 > 0 && figures["sixel.512.stillBytes"] ?? 0 > 0)
  }
}
