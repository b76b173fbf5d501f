public import EventFile
public import JSON
public import Media

/// Values that are no numbers, for programs: the members of a JSON object that says what a value is.
public enum ValueJSON {
  /// The members of `value`.
  ///
  /// - Parameter keep: is given the bytes and the header of each picture and sound, and returns the name of the file
  ///   that they were put into; nil where they were put nowhere.
  public static func members(
    _ value: EventValue, keep: ([UInt8], MediaHeader) throws -> String?
  ) rethrows -> [JSONValue.Member] {
    switch value {
    case .histogram(let histogram):
      return [
        .init("lefts", numbers(histogram.lefts)), .init("rights", numbers(histogram.rights)),
        .init("counts", numbers(histogram.counts)),
      ]
    case .images(let images):
      return [
        .init(
          "images",
          .array(
            try images.map { image in
              try media(image.bytes, keep: keep) { header in
                [
                  .init("width", whole(header.width ?? image.width)),
                  .init("height", whole(header.height ?? image.height)),
                ]
              }
            }))
      ]
    case .sounds(let sounds):
      return [
        .init(
          "sounds",
          .array(
            try sounds.map { sound in
              try media(sound.bytes, keep: keep) { header in
                [
                  .init("sample_rate", header.wave.map { .number($0.sampleRate) } ?? .null),
                  .init("seconds", header.wave.map { .number($0.duration) } ?? .null),
                  .init("label", sound.label.map { .string($0) } ?? .null),
                ]
              }
            }))
      ]
    case .text(let text):
      return [
        .init("shape", .array(text.dimensions.map { .number($0) })),
        .init("strings", .array(text.strings.map { .string($0) })),
      ]
    case .precisionRecall(let curve):
      return [
        .init("true_positives", numbers(curve.truePositives)),
        .init("false_positives", numbers(curve.falsePositives)),
        .init("true_negatives", numbers(curve.trueNegatives)),
        .init("false_negatives", numbers(curve.falseNegatives)),
        .init("precision", numbers(curve.precision)), .init("recall", numbers(curve.recall)),
      ]
    case .hyperparameters(let record): return members(record)
    case .layout(let layout): return [.init("categories", .array(layout.categories.map(category)))]
    case .graph(let graph):
      return [
        .init("bytes", .number(graph.byteCount)), .init("nodes", .number(graph.nodeCount)),
        .init("functions", .number(graph.functionCount)), .init("parameters", whole(graph.parameterCount)),
        .init(
          "operations", .object(graph.operations.map { JSONValue.Member($0.name, .number($0.count)) })),
      ]
    case .profile(let byteCount): return [.init("bytes", .number(byteCount))]
    case .mesh(let mesh):
      return [
        .init("mesh", .string(mesh.name)), .init("content", .string("\(mesh.content)")),
        .init("shape", .array(mesh.dimensions.map { .number($0) })),
      ]
    case .tensor(let tensor):
      return [
        .init(
          "dtype", .string(TensorElementType(rawValue: tensor.dtype).map { "\($0)" } ?? "\(tensor.dtype)")),
        .init("shape", .array(tensor.dimensions.map { .number($0) })),
        .init("elements", tensor.numbers.map { numbers($0) } ?? .null),
      ]
    case .unreadable(let reason): return [.init("fault", .string(reason))]
    }
  }

  private static func media(
    _ bytes: [UInt8], keep: ([UInt8], MediaHeader) throws -> String?,
    _ more: (MediaHeader) -> [JSONValue.Member]
  ) rethrows -> JSONValue {
    let header = MediaHeader(bytes)
    var members = [
      JSONValue.Member("type", header.type.map { .string($0.rawValue) } ?? .null),
      .init("bytes", .number(bytes.count)), .init("sha256", .string(SHA256.digits(of: bytes))),
    ]
    members += more(header)
    if let name = try keep(bytes, header) { members.append(.init("file", .string(name))) }
    if !header.faults.isEmpty {
      members.append(.init("faults", .array(header.faults.map { .string($0.description) })))
    }
    return .object(members)
  }

  private static func members(_ record: HyperparameterRecord) -> [JSONValue.Member] {
    switch record {
    case .experiment(let experiment):
      [
        .init("record", .string("experiment")), .init("name", .string(experiment.name)),
        .init("description", .string(experiment.description)),
        .init("hyperparameters", .array(experiment.parameters.map(parameter))),
        .init(
          "metrics",
          .array(
            experiment.metrics.map {
              .object([
                "tag": .string($0.tag), "group": .string($0.group), "display_name": .string($0.displayName),
              ])
            })),
      ]
    case .start(let start):
      [
        .init("record", .string("session_start")), .init("group", .string(start.group)),
        .init("time", .number(start.time)),
        .init(
          "hyperparameters",
          .object(start.hyperparameters.map { JSONValue.Member($0.name, hyperparameter($0.value)) })
        ),
      ]
    case .end(let status, let time):
      [
        .init("record", .string("session_end")), .init("status", .string(name(status))),
        .init("time", .number(time)),
      ]
    }
  }

  private static func parameter(_ parameter: HyperparameterExperiment.Parameter) -> JSONValue {
    var members = [JSONValue.Member("name", .string(parameter.name))]
    if !parameter.values.isEmpty {
      members.append(.init("values", .array(parameter.values.map(hyperparameter))))
    }
    if let least = parameter.least, let greatest = parameter.greatest {
      members.append(.init("range", .array([.number(least), .number(greatest)])))
    }
    return .object(members)
  }

  /// The name of a session's status.
  public static func name(_ status: HyperparameterRecord.SessionStatus) -> String {
    switch status {
    case .unknown: "unknown"
    case .success: "success"
    case .failure: "failure"
    case .running: "running"
    case .other(let number): "\(number)"
    }
  }

  /// The value of a hyperparameter.
  public static func hyperparameter(_ value: Hyperparameter.Value) -> JSONValue {
    switch value {
    case .none: .null
    case .number(let number): .number(number)
    case .text(let text): .string(text)
    case .bool(let bool): .bool(bool)
    }
  }

  private static func category(_ category: ScalarLayout.Category) -> JSONValue {
    let charts = category.charts.map { chart -> JSONValue in
      switch chart.content {
      case .lines(let tags):
        .object(["title": .string(chart.title), "lines": .array(tags.map { .string($0) })])
      case .margins(let margins):
        .object([
          "title": .string(chart.title),
          "margins": .array(
            margins.map {
              .object(["value": .string($0.value), "lower": .string($0.lower), "upper": .string($0.upper)])
            }),
        ])
      case .none: .object(["title": .string(chart.title)])
      }
    }
    return .object(["title": .string(category.title), "charts": .array(charts)])
  }

  private static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
  private static func whole(_ value: Int?) -> JSONValue { value.map { .number($0) } ?? .null }
}
