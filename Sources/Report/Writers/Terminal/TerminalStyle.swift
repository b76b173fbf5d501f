/// How text for a terminal looks.
public struct TerminalStyle: Equatable, Sendable {
  /// The number of columns.
  public var width: Int
  /// Whether ANSI colours are used.
  public var isColoured: Bool

  /// A style; the command decides about colour (a terminal, `NO_COLOR`), never the report.
  public init(width: Int = 80, isColoured: Bool = false) {
    self.width = min(max(width, 40), 240)
    self.isColoured = isColoured
  }

  /// The colours and weights in use.
  enum Pen: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
    case magenta = "35"
  }

  /// `text` in the colour of `pen`, where colours are used.
  func paint(_ text: String, _ pen: Pen) -> String {
    isColoured && !text.isEmpty ? "\u{1b}[\(pen.rawValue)m\(text)\u{1b}[0m" : text
  }

  /// `text` in lines of at most `width` columns, each but the first after `indent` spaces.
  func wrapped(_ text: String, indent: Int, first: Int? = nil) -> String {
    var lines: [String] = []
    var line = ""
    var room = width - (first ?? indent)
    func end() {
      lines.append(line)
      line = ""
      room = width - indent
    }
    // A number keeps its unit: "30.4 %" is one word.
    var words: [String] = []
    for word in text.split(separator: " ") {
      if word.first == "%", let number = words.popLast() {
        words.append(number + " " + word)
      } else {
        words.append(String(word))
      }
    }
    for word in words {
      if !line.isEmpty, line.count + 1 + word.count > room { end() }
      line += (line.isEmpty ? "" : " ") + word
      // A word that no line can hold is broken.
      while line.count > max(room, 1) {
        let rest = line.dropFirst(max(room, 1))
        line = String(line.prefix(max(room, 1)))
        end()
        line = String(rest)
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
  }
}
