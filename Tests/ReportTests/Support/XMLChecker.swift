/// A strict little XML reader, enough to hold the product's SVG against: it knows elements, attributes, text and the
/// five entities, and refuses everything else.
struct XMLChecker {
  struct Fault: Error, CustomStringConvertible {
    var description: String
  }

  /// An element with what it holds.
  struct Element {
    var name: String
    var attributes: [String: String]
    var children: [Element] = []
    var text = ""

    /// This element and all below it.
    var all: [Element] { [self] + children.flatMap(\.all) }
    func all(_ name: String) -> [Element] { all.filter { $0.name == name } }
  }

  private let scalars: [Unicode.Scalar]
  private var index = 0

  /// The root element of `text`.
  static func root(of text: String) throws(Fault) -> Element {
    var checker = XMLChecker(scalars: Array(text.unicodeScalars))
    for scalar in checker.scalars where scalar.value < 0x20 && scalar != "\n" {
      throw Fault(description: "control character \(scalar.value)")
    }
    let root = try checker.element()
    checker.skipSpace()
    guard checker.index == checker.scalars.count else { throw checker.fault("something after the root") }
    return root
  }

  private mutating func element() throws(Fault) -> Element {
    try expect("<")
    var element = Element(name: try name(), attributes: [:])
    while true {
      skipSpace()
      if take("/>") { return element }
      if take(">") { break }
      let key = try name()
      try expect("=\"")
      guard element.attributes[key] == nil else { throw fault("attribute \(key) twice") }
      element.attributes[key] = try content(until: "\"")
    }
    while true {
      element.text += try content(until: "<")
      if take("</") {
        guard try name() == element.name else { throw fault("</\(element.name)> expected") }
        try expect(">")
        return element
      }
      element.children.append(try self.element())
    }
  }

  private mutating func content(until end: Unicode.Scalar) throws(Fault) -> String {
    var text = String.UnicodeScalarView()
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar == end {
        if end == "\"" { index += 1 }
        return String(text)
      }
      switch scalar {
      case "<": throw fault("< in a value")
      case "&":
        let entities: [(String, Unicode.Scalar)] = [
          ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"),
        ]
        guard let entity = entities.first(where: { take($0.0) }) else { throw fault("a bare &") }
        text.append(entity.1)
      default:
        text.append(scalar)
        index += 1
      }
    }
    throw fault("no end")
  }

  private mutating func name() throws(Fault) -> String {
    var text = String.UnicodeScalarView()
    while index < scalars.count,
      scalars[index].properties.isAlphabetic || "-:0123456789".unicodeScalars.contains(scalars[index])
    {
      text.append(scalars[index])
      index += 1
    }
    guard !text.isEmpty else { throw fault("a name expected") }
    return String(text)
  }

  private mutating func expect(_ text: String) throws(Fault) {
    guard take(text) else { throw fault("\(text) expected") }
  }

  private mutating func take(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard index + wanted.count <= scalars.count, Array(scalars[index..<index + wanted.count]) == wanted else {
      return false
    }
    index += wanted.count
    return true
  }

  private mutating func skipSpace() {
    while index < scalars.count, scalars[index] == " " || scalars[index] == "\n" { index += 1 }
  }

  private func fault(_ what: String) -> Fault { Fault(description: "\(what) at \(index)") }
}
