/// How the program ends, as scripts see it.
enum ExitStatus: Int32 {
  case done = 0
  case failed = 1
  case usage = 2
  case cancelled = 130
}

/// What a command cannot do, in the words the user reads: what was found, what was expected, what
/// to do about it.
struct Failure: Error, Hashable, CustomStringConvertible {
  let status: ExitStatus
  let description: String

  private init(_ status: ExitStatus, _ description: String) {
    self.status = status
    self.description = description
  }

  /// The world is not as the command needs it.
  static func failed(_ description: String) -> Failure { Failure(.failed, description) }
  /// The command line means nothing.
  static func usage(_ description: String) -> Failure { Failure(.usage, description) }
  /// The user stopped it; the words say what is kept.
  static func cancelled(_ description: String) -> Failure { Failure(.cancelled, description) }
}
