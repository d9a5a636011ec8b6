/// The directions at hand for one model, by name and in the order they are shown.
package struct DirectionLibrary: Hashable, Sendable {
  package private(set) var all: [Direction] = []
  private var indices: [String: Int] = [:]

  /// Of directions with one name the first counts.
  package init(_ directions: [Direction] = []) { add(directions) }

  package subscript(name: String) -> Direction? { indices[name].map { all[$0] } }

  package var names: [String] { all.map(\.name) }

  package func directions(_ kinds: Direction.Kind...) -> [Direction] {
    all.filter { kinds.contains($0.kind) }
  }

  /// Appends those whose name is not taken.
  package mutating func add(_ directions: [Direction]) {
    for direction in directions where indices[direction.name] == nil {
      indices[direction.name] = all.count
      all.append(direction)
    }
  }
}
