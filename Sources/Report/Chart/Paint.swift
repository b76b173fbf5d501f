internal import Bytes

/// A colour by what it means, for a light and for a dark page.
enum Paint: Hashable {
  /// The page.
  case background
  /// Text, and lines as strong as text.
  case ink
  /// Secondary text: axis labels, captions.
  case muted
  /// The frame of a panel.
  case frame
  /// Lines of the grid.
  case grid
  /// A thing to be alarmed by: non-finite values, failures.
  case alert
  /// A thing to look at: clipped points, warnings.
  case warning
  /// A thing that is well: improvements, passes.
  case good
  /// Runs in the background of an overlay.
  case quiet
  /// A line; the colours repeat after `seriesCount`.
  case series(Int)
  /// A step of the scale from nothing (0) to the most (`levels - 1`).
  case sequential(Int)
  /// A step of the scale from the least (0) over the middle to the most (`levels - 1`).
  case diverging(Int)
  /// Text on `sequential` of the same level.
  case onSequential(Int)
  /// Text on `diverging` of the same level.
  case onDiverging(Int)

  /// The number of different line colours.
  static let seriesCount = light.count
  /// The number of levels of the two scales.
  static let levels = 15

  /// The level of `sequential` for a share from 0 to 1.
  static func sequential(share: Double) -> Paint { .sequential(level(share)) }

  /// The level of `diverging` for a share from -1 to 1.
  static func diverging(share: Double) -> Paint { .diverging(level((share + 1) / 2)) }

  private static func level(_ share: Double) -> Int {
    guard share > 0 else { return 0 }
    return min(Int(clamping: share * Double(levels)), levels - 1)
  }

  /// The paint for text on a cell of this paint.
  var text: Paint {
    switch self {
    case .sequential(let level): .onSequential(level)
    case .diverging(let level): .onDiverging(level)
    default: .ink
    }
  }

  // Sought by computer: 3:1 on their page, the light ones on both, and no two alike to eyes without red or green
  // receptors (CIEDE2000 of 14 at least after Machado, Oliveira and Fernandes 2009); a test holds both.
  private static let light: [Colour] = [
    0x1D98DA, 0xE07801, 0x19774D, 0x924B83, 0x154DF5, 0x1FA3A0, 0xF34172, 0xC21B00,
  ]
  private static let dark: [Colour] = [
    0x3DD8FF, 0xE87D70, 0x179013, 0xA459FF, 0x0D8B92, 0x3BE8C1, 0xED1288, 0x8CEB02,
  ]

  /// The colour on a light page.
  var lightColour: Colour {
    switch self {
    case .background: 0xFFFFFF
    case .ink: 0x1F2328
    case .muted: 0x59636E
    case .frame: 0x9AA4AF
    case .grid: 0xE4E8EC
    case .alert: 0xCF222E
    case .warning: 0x9A6700
    case .good: 0x1A7F37
    case .quiet: 0x8C959F
    case .series(let index): Self.light[Self.wrapped(index)]
    case .sequential(let level):
      Colour.ramp([0xF3F7FB, 0xA9CBE8, 0x4A90C8, 0x12588F, 0x062C50], Self.share(level))
    case .diverging(let level):
      Colour.ramp([0x0B4F8A, 0x6AA9D8, 0xF4F5F6, 0xE59A63, 0x9A3D00], Self.share(level))
    case .onSequential, .onDiverging: textColour { $0.lightColour }
    }
  }

  /// The colour on a dark page.
  var darkColour: Colour {
    switch self {
    case .background: 0x0D1117
    case .ink: 0xE6EDF3
    case .muted: 0x9DA7B3
    case .frame: 0x6E7681
    case .grid: 0x21262D
    case .alert: 0xFF7B72
    case .warning: 0xE3B341
    case .good: 0x56D364
    case .quiet: 0x768390
    case .series(let index): Self.dark[Self.wrapped(index)]
    case .sequential(let level):
      Colour.ramp([0x161B22, 0x17406B, 0x2A76B8, 0x6FB4EC, 0xD8ECFF], Self.share(level))
    case .diverging(let level):
      Colour.ramp([0x8CC8FF, 0x2A6FAB, 0x21262D, 0xA85A20, 0xFFB57D], Self.share(level))
    case .onSequential, .onDiverging: textColour { $0.darkColour }
    }
  }

  /// The name of the colour in class names.
  var name: String {
    switch self {
    case .background: "page"
    case .ink: "ink"
    case .muted: "muted"
    case .frame: "frame"
    case .grid: "grid"
    case .alert: "alert"
    case .warning: "warning"
    case .good: "good"
    case .quiet: "quiet"
    case .series(let index): "line\(Self.wrapped(index) + 1)"
    case .sequential(let level): "seq\(Self.clamped(level))"
    case .diverging(let level): "div\(Self.clamped(level))"
    case .onSequential(let level): "onseq\(Self.clamped(level))"
    case .onDiverging(let level): "ondiv\(Self.clamped(level))"
    }
  }

  /// Black or white, whichever reads better on the cell.
  private func textColour(_ colour: (Paint) -> Colour) -> Colour {
    let cell: Paint
    switch self {
    case .onSequential(let level): cell = .sequential(level)
    case .onDiverging(let level): cell = .diverging(level)
    default: cell = .background
    }
    let black: Colour = 0x000000
    let white: Colour = 0xFFFFFF
    let background = colour(cell)
    return black.contrast(on: background) >= white.contrast(on: background) ? black : white
  }

  private static func wrapped(_ index: Int) -> Int { ((index % light.count) + light.count) % light.count }
  private static func clamped(_ level: Int) -> Int { min(max(level, 0), levels - 1) }
  private static func share(_ level: Int) -> Double { Double(clamped(level)) / Double(levels - 1) }
}
