import Files
import Imaging
import Latents

/// Renders a list of pictures to where they belong.
struct PictureBatch {
  private let entries: [PictureEntry]
  private let loaded: LoadedModel
  private let destination: Destination
  private let grid: GridSize?

  init(_ list: PictureList, loaded: LoadedModel, destination: Destination, grid: GridSize?)
    throws
  {
    entries = list.entries
    self.loaded = loaded
    self.destination = destination
    self.grid = grid
    if destination.kind == .folder { try list.requireDistinctNames() }
    try destination.prepare()
  }

  func run(_ renderer: PictureRenderer) throws {
    switch destination.kind {
    case .folder: try runToFolder(renderer)
    case .png, .ppm: try runToPicture(renderer)
    case .npy, .npz: try runToArrays(renderer)
    }
  }

  private func runToFolder(_ renderer: PictureRenderer) throws {
    var renderer = renderer
    var progress = Progress("generate", total: entries.count)
    for entry in entries {
      guard let output = try renderer.render(entry.preset.recipe) else {
        throw Failure.cancelled(
          progress.done == 0
            ? "cancelled before the first picture was done"
            : "cancelled; \(progress.done) of \(entries.count) pictures are in \(destination.path)")
      }
      let file = PictureFile(output.image, preset: entry.preset, model: loaded.configuration)
      try AtomicFile.write(file.png, to: destination.file(entry.name + ".png"))
      progress.advance()
    }
  }

  private func runToPicture(_ renderer: PictureRenderer) throws {
    var renderer = renderer
    var progress = Progress("generate", total: entries.count)
    var images: [PixelImage] = []
    for entry in entries {
      guard let output = try renderer.render(entry.preset.recipe) else {
        throw Failure.cancelled("cancelled; nothing was written to \(destination.path)")
      }
      images.append(output.image)
      progress.advance()
    }
    let file: PictureFile
    if let grid {
      let blank = PixelImage(
        width: images[0].width, height: images[0].height, filledWith: (0, 0, 0))
      images += Array(repeating: blank, count: grid.count - images.count)
      file = PictureFile(
        ContactSheet.compose(images, columns: grid.columns), presets: entries.map(\.preset),
        model: loaded.configuration)
    } else {
      file = PictureFile(images[0], preset: entries[0].preset, model: loaded.configuration)
    }
    try AtomicFile.write(
      destination.kind == .ppm ? file.ppm : file.png, to: destination.path)
  }

  private func runToArrays(_ renderer: PictureRenderer) throws {
    var renderer = renderer
    var arrays = ArrayCollector(loaded.configuration)
    var progress = Progress("generate", total: entries.count)
    for entry in entries {
      guard let output = try renderer.render(entry.preset.recipe) else { break }
      let source = try renderer.source(of: entry.preset.recipe)
      arrays.append(output, z: source.z, w: source.w)
      progress.advance()
    }
    if arrays.count > 0 { try arrays.write(to: destination) }
    if arrays.count < entries.count {
      throw Failure.cancelled(
        arrays.count == 0
          ? "cancelled before the first picture was done; nothing was written"
          : "cancelled; \(destination.path) has the first \(arrays.count) of \(entries.count) pictures"
      )
    }
  }
}
