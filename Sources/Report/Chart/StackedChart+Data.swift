// What a page's script needs to answer for a chart: the same panels, lines and marks as numbers. `page.js` reads it.

extension StackedChart {
  /// The most points of a line that a page carries; longer ones are reduced by M4, and carry means to smooth.
  private static let pointLimit = 5000
  /// The most points of all lines together.
  private static let totalLimit = 60_000

  /// The chart as one line of JSON, nothing in which ends a script element.
  ///
  /// - Parameter first: the picture that is seen first, where that counts something else on its horizontal axis.
  func data(seenFirst first: StackedChart? = nil) -> String {
    let seen = first ?? self
    let layout = Layout(seen)
    let lineCount = max(1, rows.reduce(0) { $0 + $1.lines.count })
    let limit = min(Self.pointLimit, max(64, Self.totalLimit / lineCount))
    var paints: Set<Paint> = [.grid, .muted, .background, .warning]
    var json = CompactJSON()
    json.object { json in
      json.member("axis", seen.axis.quantity)
      json.member("between", [layout.left, layout.right])
      let counted = seen.axis.quantities ?? seen.axis.domain
      json.member("x", [counted.lowerBound, counted.upperBound])
      json.member("log", seen.axis.isLogarithmic)
      json.member("smoothing", smoothing)
      // Each knows what the lines count, as it is.
      let ends = [axis.domain.lowerBound, axis.domain.upperBound]
      json.array("clocks", clocks.isEmpty ? [[]] : clocks.map(\.quantities)) { json, quantities in
        json.member(axis.quantity) { $0.list([ends, ends]) { $0.numbers($1) } }
        for quantity in quantities where quantity.name != axis.quantity {
          json.member(quantity.name) { json in
            json.list([quantity.places.places, quantity.places.values]) { $0.numbers($1) }
          }
        }
      }
      json.array("panels", Array(zip(rows, layout.frames))) { json, entry in
        entry.0.write(to: &json, frame: entry.1, over: axis.domain, limit: limit)
        paints.formUnion(entry.0.paints)
      }
      json.array("rules", rules) { json, rule in
        json.member("x", rule.place)
        json.member("paint", rule.paint.name)
        paints.insert(rule.paint)
      }
      let named = paints.map { ($0.name, [$0.lightColour.text, $0.darkColour.text]) }.sorted { $0.0 < $1.0 }
      json.member("paints") { json in
        json.object { json in
          for (name, colours) in named { json.member(name) { $0.list(colours) { $0.string($1) } } }
        }
      }
    }
    return json.text
  }
}

extension StackedChart.Row {
  fileprivate var paints: [Paint] {
    lines.map(\.paint) + marks.map(\.paint) + bands.map(\.paint) + shades.map(\.paint) + levels.map(\.paint)
  }

