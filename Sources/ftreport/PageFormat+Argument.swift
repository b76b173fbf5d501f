public import ArgumentParser
public import Report

/// What `--format` of a verb takes: each form has one word, the same for every verb.
protocol FormatWord: ExpressibleByArgument, RawRepresentable<String> {}

extension FormatWord {
  /// A format by its word; `text` is another one for `term`.
  init?(argument: String) { self.init(rawValue: argument == "text" ? "term" : argument) }
}

extension PageFormat: ExpressibleByArgument {
  /// A format by its word; `text` is another one for `term`.
  public init?(argument: String) { self.init(rawValue: argument == "text" ? "term" : argument) }
}

/// The formats of a comparison: those of every verb, and its picture.
enum ComparisonFormat: String, CaseIterable, FormatWord {
  case md, html, term, json, mimebundle, svg, png

  /// The format as the library knows it; nil for a picture.
  var page: PageFormat? { PageFormat(rawValue: rawValue) }
}
