/// A message of protocol buffers in their text form, as `projector_config.pbtxt` is written: fields in their order, of
/// which scalars keep their text.
struct ProtobufText {
  /// The fields.
  private(set) var fields: [(name: String, value: Value)] = []

  /// What a field holds.
  enum Value {
    case scalar(String)
    case message(ProtobufText)
  }

  private init() {}

  /// The message in `text`; nil where it is none, or is deeper than `depth`.
  init?(_ text: String, depth: Int = 16) {
    guard var tokens = Tokens(text) else { return nil }
    guard let message = Self.message(&tokens, until: nil, depth: depth) else { return nil }
    self = message
  }

  /// The texts of the fields `name`.
  func scalars(_ name: String) -> [String] {
    fields.compactMap { field in
      if field.name == name, case .scalar(let text) = field.value { text } else { nil }
    }
  }

  /// The messages of the fields `name`.
  func messages(_ name: String) -> [ProtobufText] {
    fields.compactMap { field in
      if field.name == name, case .message(let message) = field.value { message } else { nil }
    }
  }

  private static func message(_ tokens: inout Tokens, until end: Token?, depth: Int) -> ProtobufText? {
    guard depth > 0 else { return nil }
    var message = ProtobufText()
    while let token = tokens.next() {
      if let end, token == end { return message }
      if token == .sign(",") || token == .sign(";") { continue }
      guard case .word(let name) = token else { return nil }
      var next = tokens.next()
      let hasColon = next == .sign(":")
      if hasColon { next = tokens.next() }
      switch next {
      case .sign("["):
        while let element = tokens.next(), element != .sign("]") {
          if element == .sign(",") { continue }
          guard let value = value(element, &tokens, depth: depth) else { return nil }
          message.fields.append((name, value))
        }
      case let token?:
        if !hasColon, token != .sign("{"), token != .sign("<") { return nil }
        guard let value = value(token, &tokens, depth: depth) else { return nil }
        message.fields.append((name, value))
      case nil: return nil
      }
    }
    return end == nil ? message : nil
  }

  private static func value(_ token: Token, _ tokens: inout Tokens, depth: Int) -> Value? {
    switch token {
    case .word(let text): return .scalar(text)
    case .text(var text):
      // Strings side by side are one.
      while case .text(let more)? = tokens.peek {
        text += more
        _ = tokens.next()
      }
      return .scalar(text)
    case .sign("{"): return message(&tokens, until: .sign("}"), depth: depth - 1).map { .message($0) }
    case .sign("<"): return message(&tokens, until: .sign(">"), depth: depth - 1).map { .message($0) }
    case .sign: return nil
    }
  }

  private enum Token: Equatable {
    case word(String)
    case text(String)
    case sign(Character)
  }

  /// The tokens of a text.
  private struct Tokens {
    private var tokens: [Token] = []
    private var position = 0

    var peek: Token? { position < tokens.count ? tokens[position] : nil }

    mutating func next() -> Token? {
      defer { position += 1 }
      return peek
    }

    init?(_ text: String) {
      var rest = Array(text.utf8)[...]
      while let byte = rest.first {
        switch byte {
        case UInt8(ascii: "#"): rest = rest.drop { $0 != UInt8(ascii: "\n") }
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
          guard let text = Self.text(&rest) else { return nil }
          tokens.append(.text(text))
        case _ where Self.isWord(byte):
          let word = rest.prefix(while: Self.isWord)
          rest = rest.dropFirst(word.count)
          tokens.append(.word(String(decoding: word, as: UTF8.self)))
        case 0x09...0x0d, 0x20: rest = rest.dropFirst()
        default:
          tokens.append(.sign(Character(Unicode.Scalar(byte))))
          rest = rest.dropFirst()
        }
      }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "+"):
        true
      default: false
      }
    }

    /// A string between its quotes, its escapes followed.
    private static func text(_ rest: inout ArraySlice<UInt8>) -> String? {
      guard let quote = rest.popFirst() else { return nil }
      var bytes: [UInt8] = []
      while let byte = rest.popFirst() {
        if byte == quote { return String(decoding: bytes, as: UTF8.self) }
        guard byte == UInt8(ascii: "\\") else {
          bytes.append(byte)
          continue
        }
        guard let escape = rest.popFirst() else { return nil }
        switch escape {
        case UInt8(ascii: "n"): bytes.append(0x0a)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "r"): bytes.append(0x0d)
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
          let digits = rest.prefix(2).prefix { Unicode.Scalar($0).properties.isASCIIHexDigit }
          guard let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
          rest = rest.dropFirst(digits.count)
          bytes.append(value)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
          let more = rest.prefix(2).prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
          rest = rest.dropFirst(more.count)
          guard let value = UInt8(String(decoding: [escape] + more, as: UTF8.self), radix: 8) else {
            return nil
          }
          bytes.append(value)
        default: bytes.append(escape)
        }
      }
      return nil
    }
  }
}
