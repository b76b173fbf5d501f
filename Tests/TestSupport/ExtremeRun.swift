/// Event files with points where numbers end: the largest and the smallest steps, times and values, NaN and infinities,
/// curves that stop before others begin, and tags that the page knows by name.
public enum ExtremeRun {
  private static let steps: [Int64] = [
    .min, .min + 1, -(1 << 53) - 1, -1_000_000, -1, 0, 1, 2, 3, 10, 100, 999, 1000, 1 << 31, 1 << 53, 1 << 62,
    .max - 1,
    .max,
  ]
  private static let times: [Double] = [
    0, 1, 1000, 1_700_000_000, 1_700_000_001, 4e9, 1e15, 1e18, 1e19, 1e300, .greatestFiniteMagnitude,
    .infinity,
    -.infinity, .nan, -1, -1e300, .leastNonzeroMagnitude,
  ]
  private static let values: [Double] = [
    0, -0.0, 1, 1.5, 2, 3, 0.1, 1e-30, 1e-300, 5e-324, 1e6, 1e15, 1e16, 9.3e18, 1e19, 1e30, 1e38, 1e300,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity, -.infinity, .nan, -1, -1e300,
  ]
  private static let tags = [
    "train/loss", "eval/loss", "train/grad_norm", "train/learning_rate", "train/epoch",
    "train/num_input_tokens_seen", "eval/accuracy", "train/train_loss", "loss", "x", "",
  ]

  /// The bytes of an event file that the numbers of `source` choose.
  public static func eventFile(using source: inout some RandomNumberGenerator) -> [UInt8] {
    var writer = EventWriter.begun(wallTime: pick(times, &source))
    let curveCount = Int(source.next() % 4) + 1
    for _ in 0..<curveCount { addCurve(to: &writer, &source) }
    return writer.bytes
  }

  /// A curve: plain for most of its way, so that it is taken for one, with extreme points strewn in.
  private static func addCurve(to writer: inout EventWriter, _ source: inout some RandomNumberGenerator) {
    let tag = pick(tags, &source)
    let count = Int(pick([0, 1, 2, 3, 5, 12, 21, 25, 40, 130], &source))
    let first = source.next() % 4 == 0 ? pick(steps, &source) : Int64(source.next() % 50)
    let stride = source.next() % 8 == 0 ? pick(steps, &source) : Int64(source.next() % 20)
    let level = source.next() % 4 == 0 ? pick(values, &source) : 2
    let time = source.next() % 4 == 0 ? pick(times, &source) : 1_700_000_000
    let oddness = pick([0, 0, 3, 10, 40] as [UInt64], &source)
    let isDouble = source.next() % 2 == 0
    var step = first
    for index in 0..<count {
      let noise = Double(source.next() % 1000) / 1000
      var point = (step: step, time: time + Double(index), value: level + noise)
      if oddness > 0, source.next() % oddness == 0 {
        switch source.next() % 4 {
        case 0: point.step = pick(steps, &source)
        case 1: point.time = pick(times, &source)
        case 2: point.value = pick(values, &source)
        default: writer.start(pick(steps, &source), wallTime: pick(times, &source))
        }
      }
      writer.add(EventWriter.event(point.step, point.time, [value(tag, point.value, isDouble: isDouble)]))
      step = step &+ max(1, stride)
    }
  }

  /// A value in 32 bits, or as a tensor in 64.
  private static func value(_ tag: String, _ value: Double, isDouble: Bool) -> WireMessage {
    guard isDouble else { return EventWriter.value(tag, Float(value)) }
    return EventWriter.value(tag, tensor: WireMessage().varint(1, 2).bytes(4, littleEndian(value.bitPattern)))
  }

  private static func pick<Element>(
    _ elements: [Element], _ source: inout some RandomNumberGenerator
  ) -> Element {
    elements[Int(source.next() % UInt64(elements.count))]
  }
}
