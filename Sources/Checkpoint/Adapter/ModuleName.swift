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
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if let place = parts.firstIndex(where: { Int($0) != nil }), let layer = Int(parts[place]) {
      stack = parts[..<place].joined(separator: ".")
      self.layer = layer
      let rest = parts[(place + 1)...].map { Int($0) == nil ? String($0) : "*" }
      type = rest.isEmpty ? (parts[..<place].last.map(String.init) ?? name) : rest.joined(separator: ".")
    } else {
      stack = ""
      layer = nil
      type = name
    }
  }

  /// The type without the block it sits in, for tight places: `q_proj` of `self_attn.q_proj`.
  public var shortType: String { type.split(separator: ".").last.map(String.init) ?? type }

  /// The whole name, with the number of the expert where the tensors hold several.
  public func label(expert: Int?) -> String { expert.map { "\(name)[\($0)]" } ?? name }

  /// The whole name.
  public var description: String { name }
}
