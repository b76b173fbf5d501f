/// The name of a module, taken apart into the place it has in the model and what it is there.
///
/// `model.layers.3.self_attn.q_proj` is the type `self_attn.q_proj` in layer 3 of the stack `model.layers`. The first
/// number in a name counts layers; further ones (experts) become `*` in the type. A name without a number has no
/// layer. Nothing is assumed about the model, so unknown architectures come out the same way.
public struct ModuleName: Hashable, Sendable, CustomStringConvertible {
  /// The whole name, without the prefixes that PEFT and wrappers add.
  public let name: String
  /// What stands before the layer's number, for example `model.language_model.layers`; empty without a number.
  public let stack: String
  /// The number of the layer.
  public let layer: Int?
  /// What stands after it, with `*` for further numbers; the whole name without a layer.
  public let type: String

  /// Takes `name` apart.
  public init(_ name: String) {
    self.name = name
    let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if let place = parts.firstIndex(where: { Self.number($0) != nil }), let layer = Self.number(parts[place])
    {
      stack = place == 0 ? "" : String(name[..<parts[place - 1].endIndex])
      self.layer = layer
      let rest = parts[(place + 1)...]
      if rest.contains(where: { Self.number($0) != nil }) {
        type = rest.map { Self.number($0) == nil ? Substring($0) : "*" }.joined(separator: ".")
      } else if let first = rest.first {
        type = String(name[first.startIndex...])
      } else {
        type = place == 0 ? name : String(Substring(parts[place - 1]))
      }
    } else {
      stack = ""
      layer = nil
      type = name
    }
  }

  /// The number that a part of a name is; nil for one that is none.
  private static func number(_ part: Substring.UTF8View) -> Int? {
    // Most parts are words.
    guard let first = part.first, first < UInt8(ascii: "A") else { return nil }
    return Int(Substring(part))
  }

  /// The whole name, with the number of the expert where the tensors hold several.
  public func label(expert: Int?) -> String { expert.map { "\(name)[\($0)]" } ?? name }

  /// The whole name.
  public var description: String { name }
}
