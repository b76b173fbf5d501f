/// An event, the payload of one record, as its message holds it.
public struct Event: Equatable, Sendable {
  /// Seconds since 1970.
  public var wallTime: Double
  /// The global step; negative ones are legal.
  public var step: Int64
  /// What the event says.
  public var content: Content
  /// The program that wrote the file, which only its first event names.
  public var writer: String?

  /// The kinds of event.
  public enum Content: Equatable, Sendable {
    /// Nothing but a time and a step.
    case none
    /// The version of the format, for example `brain.Event:2`.
    case fileVersion(String)
    /// A serialized graph.
    case graph([UInt8])
    /// Values of tags.
    case summary([SummaryValue])
    /// A line of a log.
    case logMessage(level: Int32, String)
    /// A session of the writer began, ended or saved a checkpoint.
    case sessionLog(SessionStatus, message: String)
    /// A serialized profile of one step of a graph.
    case runMetadata(tag: String, [UInt8])
    /// A serialized meta graph.
    case metaGraph([UInt8])
  }

  /// What a session log tells.
  public enum SessionStatus: Equatable, Sendable {
    case unspecified, start, stop, checkpoint
    case other(Int32)

    init(_ number: Int32) {
      switch number {
      case 0: self = .unspecified
      case 1: self = .start
      case 2: self = .stop
      case 3: self = .checkpoint
      default: self = .other(number)
      }
    }
  }
}

/// One value of a summary.
public struct SummaryValue: Equatable, Sendable {
  /// The bytes of the tag, which should be UTF-8.
  public var tag: [UInt8]
  /// What the tag is, on the first of its values.
  public var metadata: SummaryMetadata?
  /// The data.
  public var data: Data

  /// The kinds of data.
  public enum Data: Equatable, Sendable {
    /// Metadata only.
    case none
    /// A number.
    case simple(Float)
    /// A histogram of the first format, of so many bytes.
    case oldHistogram(byteCount: Int)
    /// A picture.
    case image(ImageValue)
    /// A histogram.
    case histogram(HistogramValue)
    /// A sound.
    case audio(AudioValue)
    /// A tensor.
    case tensor(TensorValue)
  }
}

/// The metadata of a tag.
public struct SummaryMetadata: Equatable, Sendable {
  /// The plugin that owns the tag; empty where none is named.
  public var pluginName: String
  /// What the plugin keeps with the tag.
  public var pluginContent: [UInt8]
  /// The name to show.
  public var displayName: String
  /// A description in Markdown.
  public var summaryDescription: String
  /// 1 for scalars, 2 for tensors, 3 for sequences of blobs, 0 where it is not said.
  public var dataClass: Int32
}

/// A picture.
public struct ImageValue: Equatable, Sendable {
  /// The height in pixels.
  public var height: Int32
  /// The width in pixels.
  public var width: Int32
  /// The number of channels.
  public var colorspace: Int32
  /// The picture as a file: PNG, mostly.
  public var encoded: [UInt8]
}

/// A sound.
public struct AudioValue: Equatable, Sendable {
  /// Samples per second.
  public var sampleRate: Float
  /// The number of channels.
  public var channelCount: Int64
  /// The number of samples in each channel.
  public var frameCount: Int64
  /// The MIME type of the encoded bytes.
  public var contentType: String
  /// The sound as a file: WAV, mostly.
  public var encoded: [UInt8]
}

/// A histogram.
public struct HistogramValue: Equatable, Sendable {
  /// The least element.
  public var minimum: Double
  /// The greatest element.
  public var maximum: Double
  /// The number of elements.
  public var count: Double
  /// The sum of the elements.
  public var sum: Double
  /// The sum of their squares.
  public var sumOfSquares: Double
  /// The upper ends of the buckets.
  public var bucketLimits: [Double]
  /// The number of elements in each bucket.
  public var buckets: [Double]
}
