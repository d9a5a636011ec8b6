import Files
import Imaging
import Latents
import StyleGAN
import Tensors

/// The style-mixing table (StyleGAN paper, figure 3): sources left and on top, mixtures between.
struct MixingTable {
  let rows: SeedList
  let cols: SeedList
  /// The rows of ws that come from the face on top.
  let layers: LayerRange
  let sampling: SamplingOptions

  struct Result {
    let lefts: [PictureRenderer.Output]
    let tops: [PictureRenderer.Output]
    /// Row by row.
    let mixed: [PictureRenderer.Output]
  }

  /// A source.
  func recipe(seed: UInt32) -> Recipe {
    var recipe = Recipe(
      latent: .seed(seed, classIndex: sampling.classIndex), noise: NoiseSetting(seed: seed))
    sampling.apply(to: &recipe)
    return recipe
  }

  func recipe(row: UInt32, column: UInt32) -> Recipe {
    var recipe = recipe(seed: row)
    recipe.mix = [
      Mix(latent: .seed(column, classIndex: sampling.classIndex), rows: layers, weight: 1)
    ]
    return recipe
  }

  func write(_ result: Result, to destination: Destination, model: LoadedModel) throws {
    switch destination.kind {
    case .png, .ppm:
      let file = PictureFile(sheet(result), presets: presets(model), model: model.configuration)
      try AtomicFile.write(destination.kind == .ppm ? file.ppm : file.png, to: destination.path)
    case .npy:
      try images(result.mixed, shape: [rows.count, cols.count]).write(to: destination.path)
    case .npz:
      try NamedArray.write(
        [
          images(result.mixed, shape: [rows.count, cols.count]),
          NamedArray(
            "ws", result.mixed.flatMap(\.ws.values),
            [rows.count, cols.count] + result.mixed[0].ws.shape.dimensions),
          images(result.lefts, shape: [rows.count], name: "rows"),
          images(result.tops, shape: [cols.count], name: "cols"),
        ], to: destination.path)
    case .folder: preconditionFailure("a table is one file")
    }
  }

  /// The table with its sources; the corner is black.
  private func sheet(_ result: Result) -> PixelImage {
    let tops = result.tops.map(\.image)
    var places = [
      PixelImage(width: tops[0].width, height: tops[0].height, filledWith: (0, 0, 0))
    ]
    places += tops
    for (index, left) in result.lefts.enumerated() {
      places.append(left.image)
      places += result.mixed[index * cols.count..<(index + 1) * cols.count].map(\.image)
    }
    return ContactSheet.compose(places, columns: cols.count + 1)
  }

  /// The recipes of the mixtures, row by row.
  private func presets(_ model: LoadedModel) -> [Preset] {
    rows.flatMap { row in
      cols.map { column in
        Preset(
          name:
            "\(PictureEntry.name(seed: row)) with \(layers) of \(PictureEntry.name(seed: column))",
          model: model.reference, recipe: recipe(row: row, column: column))
      }
    }
  }

  private func images(
    _ outputs: [PictureRenderer.Output], shape: [Int], name: String = "images"
  ) -> NamedArray {
    NamedArray(
      name, outputs.flatMap(\.picture.values), shape + outputs[0].picture.shape.dimensions)
  }
}