  fileprivate func write(
    to json: inout CompactJSON, frame: Frame, over domain: ClosedRange<Double>, limit: Int
  ) {
    json.member("top", frame.top)
    json.member("height", frame.height)
    json.member("y", [self.domain.lowerBound, self.domain.upperBound])
    json.member("log", kind == .logarithmic)
    json.member("name", name ?? "")
    json.array("lines", Array(lines.enumerated())) { json, entry in
      let (index, line) = entry
      // A smoothed line goes by its own name where it has one, and is hidden with the line that it smooths.
      let smooths = line.isSmoothed && index > 0 ? index - 1 : nil
      if let name = line.name ?? (smooths == nil ? nil : "smoothed") { json.member("name", name) }
      if let group = line.name ?? smooths.flatMap({ lines[$0].name }) { json.member("of", group) }
      if let smooths { json.member("smooths", Double(smooths)) }
      json.member("clock", Double(line.clock))
      json.member("look") { json in
        json.object { json in
          json.member("stroke", line.paint.name)
          json.member("stroke-width", line.width)
          json.member("opacity", line.opacity)
          if let dash = line.dash { json.member("stroke-dasharray", dash) }
        }
      }
      line.writePoints(to: &json, over: domain, limit: limit)
    }
    json.array("marks", marks) { json, mark in
      if let name = mark.name { json.member("of", name) }
      json.member("look") { json in
        json.object { json in
          json.member("r", mark.size * 0.8)
          json.member("stroke", mark.paint.name)
          json.member("fill", mark.marker == .ring ? Paint.background.name : mark.paint.name)
          json.member("stroke-width", 1.4)
        }
      }
      let points = mark.points.filter { $0.x.isFinite && $0.y.isFinite }
      json.member("x") { $0.numbers(points.map(\.x)) }
      json.member("y") { $0.numbers(points.map(\.y)) }
    }
    json.array("bands", bands) { json, band in
      json.member("paint", band.paint.name)
      // Along its lower edge and back along the upper one.
      let there = band.x.indices.filter {
        band.x[$0].isFinite && band.lower[$0].isFinite && band.upper[$0].isFinite
      }
      json.member("x") { $0.numbers((there + there.reversed()).map { band.x[$0] }) }
      json.member("y") {
        $0.numbers(there.map { band.lower[$0] } + there.reversed().map { band.upper[$0] })
      }
    }
    json.array("shades", shades) { json, shade in
      json.member("paint", shade.paint.name)
      json.member("from", shade.range.lowerBound)
      json.member("to", shade.range.upperBound)
    }
    json.array("levels", levels) { json, level in
      json.member("paint", level.paint.name)
      json.member("y", level.value)
    }
  }
}

extension StackedChart.Line {
  /// The points as columns: places as differences, so that they are short; values as they are.
  fileprivate func writePoints(to json: inout CompactJSON, over domain: ClosedRange<Double>, limit: Int) {
    guard x.count > limit || !breaks.isEmpty else { return Self.write(x.numbers, y, to: &json) }
    let columns = x.count > limit ? max(1, limit / 4) : x.count * 4
    let reduced = LineReduction(x: x, y: y, domain: domain, columns: columns).broken(at: breaks)
    var (places, values): ([Double], [Double]) = ([], [])
    for (index, piece) in reduced.pieces.enumerated() {
      if index > 0, let first = piece.first {
        places.append(first.x)
        values.append(.nan)
      }
      places += piece.map(\.x)
      values += piece.map(\.y)
    }
    Self.write(places, values, to: &json)
    guard x.count > limit else { return }
    let size = (x.count + limit / 4 - 1) / max(1, limit / 4)
    var (middles, means): ([Double], [Double]) = ([], [])
    for start in stride(from: 0, to: x.count, by: size) {
      let range = start..<min(start + size, x.count)
      middles.append(x[range.lowerBound + range.count / 2])
      means.append(Self.mean(y.span, in: range))
    }
    json.member("means") { json in
      json.object { json in
        Self.write(middles, means, to: &json)
        json.member("count", Double(size))
      }
    }
  }

  /// The mean of the finite values in `range`; NaN where there is none.
  private static func mean(_ values: Span<Double>, in range: Range<Int>) -> Double {
    var (sum, count) = (0.0, 0.0)
    for index in range where values[index].isFinite {
      sum += values[index]
      count += 1
    }
    if sum.isFinite { return sum / count }
    // Shares of the greatest numbers do not overflow, as their sum does.
    return range.reduce(0) { values[$1].isFinite ? $0 + values[$1] / count : $0 }
  }

  /// Points whose place is not finite or goes back are left out: the script seeks in a rising column.
  private static func write(_ x: [Double], _ y: [Double], to json: inout CompactJSON) {
    var last = -Double.infinity
    let kept = (0..<min(x.count, y.count)).filter { index in
      guard x[index].isFinite, x[index] >= last else { return false }
      last = x[index]
      return true
    }
    json.member("by") { json in
      var sum = CompactJSON.Sum()
      json.list(kept) { json, index in json.difference(x[index], &sum) }
    }
    json.member("y") { json in json.list(kept) { json, index in json.number(y[index]) } }
  }
}
