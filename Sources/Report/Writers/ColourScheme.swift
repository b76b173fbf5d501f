/// Which of its two sets of colours a page or a picture shows.
///
/// Pictures and pages carry both, and the reader's system chooses. Where it cannot (slides, mail, a wiki that is
/// always dark), one of them is fixed.
public enum ColourScheme: String, CaseIterable, Sendable {
  /// As the reader's system has it.
  case auto
  /// Dark on light, everywhere.
  case light
  /// Light on dark, everywhere but on paper.
  case dark

  /// `text`, a picture or a page of this module, with these colours alone.
  ///
  /// Nothing but style sheets is changed: what a training wrote never holds a `<style>` that is not escaped.
  ///
  /// - Complexity: O(text).
  public func applied(to text: String) -> String {
    guard self != .auto else { return text }
    let parts = text.split(separator: "<style>", omittingEmptySubsequences: false)
    return parts.enumerated().map { index, part in
      guard index > 0, let end = part.firstRange(of: "</style>") else { return String(part) }
      return sheet(String(part[..<end.lowerBound])) + part[end.lowerBound...]
    }.joined()
  }

  /// A `<style>` element with what is to be seen of `text`; nothing for a picture that is light.
  private func sheet(_ text: String) -> String {
    let picture = "@media (prefers-color-scheme:dark){"
    if text.hasPrefix(picture), text.hasSuffix("}") {
      // Renderers that know no conditions still know rules.
      return "<style>" + (self == .dark ? String(text.dropFirst(picture.count).dropLast()) : "")
    }
    return "<style>"
      + text.replacing(
        "@media screen and (prefers-color-scheme: dark)",
        with: self == .dark ? "@media screen" : "@media not all"
      ).replacing("color-scheme: light dark", with: "color-scheme: \(rawValue)")
  }
}
