internal import Bytes

/// Reads from the wire whether the elements of a histogram of the first format are numbers.
enum HistogramScanner {
  /// What the least and the greatest element and the sum say, which all writers write before the buckets.
  static func elements(_ bytes: RawSpan) -> ValuePlace.Elements {
    var reader = ByteReader(bytes)
    var message = HistogramValue(
      minimum: 0, maximum: 0, count: 0, sum: 0, sumOfSquares: 0, bucketLimits: [], buckets: [])
    while !reader.isAtEnd, let key = reader.varint() {
      switch key {
      case Key.bits64(1), Key.bits64(2), Key.bits64(3), Key.bits64(4), Key.bits64(5):
        guard let bits = reader.littleEndian(UInt64.self) else { return message.elements }
        let number = Double(bitPattern: bits)
        switch key >> 3 {
        case 1: message.minimum = number
        case 2: message.maximum = number
        case 4: message.sum = number
        default: break
        }
      case Key.bytes(6), Key.bytes(7):
        guard let length = reader.varint(), let count = Int(exactly: length), reader.skip(count) else {
          return message.elements
        }
      default: return HistogramValue(decoding: bytes)?.elements ?? .finite
      }
    }
    return message.elements
  }
}

extension HistogramValue {
  /// Whether its elements are numbers: a least or greatest element that is none comes from one that is none.
  var elements: ValuePlace.Elements {
    if minimum.isNaN || maximum.isNaN { return .notANumber }
    if minimum.isInfinite || maximum.isInfinite { return .infinite }
    // A sum may overflow where no element does.
    return sum.isNaN ? .notANumber : .finite
  }
}

extension Histogram {
  /// Whether its elements are numbers, by its edges.
  var elements: ValuePlace.Elements {
    var result = ValuePlace.Elements.finite
    for edge in lefts + rights where !edge.isFinite {
      // Edges between infinite ends are no numbers either.
      if edge.isInfinite { return .infinite }
      result = .notANumber
    }
    return result
  }
}

extension ValuePlace {
  /// The same place, of a value with such elements.
  func holding(_ elements: Elements?) -> ValuePlace {
    var place = self
    place.elements = elements ?? .finite
    return place
  }
}

extension EventScanner.Content {
  /// The kind of `data`.
  init(_ data: SummaryValue.Data) {
    self =
      switch data {
      case .none: .none
      case .simple: .simple
      case .oldHistogram: .oldHistogram
      case .image: .image
      case .histogram: .histogram
      case .audio: .audio
      case .tensor: .tensor
      }
  }
}
