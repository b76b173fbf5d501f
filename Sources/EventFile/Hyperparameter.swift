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
  }

  /// A hyperparameter from its parts.
  public init(name: String, value: Value) {
    self.name = name
    self.value = value
  }

  /// The tag whose metadata hold the hyperparameters.
  static let tag = "_hparams_/session_start_info"

  /// The hyperparameters in the plugin's own metadata, or nil where these are no message.
  ///
  /// They come in the order of their names: the plugin keeps them in a map, which has none.
  static func decoded(_ content: [UInt8]) -> [Hyperparameter]? {
    let message = unsafe content.withUnsafeBufferPointer {
      unsafe ftreport__hparams_plugin_data__unpack(
        nil, $0.count, $0.baseAddress ?? UnsafePointer(bitPattern: 1))
    }
    guard let message = unsafe message else { return nil }
    defer { unsafe ftreport__hparams_plugin_data__free_unpacked(message, nil) }
    guard let info = unsafe message.pointee.session_start_info else { return [] }
    let entries = unsafe UnsafeBufferPointer(start: info.pointee.hparams, count: info.pointee.n_hparams)
    let parameters = unsafe entries.compactMap { entry -> Hyperparameter? in
      guard let entry = unsafe entry else { return nil }
      return unsafe Hyperparameter(
        name: text(entry.pointee.key), value: entry.pointee.value.map { unsafe value($0.pointee) } ?? .none)
    }
    return parameters.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private static func value(_ message: Ftreport__HParamValue) -> Value {
    switch unsafe message.kind_case {
    case FTREPORT__HPARAM_VALUE__KIND_NUMBER_VALUE: unsafe .number(message.number_value)
    case FTREPORT__HPARAM_VALUE__KIND_STRING_VALUE: unsafe .text(text(message.string_value))
    case FTREPORT__HPARAM_VALUE__KIND_BOOL_VALUE: unsafe .bool(message.bool_value != 0)
    default: .none
    }
  }

  private static func text(_ data: ProtobufCBinaryData) -> String {
    unsafe String(decoding: UnsafeBufferPointer(start: data.data, count: data.len), as: UTF8.self)
  }
}
