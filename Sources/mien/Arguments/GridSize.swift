/// The places of a sheet, written `COLSxROWS`.
struct GridSize: Hashable, Sendable, CustomStringConvertible {
  let columns: Int
  let rows: Int

  var count: Int { columns * rows }
  var description: String { "\(columns)x\(rows)" }

  init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (columns, rows)
  }

  init(parsing text: String) throws(Failure) {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let columns = sides[0], let rows = sides[1],
      (1...1000).contains(columns), (1...1000).contains(rows)
    else { throw .usage("write a grid as COLSxROWS, such as 6x4") }
    self.columns = columns
    self.rows = rows
  }
}
