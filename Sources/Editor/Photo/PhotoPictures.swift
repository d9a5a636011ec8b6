import Imaging
import TUI

/// Makes the pictures of the photo as they are asked for: only those that are shown are made, and
/// the newest square always wins.
final class PhotoPictures {
  private struct Size: Hashable {
    let width: Int
    let height: Int
  }

  private var levels: PhotoLevels?
  /// The photo at the size it is shown in.
  private var whole: (size: Size, picture: PixelImage)?
  private var made: [Int: (generation: Int, size: Size, picture: PixelImage)] = [:]

  func show(_ levels: PhotoLevels) {
    self.levels = levels
    whole = nil
    made = [:]
  }

  func picture(_ id: Int, of state: State) -> PixelImage? {
    guard let levels, let page = state.page, state.photo.photo != nil else { return nil }
    let layout = state.photoLayout(page)
    guard let rect = id == State.ImageID.photo ? layout.photo : layout.target, !rect.isEmpty
    else { return nil }
    let size = Size(
      width: rect.size.columns * max(1, state.screen.cell.width),
      height: rect.size.rows * max(1, state.screen.cell.height))
    let generation = state.photo.generation
    if let known = made[id], known.generation == generation, known.size == size {
      return known.picture
    }
    let picture: PixelImage? =
      switch id {
      case State.ImageID.photo: photo(levels, size, state)
      case State.ImageID.target:
        levels.square(state.photo.target, side: max(size.width, size.height))
      default: nil
      }
    if let picture { made[id] = (generation, size, picture) }
    return picture
  }

  private func photo(_ levels: PhotoLevels, _ size: Size, _ state: State) -> PixelImage? {
    guard let shown = state.photo.photo else { return nil }
    let plain: PixelImage
    if let whole, whole.size == size {
      plain = whole.picture
    } else {
      plain = levels.picture(width: size.width, height: size.height)
      whole = (size, plain)
    }
    return state.cropPicture(height: size.height).draw(
      over: plain,
      scale: (
        Double(size.width) / Double(shown.width), Double(size.height) / Double(shown.height)
      ))
  }
}
