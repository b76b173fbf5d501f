/// A mark at a point, drawn as a path so that no font decides how it looks.
enum Marker: Equatable {
  /// ○, its inside in the colour of the page.
  case ring
  /// ●
  case disc
  /// ★
  case star
  /// ▾, its tip at the point.
  case down
  /// ▲, its tip at the point.
  case up
  /// ▼ of a value below the frame, its tip at the point.
  case below
  /// ×
  case cross
  /// ■
  case square
  /// ◆
  case diamond

  /// The markers that lines take turns with.
  static let turn: [Marker] = [.disc, .square, .diamond, .up, .down, .star, .ring, .cross]

  /// Appends the marker at (`x`, `y`); `size` is about its half width.
  func append(to path: inout PathData, x: Double, y: Double, size: Double) {
    switch self {
    case .ring, .disc: path.circle(x, y, radius: size)
    case .star: polygon(&path, Self.starCorners.map { (x + $0.0 * size * 1.6, y + $0.1 * size * 1.6) })
    case .down, .below: polygon(&path, [(x - size, y - size * 1.5), (x + size, y - size * 1.5), (x, y)])
    case .up: polygon(&path, [(x - size, y + size * 1.5), (x + size, y + size * 1.5), (x, y)])
    case .square:
      let side = size * 0.88
      polygon(
        &path, [(x - side, y - side), (x + side, y - side), (x + side, y + side), (x - side, y + side)])
    case .diamond:
      let half = size * 1.2
      polygon(&path, [(x, y - half), (x + half, y), (x, y + half), (x - half, y)])
    case .cross:
      path.move(x - size, y - size)
      path.line(x + size, y + size)
      path.move(x - size, y + size)
      path.line(x + size, y - size)
    }
  }

  /// Draws markers that were appended to one path.
  func draw(_ path: PathData, paint: Paint, in document: inout SVGDocument) {
    switch self {
    case .ring: document.path(path, fill: .background, stroke: paint, lineWidth: 1.5)
    case .cross: document.path(path, stroke: paint, lineWidth: 1.6)
    case .star: document.path(path, fill: paint, stroke: .background, lineWidth: 1)
    default: document.path(path, fill: paint)
    }
  }

  private func polygon(_ path: inout PathData, _ corners: [(Double, Double)]) {
    for (index, corner) in corners.enumerated() {
      if index == 0 { path.move(corner.0, corner.1) } else { path.line(corner.0, corner.1) }
    }
    path.close()
  }

  /// The corners of a five-pointed star of radius 1, its tip upwards: sines and cosines of 36° steps.
  private static let starCorners: [(Double, Double)] = {
    let sines = [0, 0.587785, 0.951057, 0.951057, 0.587785, 0, -0.587785, -0.951057, -0.951057, -0.587785]
    let cosines = [1, 0.809017, 0.309017, -0.309017, -0.809017, -1, -0.809017, -0.309017, 0.309017, 0.809017]
    return zip(sines, cosines).enumerated().map { index, pair in
      let radius = index % 2 == 0 ? 1 : 0.42
      return (pair.0 * radius, -pair.1 * radius)
    }
  }()
}
