import Latents
import TUI

/// The mouse. Whatever it does, a key does too (see the key table's `mouse` column).
extension State {
  mutating func receive(_ event: MouseEvent, time: Double) -> [Command] {
    switch event.kind {
    case .press(1): return press(at: event.position, time: time)
    case .press: return []
    case .drag(1): return drag(to: event.position, time: time)
    case .drag: return []
    case .release: return release()
    case .wheelUp: return wheel(1, event, time: time)
    case .wheelDown: return wheel(-1, event, time: time)
    }
  }

  private mutating func press(at position: Point, time: Double) -> [Command] {
    notice = nil
    let isDouble =
      lastClick.map { $0.position == position && time - $0.time < Click.patience } ?? false
    lastClick = isDouble ? nil : Click(position: position, time: time)
    guard let (target, rect) = target(at: position) else { return pressOutside() }
    if case .hint(let action) = target { return perform(action, chord: nil, time: time) }
    switch mode {
    case .page: break
    case .find: mode = .page
    case .help: return perform(.cancel, chord: nil, time: time)
    case .history, .presets, .models, .filmSources, .prompt, .confirm:
      return pressInPopup(target, isDouble: isDouble, time: time)
    }
    panel.typed = nil
    if film.isOpen { return pressOnFilm(target) }
    if photo.isOpen { return pressOnPhoto(target, rect, at: position, isDouble: isDouble) }
    switch target {
    case .picture: return flip(held: true)
    case .track(let control):
      panel.focus = control
      if isDouble {
        gesture?.isDrag = false
        return reset(control, time: time)
      }
      return dragTrack(control, track(of: control) ?? rect, to: position, time: time)
    case .control(let control):
      panel.focus = control
      return isDouble ? reset(control, time: time) : []
    case .range(let id):
      panel.focus = .slider(id)
      return cycleRange(of: id, time: time)
    case .mixBar: return pressMixBar(rect, at: position, isDouble: isDouble, time: time)
    case .heading:
      return perform(
        panel.showsEditedOnly || position.column > rect.origin.column + rect.size.columns / 2
          ? .editedOnly : .find, chord: nil, time: time)
    case .history: return perform(.history, chord: nil, time: time)
    case .bookmarks: return perform(.bookmark, chord: nil, time: time)
    case .list, .hint, .row, .popup, .keyframe, .photo: return []
    }
  }

  private mutating func pressOnFilm(_ target: Region.Target) -> [Command] {
    switch target {
    case .keyframe(let index): film.select(index)
    case .picture: return performOnFilm(.play)
    default: break
    }
    return []
  }

  /// A click beside a popup leaves it.
  private mutating func pressOutside() -> [Command] {
    switch mode {
    case .page, .find: return []
    default: return perform(.cancel, chord: nil, time: 0)
    }
  }

  private mutating func pressInPopup(
    _ target: Region.Target, isDouble: Bool, time: Double
  ) -> [Command] {
    switch (target, mode) {
    case (.row(let index), .history):
      let commands = show(step: index)
      return isDouble ? commands + perform(.accept, chord: nil, time: time) : commands
    case (.row(let index), .presets(var list)):
      list.select(index)
      mode = .presets(list)
      return isDouble ? perform(.accept, chord: nil, time: time) : []
    case (.row(let index), .models(var list)):
      list.select(index)
      mode = .models(list)
      return isDouble ? perform(.accept, chord: nil, time: time) : []
    case (.row(let index), .filmSources(var list)):
      list.select(index)
      mode = .filmSources(list)
      return isDouble ? perform(.accept, chord: nil, time: time) : []
    case (.popup, _), (.row, _): return []
    default: return perform(.cancel, chord: nil, time: time)
    }
  }

  private mutating func drag(to position: Point, time: Double) -> [Command] {
    if photo.grip != nil {
      dragOnPhoto(to: position)
      return []
    }
    guard let gesture, gesture.isDrag, case .control(let control) = gesture.subject,
      let rect = dragRect(of: control)
    else { return [] }
    if case .mixBorder(let index) = control {
      guard let bar = mixBarLayout else { return [] }
      let row = bar.handles.border(
        atColumn: position.column - rect.origin.column, handle: index, scale: bar.scale)
      return moveBorder(index, to: row, time: time, isDrag: true)
    }
    return dragTrack(control, rect, to: position, time: time)
  }

