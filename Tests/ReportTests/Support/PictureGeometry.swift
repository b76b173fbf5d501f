@testable import Report

/// Where the words and the lines of a picture stand, read from its SVG alone.
///
/// The product writes one element a line; what a test holds it against does not know how it places anything.
struct PictureGeometry {
  /// The texts with the boxes of their letters.
  private(set) var texts: [(text: String, box: Frame)] = []
  /// The straight parts of curves, rules, levels and marks; no grid, no axis, no band.
  private(set) var parts: [(from: (x: Double, y: Double), to: (x: Double, y: Double))] = []
  private var size = (width: 0.0, height: 0.0)

  init(_ svg: String) {
    for line in svg.utf8.split(separator: UInt8(ascii: "\n")) {
      let line = Array(line)
      if line.starts(with: "<svg".utf8) {
        size = (Self.number("width", line) ?? 0, Self.number("height", line) ?? 0)
      } else if line.starts(with: "<text".utf8) {
        add(text: line)
      } else if line.starts(with: "<path".utf8) {
        add(path: line)
      }
    }
  }

  /// What stands where it may not, in words.
  var faults: [String] {
    var found: [String] = []
    for (index, (text, box)) in texts.enumerated() {
      if box.left < 0 || box.right > size.width || box.top < 0 || box.bottom > size.height {
        found.append("'\(text)' reaches over the edge")
      }
      for (other, second) in texts[..<index] {
        let across = min(box.right, second.right) - max(box.left, second.left)
        let down = min(box.bottom, second.bottom) - max(box.top, second.top)
        if across > 1 && down > 1 { found.append("'\(text)' stands on '\(other)'") }
      }
      let inner = Frame(
        left: box.left + 0.6, top: box.top + 0.6, width: box.width - 1.2, height: box.height - 1.2)
      if parts.contains(where: { Self.crosses($0.from, $0.to, inner) }) {
        found.append("a line goes through '\(text)' at \(Int(box.left)), \(Int(box.top))")
      }
    }
    return found
  }

  private mutating func add(text line: [UInt8]) {
    guard let x = Self.number("x", line), let y = Self.number("y", line),
      let size = Self.number("font-size", line), let open = line.firstIndex(of: UInt8(ascii: ">")),
      let end = line.lastIndex(of: UInt8(ascii: "<")), open < end,
      Self.attribute("transform", line) == nil
    else { return }
    var text = String(decoding: line[(open + 1)..<end], as: UTF8.self)
    for (entity, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
      while let range = text.firstRange(of: entity) { text.replaceSubrange(range, with: sign) }
    }
    // The measure is on the safe side by a twentieth.
    let width = TextMeasure.width(text, size: size) / 1.05
    let anchor = Self.attribute("text-anchor", line) ?? "start"
    let left = anchor == "end" ? x - width : anchor == "middle" ? x - width / 2 : x
    texts.append((text, Frame(left: left, top: y - size * 0.72, width: width, height: size * 0.72)))
  }

  private mutating func add(path line: [UInt8]) {
    guard let data = Self.attribute("d", line), let names = Self.attribute("class", line) else { return }
    let isStroked = names.contains("s-")
    for axis in ["s-grid", "s-frame"] where names.contains(axis) { return }
    // Bands are areas behind everything; marks are filled too, but stand in front.
    if !isStroked, Self.attribute("opacity", line) != nil { return }
    var (x, y, startX, startY) = (0.0, 0.0, 0.0, 0.0)
    for (command, numbers) in Self.commands(data) {
      switch command {
      case "M": (x, y, startX, startY) = (numbers[0], numbers[1], numbers[0], numbers[1])
      case "l":
        for index in stride(from: 0, to: numbers.count - 1, by: 2) {
          let next = (x: x + numbers[index], y: y + numbers[index + 1])
          parts.append(((x, y), next))
          (x, y) = next
        }
      // A dot, and a circle's halves: their square's middle cross.
      case "h": parts.append(((x, y), (x + numbers[0], y)))
      case "a":
        let radius = numbers[0]
        let middle = x + numbers[5] / 2
        parts.append(((x, y), (x + numbers[5], y)))
        parts.append(((middle, y - radius), (middle, y + radius)))
        x += numbers[5]
      case "Z":
        parts.append(((x, y), (startX, startY)))
        (x, y) = (startX, startY)
      default: break
      }
    }
  }

  /// The commands of path data as the product writes them.
  private static func commands(_ data: String) -> [(Character, [Double])] {
    var found: [(Character, [Double])] = []
    var digits = ""
    func finish() {
      guard !digits.isEmpty else { return }
      found[found.count - 1].1.append(Double(digits) ?? .nan)
      digits = ""
    }
    for sign in data {
      switch sign {
      case "M", "l", "h", "a", "Z":
        finish()
        found.append((sign, []))
      case " ": finish()
      case "-":
        finish()
        digits = "-"
      default: digits.append(sign)
      }
    }
    finish()
    return found
  }

  private static func attribute(_ name: String, _ line: [UInt8]) -> String? {
    let wanted = Array(" \(name)=\"".utf8)
    guard let range = line.firstRange(of: wanted),
      let end = line[range.upperBound...].firstIndex(of: UInt8(ascii: "\""))
    else { return nil }
    return String(decoding: line[range.upperBound..<end], as: UTF8.self)
  }

  private static func number(_ name: String, _ line: [UInt8]) -> Double? {
    attribute(name, line).flatMap(Double.init)
  }

  /// Whether a straight part goes through a box (Liang and Barsky).
  private static func crosses(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double), _ box: Frame)
    -> Bool
  {
    if max(from.x, to.x) < box.left || min(from.x, to.x) > box.right || max(from.y, to.y) < box.top
      || min(from.y, to.y) > box.bottom
    {
      return false
    }
    var (enters, leaves) = (0.0, 1.0)
    for (start, step, low, high) in [
      (from.x, to.x - from.x, box.left, box.right), (from.y, to.y - from.y, box.top, box.bottom),
    ] {
      if step == 0 {
        if start < low || start > high { return false }
        continue
      }
      let (a, b) = ((low - start) / step, (high - start) / step)
      enters = max(enters, min(a, b))
      leaves = min(leaves, max(a, b))
    }
    return enters <= leaves
  }
}
