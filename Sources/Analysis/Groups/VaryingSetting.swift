/// A setting in which runs differ.
public struct VaryingSetting: Equatable, Sendable {
  /// What it is called: as the trainer's files call it where they tell it.
  public var name: String
  /// Others that change exactly where this one does, as α does that is twice the rank.
  public var companions: [String] = []
  /// The value of each run, nil where nothing tells it. Of values that are equal as numbers all have one spelling.
  public var values: [String?]
  /// What tells it.
  public var origin: Origin

  /// What tells a setting.
  public enum Origin: String, Sendable {
    /// The trainer's files, or what was logged as hyperparameters.
    case files
    /// The log: the highest learning rate.
    case log
    /// The name of the run.
    case name
  }

  /// A setting from its parts.
  public init(name: String, values: [String?], origin: Origin = .files) {
    self.name = name
    self.values = values
    self.origin = origin
  }

  /// The different values, numbers by their size, and before other texts, which stand in the order of their letters.
  public var levels: [String] {
    Set(values.compactMap(\.self)).sorted { left, right in
      switch (Double(left), Double(right)) {
      case (let left?, let right?): left < right
      case (.some, nil): true
      case (nil, .some): false
      case (nil, nil): left < right
      }
    }
  }

  /// The value of each run as a number; nil where any that is told is none.
  public var numbers: [Double?]? {
    let told = values.compactMap(\.self)
    guard !told.isEmpty, told.allSatisfy({ Double($0)?.isFinite == true }) else { return nil }
    return values.map { $0.flatMap(Double.init) }
  }

  /// The number of different values, with that of not being told.
  var levelCount: Int { Set(values).count }

  /// Whether `other` says the same of every run of which both tell.
  func agrees(with other: VaryingSetting) -> Bool {
    var isCommon = false
    for (left, right) in zip(values, other.values) {
      guard let left, let right else { continue }
      guard Self.canonical(left) == Self.canonical(right) else { return false }
      isCommon = true
    }
    return isCommon
  }

  /// Whether `other` changes exactly where this one does.
  func movesWith(_ other: VaryingSetting) -> Bool {
    let pairs = Set(zip(values, other.values).map { [$0, $1] })
    return pairs.count == levelCount && pairs.count == other.levelCount
  }

  /// One text for all spellings of a number, and for a list of names in any order (PEFT writes sets).
  static func canonical(_ text: String) -> String {
    if let number = Double(text), number.isFinite { return "\(number == 0 ? 0 : number)" }
    // LLaMA-Factory writes `q_proj,v_proj`. Numbers have an order, as Adam's betas do.
    let isList = text.hasPrefix("[") && text.hasSuffix("]")
    let elements = (isList ? text.dropFirst().dropLast() : text[...]).split(separator: ",").map {
      $0.drop { $0 == " " }
    }
    guard isList || elements.count > 1 && elements.allSatisfy({ $0.first?.isLetter == true }) else {
      return text
    }
    return "[" + elements.sorted().joined(separator: ",") + "]"
  }
}