  private mutating func release() -> [Command] {
    photo.grip = nil
    if case .flipped(held: true) = pictures.comparison {
      pictures.comparison = .off
      return []
    }
    if gesture?.isDrag == true { closeGesture() }
    return []
  }

  private mutating func dragTrack(
    _ control: Control, _ rect: Rect, to position: Point, time: Double
  ) -> [Command] {
    let slider = slider(for: control)
    let value = slider.value(
      atColumn: position.column - rect.origin.column, width: rect.size.columns)
    return set(control, to: value, time: time, isDrag: true)
  }

  private mutating func pressMixBar(
    _ rect: Rect, at position: Point, isDouble: Bool, time: Double
  ) -> [Command] {
    guard let bar = mixBarLayout else { return [] }
    let column = position.column - rect.origin.column
    switch bar.handles.place(atColumn: column, scale: bar.scale) {
    case .handle(let index):
      panel.focus = .mixBorder(index)
      if isDouble { return resetMix() }
      closeGesture()
      gesture = Gesture(
        subject: .control(.mixBorder(index)), time: time, isDrag: true, hasStep: false)
      return []
    case .segment(let index):
      if case .mixRow = panel.focus {
        if let row = bar.handles.part(atColumn: column, scale: bar.scale) {
          panel.focus = .mixRow(row)
        }
        return []
      }
      panel.focus = .mixBorder(min(index, 1))
      return toggleSegment(index)
    case nil: return []
    }
  }

  private mutating func wheel(_ sign: Int, _ event: MouseEvent, time: Double) -> [Command] {
    switch mode {
    case .page where film.isOpen:
      film.select(film.selected - sign)
      return []
    case .page where photo.isOpen: return wheelOnPhoto(sign, event.modifiers)
    case .page, .find: break
    case .help, .history, .presets, .models, .filmSources:
      return perform(sign > 0 ? .lineUp : .lineDown, chord: nil, time: time)
    case .prompt, .confirm: return []
    }
    let step: Step =
      event.modifiers.contains(.shift)
      ? .coarse : event.modifiers.contains(.control) ? .fine : .normal
    switch target(at: event.position)?.target {
    case .track(let control):
      panel.focus = control
      return adjust(control, by: step, sign: sign, time: time)
    case .control(let control) where control != panel.focus || !isInList(control):
      if isInList(control) {
        scrollPanel(by: -3 * sign)
        return []
      }
      panel.focus = control
      return adjust(control, by: step, sign: sign, time: time)
    case .control(let control):
      return adjust(control, by: step, sign: sign, time: time)
    case .mixBar:
      if case .mixRow = panel.focus { return adjust(panel.focus, by: step, sign: sign, time: time) }
      let control: Control = panel.focus == .mixBorder(1) ? .mixBorder(1) : .mixBorder(0)
      panel.focus = control
      return adjust(control, by: step, sign: sign, time: time)
    case .range, .heading, .list:
      scrollPanel(by: -3 * sign)
      return []
    case .picture, .history, .bookmarks, .hint, .row, .popup, .keyframe, .photo, nil: return []
    }
  }

  private func isInList(_ control: Control) -> Bool {
    if case .slider = control { true } else { false }
  }

  /// The value and range of a control that has a track.
  func slider(for control: Control) -> Slider {
    switch control {
    case .slider(let id):
      Slider(value: recipe.edit(id)?.strength ?? 0, in: SliderScale.range, rest: 0)
    case .psi:
      Slider(value: recipe.truncation.psi, in: SliderScale.psiRange, rest: SliderScale.psi)
    default: Slider(value: mix.weight, in: 0...1, rest: 1)
    }
  }

  private var mixBarLayout: MixBarLayout? {
    guard let page else { return nil }
    let layout = panelLayout(page)
    return layout.visible.first { $0.line == .mixBar }.map {
      MixBarLayout($0.rect, mix: mix, isNarrow: layout.isNarrow)
    }
  }

  /// Where a control is dragged, as long as it is on the screen.
  private func dragRect(of control: Control) -> Rect? {
    if case .mixBorder = control { return mixBarLayout?.bar }
    return track(of: control)
  }
}
