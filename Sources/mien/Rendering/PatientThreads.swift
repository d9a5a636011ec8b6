import Glibc

/// The generator's threads wait for each other in a loop, which costs nothing on idle cores. Beside
/// an encoder, or whatever else runs, the one that loops keeps the core from the one it waits for,
/// and a frame can take a hundred times as long. For a film they sleep instead.
///
/// OpenMP reads this once, before the program's first line: so the program starts itself again.
enum PatientThreads {
  private static let variable = "OMP_WAIT_POLICY"

  static func useFromNow() {
    guard unsafe getenv(variable) == nil, unsafe getenv("GOMP_SPINCOUNT") == nil,
      unsafe setenv(variable, "passive", 0) == 0
    else { return }
    // Where it cannot start again, it goes on as it is.
    unsafe _ = execv("/proc/self/exe", CommandLine.unsafeArgv)
  }
}
