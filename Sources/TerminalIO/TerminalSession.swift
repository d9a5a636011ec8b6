import CTerminal
package import TUI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Owns the terminal while a program runs in it, and gives it back whatever happens.
///
/// One thread does everything here: it waits for input, signals and workers, hands events to the
/// program, and sends what the program wants to show. Nothing waits for the terminal: output that
/// it does not take yet stays in a queue, and while there is any, no new frame is made, so a slow
/// link shows fewer frames but never old ones.
package final class TerminalSession {
  package struct Options: Sendable {
    package var graphics: GraphicsChoice
    package var variables: [String: String]
    /// Where standard error goes while the screen is ours; without one, into memory. Either way
    /// it is shown when the terminal has been given back.
    package var logPath: String?
    /// Smaller terminals are refused at the start.
    package var minimumSize: Size

    package init(
      graphics: GraphicsChoice = .auto, variables: [String: String], logPath: String? = nil,
      minimumSize: Size = Size(columns: 40, rows: 12)
    ) {
      self.graphics = graphics
      self.variables = variables
      self.logPath = logPath
      self.minimumSize = minimumSize
    }
  }

  /// How a session ended.
  package enum End: Hashable, Sendable {
    case finished
    /// By a signal, or because the terminal went away (SIGHUP).
    case signal(Int32)

    /// By the convention of shells: 128 + the signal's number.
    package var exitStatus: Int32 {
      switch self {
      case .finished: 0
      case .signal(let number): 128 + number
      }
    }
  }

  private let device: TerminalDevice
  private let options: Options
  private let wakePipe: WakePipe
  private var environment: TerminalEnvironment
  private var replies: [TerminalReply] = []
  private var decoder = InputDecoder()
  private var pacing = PicturePacing()
  private var events: [InputEvent] = []
  private var output: ArraySlice<UInt8> = []
  private var outputEndsWithPicture = false
  /// Seconds that the first question and its answer took.
  private var roundTrip = 0.0
  private var isPrepared = true
  private var needsFrame = true
  private var signalPipe: Int32 = -1
  private var logFile: Int32 = -1
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant

  /// Looks at the terminal without touching it.
  package init(_ options: Options) throws(TerminalError) {
    device = try TerminalDevice()
    environment = device.environment(variables: options.variables)
    if environment.isDumb { throw .dumb(term: environment.term) }
    if environment.terminfoColors == nil { throw .unknownTerminal(term: environment.term) }
    let (size, least) = (environment.size, options.minimumSize)
    if size.columns < least.columns || size.rows < least.rows {
      throw .tooSmall(size, needs: least)
    }
    self.options = options
    wakePipe = try WakePipe()
    start = clock.now
  }

  /// Makes the program's `receive` be called with `InputEvent.wake`; from any thread, at any time.
  package var wake: @Sendable () -> Void {
    let pipe = wakePipe
    return { pipe.wake() }
  }

  /// Runs the program until it is finished or a signal ends it. The terminal is given back before
  /// this returns or throws.
  package func run(_ program: any TerminalProgram) throws(TerminalError) -> End {
    signalPipe = mien_terminal_catch_signals()
    guard signalPipe >= 0 else {
      throw .system(operation: "pipe", reason: NcursesGrid.reason(errno))
    }
    defer { mien_terminal_release_signals() }
    openLog()
    // ncurses first: it may yet refuse, and does not touch the terminal.
    let screen = try NcursesScreen(
      environment: environment, capabilities: decideCapabilities())
    try check(mien_terminal_enter(device.output, logFile), "tcsetattr")
    defer {
      mien_terminal_leave()
      mien_terminal_replay_log(STDERR_FILENO)
    }

    if let end = try askTerminal() {
      program.terminalWillEnd()
      return end
    }
    adoptCapabilities(screen)
    program.terminalDidStart(screen.capabilities.traits(size: environment.size))
    do {
      return try loop(program, screen)
    } catch {
      // The terminal is gone, which is what a hang-up says too.
      program.terminalWillEnd()
      return .signal(SIGHUP)
    }
  }

  // MARK: The loop

  private var now: Double { start.duration(to: clock.now) / .seconds(1) }

  private func loop(
    _ program: any TerminalProgram, _ screen: NcursesScreen
  ) throws(TerminalError) -> End {
    while true {
      if !events.isEmpty {
        let batch = InputEvent.coalesced(events)
        events.removeAll()
        program.receive(batch)
        needsFrame = true
      }
      if program.isFinished { return .finished }
      if needsFrame, output.isEmpty { show(program, screen) }
      if !isPrepared, output.isEmpty, !hasInput {
        isPrepared = true
        screen.prepareDrafts()
      }

      let ready = device.wait(
        alsoForOutput: !output.isEmpty, others: [signalPipe, wakePipe.readEnd], timeout: timeout)
      if ready.output { try writeSome() }
      if ready.others[0] {
        for signal in WakePipe.drain(signalPipe) {
          if try handle(Int32(signal), program, screen) {
            program.terminalWillEnd()
            return .signal(Int32(signal))
          }
        }
      }
      if ready.others[1] {
        _ = WakePipe.drain(wakePipe.readEnd)
        events.append(.wake)
      }
      if ready.input {
        let bytes = try device.read()
        if bytes.isEmpty {
          program.terminalWillEnd()
          return .signal(SIGHUP)
        }
        try handle(decoder.feed(bytes), program, screen)
      } else if decoder.isWaiting, !ready.output, !ready.others.contains(true) {
        try handle(decoder.flush(), program, screen)
      }
      if let deadline = pacing.deadline, now >= deadline { needsFrame = true }
    }
  }

  /// Seconds until something has to be done although nothing happened.
  private var timeout: Double? {
    // After an escape the rest of a sequence comes at once, if it is one.
    if decoder.isWaiting { return 0.03 }
    guard output.isEmpty, owesPictures, let deadline = pacing.deadline else { return nil }
    return max(0, deadline - now)
  }

  private var owesPictures = false

  /// Whether somebody typed or moved the mouse meanwhile.
  private var hasInput: Bool { device.wait(alsoForOutput: false, timeout: 0).input }

  private func show(_ program: any TerminalProgram, _ screen: NcursesScreen) {
    needsFrame = false
    let frame = program.view(environment.size)
    let quality = program.imageQuality
    screen.draftQuality = pacing.quality
    let update = screen.update(
      to: frame, quality: quality, mayPaint: pacing.mayPaint(at: now),
      image: { program.image($0) })
    owesPictures = update.owesPictures
    output = update.bytes[...]
    if update.paintsPictures {
      output += Array(TerminalQuery.ready.utf8)
      outputEndsWithPicture = true
      pacing.begins(at: now, isDraft: quality == .draft)
      if quality == .still { isPrepared = false }
    }
  }

  private func writeSome() throws(TerminalError) {
    output = output.dropFirst(try device.write(output))
    if output.isEmpty {
      output = []
      if outputEndsWithPicture { pacing.sent(at: now) }
      outputEndsWithPicture = false
    }
  }

  // MARK: What comes in

  private func handle(
    _ decoded: [InputDecoder.Output], _ program: any TerminalProgram, _ screen: NcursesScreen
  ) throws(TerminalError) {
    for item in decoded {
      switch item {
      case .event(.key(.character("z"), .control)):
        try suspend(wholeGroup: true, program, screen)
      case .event(let event): events.append(event)
      case .reply(.ready):
        pacing.ready(at: now)
        if let duration = pacing.lastDuration { program.terminalDidTake(duration) }
        needsFrame = needsFrame || owesPictures
      case .reply(let reply):
        // A late answer, or a new size of the cells after a change of the font.
        replies.append(reply)
        if adoptCapabilities(screen) { tellTraits(program, screen) }
      }
    }
  }

  /// Returns whether the signal ends the session.
  private func handle(
    _ signal: Int32, _ program: any TerminalProgram, _ screen: NcursesScreen
  ) throws(TerminalError) -> Bool {
    switch signal {
    case SIGWINCH: resize(program, screen)
    case SIGTSTP: try suspend(wholeGroup: false, program, screen)
    case SIGCONT:
      // Not from `suspend`: somebody stopped us without asking (SIGSTOP).
      try check(mien_terminal_reclaim(), "tcsetattr")
      resume(program, screen)
    default: return true
    }
    return false
  }

  private func resize(_ program: any TerminalProgram, _ screen: NcursesScreen) {
    let (size, pixels) = device.environmentSize
    guard size != environment.size || pixels != environment.pixels else { return }
    (environment.size, environment.pixels) = (size, pixels)
    if replies.contains(where: { if case .cellSize = $0 { true } else { false } }) {
      // The font may have changed. The answer comes as a late reply.
      output += Array(TerminalQuery.cellSize.utf8)
    }
    screen.resize(to: size)
    adoptCapabilities(screen)
    tellTraits(program, screen)
  }

  private func tellTraits(_ program: any TerminalProgram, _ screen: NcursesScreen) {
    program.terminalDidStart(screen.capabilities.traits(size: environment.size))
    events.append(.resize(environment.size))
  }

  private func suspend(
    wholeGroup: Bool, _ program: any TerminalProgram, _ screen: NcursesScreen
  ) throws(TerminalError) {
    mien_terminal_leave()
    mien_terminal_replay_log(STDERR_FILENO)
    mien_terminal_stop(wholeGroup)
    try check(mien_terminal_enter(device.output, logFile), "tcsetattr")
    for signal in WakePipe.drain(signalPipe) where signal != UInt8(SIGCONT) {
      // What arrived meanwhile is for the loop.
      raise(Int32(signal))
    }
    resume(program, screen)
  }

  private func resume(_ program: any TerminalProgram, _ screen: NcursesScreen) {
    output = []
    outputEndsWithPicture = false
    pacing = PicturePacing(roundTrip: roundTrip)
    decoder = InputDecoder()
    screen.invalidate()
    resize(program, screen)
    events.append(.resumed)
    needsFrame = true
  }

  // MARK: Beginning

  private func decideCapabilities() -> Capabilities {
    Capabilities(environment: environment, replies: replies, choice: options.graphics)
  }

  /// Returns whether anything changed.
  @discardableResult
  private func adoptCapabilities(_ screen: NcursesScreen) -> Bool {
    let capabilities = decideCapabilities()
    guard capabilities != screen.capabilities else { return false }
    screen.adopt(capabilities)
    let farewell = screen.farewell
    unsafe farewell.withUnsafeBytes {
      unsafe mien_terminal_set_farewell(
        $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    return true
  }

  /// Asks what the terminal can do and waits for the answers, a second at most. Keys typed
  /// meanwhile are kept. Returns an end when a signal asked for it.
  private func askTerminal() throws(TerminalError) -> End? {
    var question = Array(TerminalQuery.capabilities.utf8)[...]
    let asked = now
    let deadline = asked + TerminalProbe.patience
    while now < deadline {
      let ready = device.wait(
        alsoForOutput: !question.isEmpty, others: [signalPipe], timeout: deadline - now)
      if ready.output { question = question.dropFirst(try device.write(question)) }
      if ready.others[0] {
        for signal in WakePipe.drain(signalPipe) {
          switch Int32(signal) {
          case SIGTERM, SIGHUP, SIGINT, SIGQUIT: return .signal(Int32(signal))
          case SIGWINCH:
            (environment.size, environment.pixels) = device.environmentSize
          default: break
          }
        }
      }
      guard ready.input else { continue }
      let bytes = try device.read()
      if bytes.isEmpty { return .signal(SIGHUP) }
      for item in decoder.feed(bytes) {
        switch item {
        case .event(let event): events.append(event)
        case .reply(let reply): replies.append(reply)
        }
      }
      if TerminalProbe.isComplete(replies) {
        roundTrip = now - asked
        pacing = PicturePacing(roundTrip: roundTrip)
        break
      }
    }
    return nil
  }

  private func openLog() {
    // A person who redirected standard error wants it there.
    guard isatty(STDERR_FILENO) == 1 else { return }
    if let path = options.logPath {
      logFile = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    }
    if logFile < 0 { logFile = mien_memory_file() }
  }

  private func check(_ code: Int32, _ operation: String) throws(TerminalError) {
    if code != 0 { throw .system(operation: operation, reason: NcursesGrid.reason(code)) }
  }
}
