/// Seeds as the reference tools write them: `7`, `0-35`, `3,8,12-19`. Order and repetition are kept.
struct SeedList: Hashable, Sendable, RandomAccessCollection {
  private let ranges: [ClosedRange<UInt32>]
  /// Index of the first seed of each range.
  private let starts: [Int]
  let count: Int

  var startIndex: Int { 0 }
  var endIndex: Int { count }

  subscript(position: Int) -> UInt32 {
    precondition(indices.contains(position), "seed number \(position) of \(count)")
    let range = (starts.firstIndex { $0 > position } ?? starts.count) - 1
    return ranges[range].lowerBound + UInt32(position - starts[range])
  }

  /// - Throws: `Failure` of status usage; its words follow "The value '…' is invalid for '--seeds': ".
  init(parsing text: String) throws(Failure) {
    var ranges: [ClosedRange<UInt32>] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = item.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      let first = try SeedList.seed(ends[0])
      let last = ends.count == 2 ? try SeedList.seed(ends[1]) : first
      guard first <= last else { throw .usage("the range \(item) runs backwards") }
      ranges.append(first...last)
    }
    self.ranges = ranges
    var starts: [Int] = []
    var count = 0
    for range in ranges {
      starts.append(count)
      count += range.count
    }
    self.starts = starts
    self.count = count
  }

  private static func seed(_ text: Substring) throws(Failure) -> UInt32 {
    let digits = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    guard digits, !text.isEmpty else {
      throw .usage("write seeds as 7, 0-35 or 3,8,12-19")
    }
    guard let seed = UInt32(text) else {
      throw .usage("seeds run from 0 to \(UInt32.max)")
    }
    return seed
  }
}
