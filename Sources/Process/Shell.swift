internal import Libc

/// Commands that a user gave, and waiting.
public enum Shell {
  /// Runs a line of the shell, waits for its end, and returns how it ended, 0 for well; `variables` are in its
  /// environment, where nothing in them acts.
  @discardableResult
  public static func run(_ line: String, variables: [(name: String, value: String)] = []) -> Int32 {
    for variable in variables { Environment.set(variable.name, variable.value) }
    return unsafe system(line)
  }

  /// Does nothing for so long.
  public static func pause(milliseconds: Int) {
    _ = usleep(UInt32(clamping: milliseconds.multipliedReportingOverflow(by: 1000).partialValue))
  }
}
