import FileSystem
import Process
import Report

extension TerminalStyle {
  /// The style that standard output wants.
  ///
  /// Colours only on a terminal that knows them, and not where `NO_COLOR` is set to something
  /// (https://no-color.org); `FORCE_COLOR` (https://force-color.org) has them anywhere. Without a terminal, `COLUMNS` says how wide the text may be.
  static var current: TerminalStyle { current(elsewhere: 80) }

  /// The style that standard output wants, `width` columns where it is no terminal and nothing says how wide it is.
  static func current(elsewhere width: Int) -> TerminalStyle {
    let refusesColour = Environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    let isForced = Environment["FORCE_COLOR"].map { !$0.isEmpty && $0 != "0" } ?? false
    return TerminalStyle(
      width: StandardStream.output.columns ?? Environment["COLUMNS"].flatMap { Int($0) } ?? width,
      isColoured: !refusesColour
        && (isForced || StandardStream.output.isTerminal && Environment["TERM"] != "dumb"))
  }
}
