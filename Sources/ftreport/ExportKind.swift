import ArgumentParser
import EventFile

/// What is exported.
enum ExportKind: String, CaseIterable, ExpressibleByArgument {
  case scalars, histograms, images, audio, text
  case prCurves = "pr-curves"
  case hparams, graphs, layouts, profiles, meshes, tensors, all

  /// The kinds that `kinds` stand for; scalars for none.
  static func wanted(_ kinds: [ExportKind]) -> (scalars: Bool, values: [PluginKind]) {
    if kinds.isEmpty { return (true, []) }
    if kinds.contains(.all) { return (true, PluginKind.allCases) }
    return (kinds.contains(.scalars), kinds.compactMap { PluginKind(rawValue: $0.rawValue) })
  }
}

/// A number of bytes as an argument: 64M, 1G, 4096.
struct ByteCount: ExpressibleByArgument, CustomStringConvertible {
  var count: Int

  init(_ count: Int) { self.count = count }

  init?(argument: String) {
    let units: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
    var digits = argument[...]
    var shift = 0
    if let last = argument.last, let unit = units[Character(last.uppercased())] {
      digits = digits.dropLast()
      shift = unit
    }
    guard let number = Int(digits), number >= 0, number <= Int.max >> shift else { return nil }
    count = number << shift
  }

  var description: String {
    for (unit, shift) in [("G", 30), ("M", 20), ("K", 10)] where count > 0 && count % (1 << shift) == 0 {
      return "\(count >> shift)\(unit)"
    }
    return "\(count)"
  }

  var defaultValueDescription: String { description }
}
