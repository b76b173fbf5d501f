extension JSONValue {
  /// The value as text on one line, with the members in their order.
  public var text: String {
    var output = ""
    write(to: &output, indent: nil, level: 0)
    return output
  }

  /// The value as text with two spaces of indentation a level, and a line feed at the end.
  public var indentedText: String {
    var output = ""
    write(to: &output, indent: 2, level: 0)
    return output + "\n"
  }

  private func write(to output: inout String, indent: Int?, level: Int) {
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .number(let text): output += text
    case .string(let text): Self.quote(text, to: &output)
    case .array(let elements):
      Self.list(elements, "[", "]", to: &output, indent: indent, level: level) { element, output in
        element.write(to: &output, indent: indent, level: level + 1)
      }
    case .object(let members):
      Self.list(members, "{", "}", to: &output, indent: indent, level: level) { member, output in
        Self.quote(member.key, to: &output)
        output += indent == nil ? ":" : ": "
        member.value.write(to: &output, indent: indent, level: level + 1)
      }
    }
  }

  private static func list<Element>(
    _ elements: [Element], _ open: String, _ close: String, to output: inout String, indent: Int?, level: Int,
    write: (Element, inout String) -> Void
  ) {
    output += open
    for (index, element) in elements.enumerated() {
      if index > 0 { output += "," }
      if let indent { output += "\n" + String(repeating: " ", count: indent * (level + 1)) }
      write(element, &output)
    }
    if let indent, !elements.isEmpty { output += "\n" + String(repeating: " ", count: indent * level) }
    output += close
  }

  /// Writes `text` as a JSON string, quotes included.
  public static func quote(_ text: String, to output: inout String) {
    output += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7f}":
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}
