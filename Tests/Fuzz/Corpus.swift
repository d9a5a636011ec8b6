package import Foundation

/// The intact files that damage starts from: the small ones committed with the tests.
package struct Corpus: Sendable {
  package struct Item: Sendable {
    package let name: String
    package let bytes: [UInt8]
  }

  package let items: [Item]

  /// Every file of a folder up to a size, in the order of their names.
  package init(folders: [URL], largest: Int = 1 << 17) {
    var items: [Item] = []
    for folder in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      for name in names.sorted() where !name.hasSuffix(".md") && !name.hasSuffix(".json") {
        guard let data = try? Data(contentsOf: folder.appending(path: name)),
          !data.isEmpty, data.count <= largest
        else { continue }
        // Damage to intact files reaches deeper than more of it to damaged ones.
        let isIntact = name.hasPrefix("control") || name.hasPrefix("native")
        let item = Item(name: name, bytes: Array(data))
        items += Array(repeating: item, count: isIntact ? 4 : 1)
      }
    }
    self.items = items
  }

  /// The damaged file of a number: the same for the same seed and corpus.
  package func input(seed: UInt64, iteration: Int) -> (name: String, bytes: [UInt8]) {
    var mutator = Mutator(seed: seed, iteration: iteration)
    let item = items[mutator.below(items.count)]
    let other = items[mutator.below(items.count)]
    return (item.name, mutator.mutate(item.bytes, other: other.bytes))
  }
}
