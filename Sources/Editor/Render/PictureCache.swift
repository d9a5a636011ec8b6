import Imaging
import Latents

/// Full pictures made not long ago: undo, before / after and bookmarks show them at once.
struct PictureCache {
  struct Entry {
    var recipe: Recipe
    var image: PixelImage
    var report: RenderReport
  }
  private var entries: [Entry] = []
  private let byteLimit: Int

  init(byteLimit: Int = 32 << 20) { self.byteLimit = byteLimit }

  mutating func find(_ recipe: Recipe) -> Entry? {
    guard let index = entries.firstIndex(where: { $0.recipe == recipe }) else { return nil }
    let entry = entries.remove(at: index)
    entries.append(entry)
    return entry
  }

  mutating func insert(_ entry: Entry) {
    entries.removeAll { $0.recipe == entry.recipe }
    entries.append(entry)
    var bytes = entries.reduce(0) { $0 + $1.image.bytes.count }
    while bytes > byteLimit, entries.count > 1 {
      bytes -= entries.removeFirst().image.bytes.count
    }
  }
}
