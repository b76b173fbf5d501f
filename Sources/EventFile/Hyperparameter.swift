internal import Bytes
internal import CEventProto
internal import CProtobufC

/// A hyperparameter of a run, as the `hparams` plugin keeps it.
public struct Hyperparameter: Equatable, Sendable {
  /// The name.
  public var name: String
  /// The value.
  public var value: Value

  /// The kinds of value.
  public enum Value: Equatable, Sendable {
    case none
    case number(Double)
    case text(String)
    case bool(Bool)

    /// A number in the fewest digits that tell it: those of 32 bits where it was one of 32 bits before it was widened
    /// (`0.3`, not `0.30000001192092896`), else at most 15, behind which stands what calculating left
    /// (`0.3`, not `0.30000000000000004`).
    public static func text(of number: Double) -> String {
      if let whole = Int64(exactly: number) { return String(whole) }
      if let text = singleText(of: number) { return text }
      guard let decimal = ShortestDecimal(number), decimal.digits >= 1_000_000_000_000_000 else {
        return String(number)
      }
      let power: UInt64 = decimal.digits >= 10_000_000_000_000_000 ? 100 : 10
      let digits = (decimal.digits + power / 2) / power
      let exponent = decimal.exponent + (power == 100 ? 2 : 1)
      let rounded = Double("\(digits)e\(exponent)").map { number < 0 ? -$0 : $0 }
      return String(rounded ?? number)
    }

    /// The text of a fraction that was a number of 32 bits before it was widened; nil for every other number.
    public static func singleText(of number: Double) -> String? {
      let single = Float(number)
      guard single.isFinite, Double(single) == number, single != single.rounded() else { return nil }
      return String(single)
    }
  }

  /// A hyperparameter from its parts.
  public init(name: String, value: Value) {
    self.name = name
    self.value = value
  }

  /// The tag whose metadata hold the hyperparameters.
  static let tag = "_hparams_/session_start_info"

  /// The hyperparameters of a session's start, in the order of their names: the plugin keeps them in a map, which has
  /// none.
  static func list(_ info: Ftreport__SessionStartInfo) -> [Hyperparameter] {
    let parameters = unsafe Wire.list(info.hparams, info.n_hparams).compactMap { entry -> Hyperparameter? in
      guard let entry = unsafe entry else { return nil }
      return unsafe Hyperparameter(
        name: Wire.text(entry.pointee.key),
        value: entry.pointee.value.map { unsafe value($0.pointee) } ?? .none)
    }
    return parameters.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  static func value(_ message: Ftreport__HParamValue) -> Value {
    switch unsafe message.kind_case {
    case FTREPORT__HPARAM_VALUE__KIND_NUMBER_VALUE: unsafe .number(message.number_value)
    case FTREPORT__HPARAM_VALUE__KIND_STRING_VALUE: unsafe .text(Wire.text(message.string_value))
    case FTREPORT__HPARAM_VALUE__KIND_BOOL_VALUE: unsafe .bool(message.bool_value != 0)
    default: .none
    }
  }
}
