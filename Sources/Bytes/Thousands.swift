/// Numbers with their thousands set apart, as every text here writes them.
package enum Thousands {
  /// `161,539,072`, `-1,234`.
  package static func text(_ number: some BinaryInteger) -> String { text(decimal: number.description) }

  /// A plain decimal number with commas in its whole part: `1234.50` as `1,234.50`.
  package static func text(decimal: String) -> String {
    let isNegative = decimal.utf8.first == UInt8(ascii: "-")
    let body = isNegative ? decimal.dropFirst() : decimal[...]
    let whole = body.prefix { $0 != "." }
    guard whole.utf8.count > 3 else { return decimal }
    var result = isNegative ? "-" : ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.utf8.count - index).isMultiple(of: 3) { result += "," }
      result.append(digit)
    }
    return result + body.dropFirst(whole.utf8.count)
  }
}
