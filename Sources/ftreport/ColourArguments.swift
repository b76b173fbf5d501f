import ArgumentParser
import Report

/// Which colours pages and pictures have.
struct ColourArguments: ParsableArguments {
  @Option(
    help: "The colours of pictures and HTML pages: auto leaves the choice to the reader's system.")
  var theme = ColourScheme.auto

  /// `clean`, and the colours fixed where that is wanted.
  func fixing(_ clean: @escaping @Sendable (String) -> String) -> @Sendable (String) -> String {
    let theme = theme
    return { text in theme.applied(to: clean(text)) }
  }
}
