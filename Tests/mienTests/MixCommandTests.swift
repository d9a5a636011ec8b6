import Checkpoints
import Foundation
import Imaging
import Tensors
import Testing

@Suite(.serialized)
struct MixCommandTests {
  private let mien: MienProcess

  init() throws { mien = try MienProcess() }

  @Test func theTableShowsItsSources() throws {
    #expect(
      try mien("mix", "--rows", "0-1", "--cols", "5,6,7", "--layers", "middle", "-o", "t.png")
        .status == 0)
    let table = try PNG.decode(Array(Data(contentsOf: URL(filePath: mien.path("t.png")))))
    let side = table.image.width / 4
    #expect((table.image.width, table.image.height) == (4 * side, 3 * side))
    #expect(table.text(for: "mien")?.hasPrefix("[\n{") == true)
    try mien("generate", "--seeds", "0-1,5-7", "-o", "faces")
    for (place, seed) in [(1, 5), (2, 6), (3, 7), (4, 0), (8, 1)] {
      let face = try PNG.decode(
        Array(Data(contentsOf: URL(filePath: mien.path("faces/seed000\(seed).png")))))
      #expect(part(table.image, side: side, column: place % 4, row: place / 4) == face.image)
    }
  }

  @Test func arraysHoldTheMixtures() throws {
    for name in ["t.npy", "t.npz"] {
      #expect(
        try mien("mix", "--rows", "0-1", "--cols", "5,6,7", "--layers", "0-3", "-o", name).status
          == 0)
    }
    let array = try NPYArray.load(path: mien.path("t.npy"))
    #expect(array.shape.prefix(3) == [2, 3, 3])
    let archive = try NPZArchive.load(path: mien.path("t.npz"))
    #expect(archive.names == ["images", "ws", "rows", "cols"])
    #expect(try archive.array("images").tensor.values == array.tensor.values)
    #expect(try archive.array("rows").shape[0] == 2)
    #expect(try archive.array("cols").shape[0] == 3)

    // Mixture (1, 2): rows 0-3 of ws from seed 7, the others from seed 1.
    try mien("generate", "--seeds", "1,7", "-o", "sources.npz")
    let sources = try NPZArchive.load(path: mien.path("sources.npz")).array("ws").tensor.values
    let ws = try archive.array("ws")
    let (rows, width) = (ws.shape[2], ws.shape[3])
    let mixed = Array(ws.tensor.values[5 * rows * width..<6 * rows * width])
    #expect(Array(mixed[..<(4 * width)]) == Array(sources[rows * width..<(rows + 4) * width]))
    #expect(Array(mixed[(4 * width)...]) == Array(sources[4 * width..<rows * width]))
  }

  @Test func badInput() throws {
    expect(
      try mien("mix", "--rows", "0", "--cols", "1", "--layers", "middle", "-o", "folder"), fails: 2,
      "mien: folder: the table is one file; end its name in .png, .ppm, .npy or .npz")
    expect(
      try mien("mix", "--rows", "0", "--cols", "1", "--layers", "hair", "-o", "t.png"), fails: 2,
      "mien: The value 'hair' is invalid for '--layers <range>': \"hair\" is not a range of rows: write all, coarse, middle, fine, 5 or 0-3 (see 'mien mix --help')"
    )
    let result = try mien(
      "mix", "--rows", "0", "--cols", "1", "--layers", "0-99", "-o", "t.png")
    #expect(result.status == 1)
    #expect(result.errors.hasPrefix("mien: the rows 0-99 do not fit the model, which has rows 0-"))
    expect(
      try mien("mix", "--rows", "0-999", "--cols", "0-999", "--layers", "fine", "-o", "t.png"),
      fails: 2,
      "mien: a table of 1000 by 1000 pictures is more than the 10000 that fit one file")
    #expect(try mien.files() == [])
  }

  private func part(_ image: PixelImage, side: Int, column: Int, row: Int) -> PixelImage {
    PixelImage(
      width: side, height: side,
      bytes: (0..<side).flatMap { y in
        let start = ((row * side + y) * image.width + column * side) * 3
        return image.bytes[start..<start + side * 3]
      })
  }
}
