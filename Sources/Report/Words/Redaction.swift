internal import EventFile
internal import FileSystem
public import RunFolder

/// Takes out of finished pages what does not belong into public ones: absolute paths, of which the last name stays, and
/// the names of hosts and users as far as the files tell them.
///
/// It works on the text of every format, so that no page can forget it, and gives the same word for the same name
/// everywhere, so that links lead where they led.
public struct Redaction: Sendable {
  /// Names with what stands for them, as bytes; the longest first.
  private var words: [(word: [UInt8], replacement: [UInt8])] = []

  /// What the names of files and the settings of `runs` tell: the hosts that TensorBoard and HF Trainer put into the
  /// names of what they write, and the users whose folders are named.
  public init(_ runs: [TrainingRun]) {
    var hosts: [String] = []
    var users: [String] = []
    for run in runs {
      let paths =
        [run.path, run.name, run.outputPath ?? ""] + run.eventFiles.map(\.path) + run.segments.map(\.origin)
      let texts =
        run.configuration.flatMap(\.settings).map(\.value) + run.notes + run.problems
        + run.eventFiles.flatMap(\.texts).flatMap(\.strings)
      hosts += paths.flatMap(Path.components).compactMap(Self.host)
      users += (paths + texts).flatMap(Self.users)
    }
    add(hosts, as: "host")
    add(users, as: "user")
    words.sort { $0.word.count > $1.word.count }
  }

  private mutating func add(_ names: [String], as kind: String) {
    var seen: Set<String> = ["root", "localhost", "user", "host"]
    let new = names.filter { $0.utf8.count >= 2 && seen.insert($0).inserted }
    for (index, name) in new.enumerated() {
      words.append((Array(name.utf8), Array((new.count > 1 ? "\(kind)\(index + 1)" : kind).utf8)))
    }
  }

  /// The host in `events.out.tfevents.<time>.<host>.<process>.<number>` or `Jan08_02-43-26_<host>`.
  private static func host(_ name: String) -> String? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    if let mark = parts.firstIndex(of: "tfevents"), mark + 2 < parts.count {
      var rest = parts[(mark + 2)...]
      while let last = rest.last, rest.count > 1, Int(last) != nil || last == "v2" { rest.removeLast() }
      return rest.joined(separator: ".")
    }
    return RunName.isTrainers(name) ? String(name.dropFirst("Jan08_02-43-26_".count)) : nil
  }

  /// The users in `/home/<user>/`, `/Users/<user>/` and `C:\Users\<user>\`.
  private static func users(_ text: String) -> [String] {
    let parts = text.split { "/\\\"' \n\t,".contains($0) }
    return zip(parts, parts.dropFirst()).filter { ["home", "Users", "users"].contains($0.0) }.map {
      String($0.1)
    }
  }

  // MARK: Texts

  /// `text` without them. A page's script is ours and stays as it is, or its policy would not know it.
  public func text(_ text: String) -> String {
    let (bytes, script) = (Array(text.utf8), "<script>\(PageScript.text)".utf8)
    if let start = bytes.indices.last(where: {
      bytes[$0] == script.first && bytes[$0...].starts(with: script)
    }) {
      let before = String(decoding: bytes[..<start], as: UTF8.self)
      let after = String(decoding: bytes[(start + script.count)...], as: UTF8.self)
      return cleaned(before) + "<script>\(PageScript.text)" + cleaned(after)
    }
    return cleaned(text)
  }

  private func cleaned(_ text: String) -> String {
    String(decoding: withoutWords(Self.withoutPaths(Array(text.utf8))), as: UTF8.self)
  }

  /// Replaces the names wherever they stand for themselves.
  private func withoutWords(_ bytes: [UInt8]) -> [UInt8] {
    guard !words.isEmpty else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
      let isStart = place == 0 || !Self.isAlphanumeric(bytes[place - 1])
      if isStart,
        let found = words.first(where: { word, _ in
          let end = place + word.count
          return bytes[place...].starts(with: word)
            && (end == bytes.count || !Self.isAlphanumeric(bytes[end]))
        })
      {
        result += found.replacement
        place += found.word.count
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return result
  }

  /// Leaves `…/name` of every absolute path of two names or more, of Unix or Windows.
  private static func withoutPaths(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
      if let end = endOfPath(bytes, place) {
        var name = bytes[place..<end]
        while name.last.map(isSeparator) == true { name.removeLast() }
        let last = name.lastIndex(where: isSeparator).map { name[($0 + 1)...] } ?? name
        result += Array("…/".utf8) + last
        place = end
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return result
  }

  /// The end of the absolute path of two names or more that begins at `place`; nil where none does.
  private static func endOfPath(_ bytes: [UInt8], _ place: Int) -> Int? {
    let rest = bytes[place...]
    let isWindows =
      rest.count > 3 && rest[place + 1] == UInt8(ascii: ":") && isSeparator(rest[place + 2])
      && isAlphanumeric(rest[place]) && rest[place + 2] == UInt8(ascii: "\\")
    guard rest.first == UInt8(ascii: "/") || isWindows else { return nil }
    if place > 0, isInPath(bytes[place - 1]) {
      // The letter of an escape in JSON (`\n/home/…`) is no part of a path.
      let isEscape =
        place > 1 && bytes[place - 2] == UInt8(ascii: "\\") && "nrt".utf8.contains(bytes[place - 1])
      guard isEscape else { return nil }
    }
    let end = rest.firstIndex { !isInPath($0) && !(isWindows && $0 == UInt8(ascii: "\\")) } ?? bytes.count
    let names = bytes[place..<end].split(whereSeparator: isSeparator)
    guard names.count >= 2, bytes[place + 1] != UInt8(ascii: "/") else { return nil }
    return end
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
      true
    default: false
    }
  }

  /// What may stand within a path: everything but space and the signs that texts set around one.
  private static func isInPath(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != 0x7f && !"\"'`()[]{}<>|,;=*\\".utf8.contains(byte)
  }
}
