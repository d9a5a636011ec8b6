import Editor
import Latents
import TUI
import Testing

struct LayoutTests {
  private static let sizes = [
    (80, 24), (120, 40), (40, 12), (200, 60), (50, 40), (79, 13), (300, 90),
  ]

  /// Nothing overlaps, and everything is inside the screen and off its last row but the footer.
  @Test(arguments: sizes)
  func regionsAreDisjoint(columns: Int, rows: Int) throws {
    for keys in ["", "c", "m 2", "end", "/ \"e\" enter"] {
      var editor = ScriptedEditor(columns, rows)
      editor.keys(keys)
      let page = try #require(editor.state.page)
      let parts =
        page.pictures + page.captions + [page.status, page.divider, page.panel, page.footer]
      expectDisjoint(parts, in: page.border)
      let regions = editor.state.regions.map(\.rect).filter { !$0.isEmpty }
      expectDisjoint(regions, in: page.border)
      for picture in page.pictures {
        #expect(picture.rows.upperBound < rows)
        #expect(!picture.isEmpty)
      }
    }
  }

  private func expectDisjoint(_ rects: [Rect], in screen: Rect) {
    for (index, rect) in rects.enumerated() {
      #expect(rect.clipped(to: screen) == rect, "\(rect) is outside of \(screen)")
      for other in rects[(index + 1)...] {
        #expect(rect.clipped(to: other).isEmpty, "\(rect) and \(other) overlap")
      }
    }
  }

  /// No part of the panel writes into the picture or over the border.
  @Test(arguments: sizes)
  func theBorderStaysWhole(columns: Int, rows: Int) {
    for keys in ["", "down right g m 2", "s", "o", "y", "n"] {
      var editor = ScriptedEditor(columns, rows)
      for index in 0..<40 { editor.presets["p\(index)"] = Recipe(latent: .seed(1)) }
      editor.keys(keys)
      let frame = view(editor.state)
      for row in 1..<rows - 1 {
        #expect("│├".contains(frame[0, row].text))
        #expect("│┤▲▼".contains(frame[columns - 1, row].text))
      }
      for placement in frame.placements {
        let rect = placement.rect
        for row in rect.rows {
          for column in rect.columns
          where !frame.covered.contains(where: { $0.contains(Point(column: column, row: row)) }) {
            #expect(frame[column, row].text == " ")
          }
        }
      }
    }
  }

  /// The picture is square on the glass and a whole multiple of the model's resolution.
  @Test(arguments: [(6, 13), (8, 16), (10, 20), (9, 18), (7, 15)], sizes)
  func picturesAreSquare(cell: (Int, Int), size: (Int, Int)) throws {
    let screen = TerminalTraits(
      size: Size(columns: size.0, rows: size.1), cell: .init(width: cell.0, height: cell.1),
      graphics: .sixel)
    let page = try #require(
      PageLayout(screen: screen, resolution: 128, isSideBySide: false))
    let picture = page.pictures[0]
    let width = picture.size.columns * cell.0
    let height = picture.size.rows * cell.1
    #expect(abs(width - height) <= cell.1 / 2 + cell.0 / 2)
    #expect(width <= 512 + cell.1 && height <= 512 + cell.1)
  }

  @Test func wholeMultiplesWherePossible() throws {
    let screen = TerminalTraits(
      size: Size(columns: 120, rows: 40), cell: .init(width: 8, height: 16), graphics: .sixel)
    for (resolution, side) in [(128, 512), (256, 512), (1024, 512), (64, 512)] {
      let page = try #require(
        PageLayout(screen: screen, resolution: resolution, isSideBySide: false))
      #expect(page.pictures[0].size == Size(columns: side / 8, rows: side / 16))
    }
    let small = TerminalTraits(
      size: Size(columns: 80, rows: 24), cell: .init(width: 8, height: 16), graphics: .sixel)
    let page = try #require(PageLayout(screen: small, resolution: 128, isSideBySide: false))
    #expect(page.pictures[0].size == Size(columns: 32, rows: 16))
  }

  @Test(arguments: sizes)
  func theFocusIsAlwaysInView(columns: Int, rows: Int) throws {
    var editor = ScriptedEditor(columns, rows)
    for key in Array(repeating: "down", count: 40) + Array(repeating: "up", count: 40)
      + ["end", "home", "pagedown", "tab", "tab", "tab", "shift-tab", "m"]
    {
      editor.keys(key)
      let page = try #require(editor.state.page)
      let layout = editor.state.panelLayout(page)
      #expect(
        layout.visible.contains { $0.line.controls.contains(editor.state.panel.focus) },
        "\(editor.state.panel.focus) after \(key)")
    }
  }

  @Test func smallerThanTheLeast() {
    for (columns, rows) in [(39, 12), (40, 11), (1, 1), (0, 0)] {
      let screen = TerminalTraits(size: Size(columns: columns, rows: rows))
      #expect(PageLayout(screen: screen, resolution: 128, isSideBySide: false) == nil)
    }
  }
}
