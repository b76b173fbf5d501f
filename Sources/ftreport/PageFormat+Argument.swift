public import ArgumentParser
public import Report

extension PageFormat: ExpressibleByArgument {
  /// A format by its name; `text` is another word for `term`.
  public init?(argument: String) {
    self.init(rawValue: argument == "text" ? "term" : argument)
  }
}
