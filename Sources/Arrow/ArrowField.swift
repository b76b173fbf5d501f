/// A column of an Arrow stream: its name and type.
public struct ArrowField: Equatable, Sendable {
  /// The name.
  public var name: String
  /// What its values are.
  public var type: ArrowType
  /// Whether a value may be missing.
  public var isNullable: Bool
  /// The number of the dictionary whose values the column's 32-bit indices stand for; nil for values themselves.
  public var dictionary: Int64?

  /// A column from its parts.
  public init(_ name: String, _ type: ArrowType, isNullable: Bool = false, dictionary: Int64? = nil) {
    self.name = name
    self.type = type
    self.isNullable = isNullable
    self.dictionary = dictionary
  }

  /// The column as a table `Field` of Arrow's `Schema.fbs`.
  var table: FlatTable {
    let encoding = dictionary.map { FlatTable(.int64($0), .table(ArrowType.integer(bits: 32))) }
    // Readers want the vector of children, also where it is empty.
    return FlatTable(
      .string(name), .bool(isNullable), .uint8(type.kind), .table(type.table), encoding.map { .table($0) },
      .tables([]))
  }
}

/// The types of Arrow that this writer knows.
public enum ArrowType: Sendable {
  case int64, float64, utf8, bool

  /// The number of the type among those of `Schema.fbs`.
  var kind: UInt8 {
    switch self {
    case .int64: 2
    case .float64: 3
    case .utf8: 5
    case .bool: 6
    }
  }

  /// What `Schema.fbs` says beside the kind.
  var table: FlatTable {
    switch self {
    case .int64: Self.integer(bits: 64)
    case .float64: FlatTable(.int16(2))
    case .utf8, .bool: FlatTable()
    }
  }

  /// A signed integer.
  static func integer(bits: Int32) -> FlatTable { FlatTable(.int32(bits), .bool(true)) }
}
