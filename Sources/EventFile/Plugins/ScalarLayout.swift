internal import CEventProto
internal import CProtobufC

/// Which scalars a writer wanted to see in one chart, as the plugin `custom_scalars` keeps it.
public struct ScalarLayout: Equatable, Sendable {
  /// The groups of charts.
  public var categories: [Category]

  /// A group of charts.
  public struct Category: Equatable, Sendable {
    /// The title of the group.
    public var title: String
    /// The charts.
    public var charts: [Chart]
    /// Whether the group is folded at first.
    public var isClosed: Bool

    /// A group from its parts.
    public init(title: String, charts: [Chart], isClosed: Bool = false) {
      self.title = title
      self.charts = charts
      self.isClosed = isClosed
    }
  }

  /// A chart.
  public struct Chart: Equatable, Sendable {
    /// The title.
    public var title: String
    /// What is drawn.
    public var content: Content

    /// A chart from its parts.
    public init(title: String, content: Content) {
      self.title = title
      self.content = content
    }
  }

  /// What a chart draws.
  public enum Content: Equatable, Sendable {
    /// A line for each tag that one of the regular expressions finds.
    case lines([String])
    /// Lines with bands around them, by their tags.
    case margins([Margin])
    case none
  }

  /// The tags of a line and of the edges of its band.
  public struct Margin: Equatable, Sendable {
    /// The tag of the line.
    public var value: String
    /// The tag of the lower edge.
    public var lower: String
    /// The tag of the upper edge.
    public var upper: String
  }

  /// A layout of groups.
  public init(categories: [Category]) { self.categories = categories }

  /// The layout of a tensor with one string, which is a message; nil for another.
  init?(_ tensor: TensorValue) {
    guard tensor.strings.count == 1 else { return nil }
    let message = unsafe tensor.strings[0].withUnsafeBufferPointer {
      unsafe ftreport__layout__unpack(nil, $0.count, $0.baseAddress ?? UnsafePointer(bitPattern: 1))
    }
    guard let message = unsafe message else { return nil }
    defer { unsafe ftreport__layout__free_unpacked(message, nil) }
    categories = unsafe Wire.list(message.pointee.category, message.pointee.n_category).compactMap {
      guard let category = unsafe $0 else { return nil }
      return unsafe Category(
        title: Wire.text(category.pointee.title),
        charts: Wire.list(category.pointee.chart, category.pointee.n_chart).compactMap { unsafe $0 }
          .map { unsafe Chart($0.pointee) },
        isClosed: category.pointee.closed != 0)
    }
  }
}

extension ScalarLayout.Chart {
  fileprivate init(_ message: Ftreport__Layout__Chart) {
    title = unsafe Wire.text(message.title)
    switch unsafe message.content_case {
    case FTREPORT__LAYOUT__CHART__CONTENT_MULTILINE:
      let lines = unsafe message.multiline.pointee
      content = unsafe .lines(Wire.list(lines.tag, lines.n_tag).map { unsafe Wire.text($0) })
    case FTREPORT__LAYOUT__CHART__CONTENT_MARGIN:
      let margin = unsafe message.margin.pointee
      content = unsafe .margins(
        Wire.list(margin.series, margin.n_series).compactMap { unsafe $0?.pointee }.map {
          unsafe ScalarLayout.Margin(
            value: Wire.text($0.value), lower: Wire.text($0.lower), upper: Wire.text($0.upper))
        })
    default: content = .none
    }
  }
}
