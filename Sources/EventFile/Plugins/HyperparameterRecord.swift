internal import CEventProto
internal import CProtobufC

/// What the plugin `hparams` keeps in the metadata of one of its tags.
public enum HyperparameterRecord: Equatable, Sendable {
  /// What is searched, and by which metrics sessions are judged.
  case experiment(HyperparameterExperiment)
  /// A session began.
  case start(SessionStart)
  /// A session ended.
  case end(status: SessionStatus, time: Double)

  /// How a session began.
  public struct SessionStart: Equatable, Sendable {
    /// The hyperparameters, in the order of their names.
    public var hyperparameters: [Hyperparameter]
    /// The group of repetitions that the session belongs to; often empty.
    public var group: String
    /// When it began, in seconds since 1970; 0 where it is not said.
    public var time: Double
  }

  /// How a session stands.
  public enum SessionStatus: Equatable, Sendable {
    case unknown, success, failure, running
    case other(Int32)
  }

  /// The record in what the plugin keeps with a tag; nil where that is no message, or says nothing.
  public init?(pluginContent content: [UInt8]) { self.init(content) }

  /// The record in the plugin's own metadata; nil where these are no message, or say nothing.
  init?(_ content: [UInt8]) {
    let message = unsafe content.withUnsafeBufferPointer {
      unsafe ftreport__hparams_plugin_data__unpack(
        nil, $0.count, $0.baseAddress ?? UnsafePointer(bitPattern: 1))
    }
    guard let message = unsafe message else { return nil }
    defer { unsafe ftreport__hparams_plugin_data__free_unpacked(message, nil) }
    if let experiment = unsafe message.pointee.experiment {
      self = unsafe .experiment(HyperparameterExperiment(experiment.pointee))
    } else if let start = unsafe message.pointee.session_start_info {
      self = unsafe .start(
        SessionStart(
          hyperparameters: Hyperparameter.list(start.pointee), group: Wire.text(start.pointee.group_name),
          time: start.pointee.start_time_secs))
    } else if let end = unsafe message.pointee.session_end_info {
      self = unsafe .end(status: SessionStatus(end.pointee.status), time: end.pointee.end_time_secs)
    } else {
      return nil
    }
  }
}

extension HyperparameterRecord.SessionStatus {
  init(_ number: Int32) {
    switch number {
    case 0: self = .unknown
    case 1: self = .success
    case 2: self = .failure
    case 3: self = .running
    default: self = .other(number)
    }
  }
}

/// What an experiment searches, and by which metrics its sessions are judged.
public struct HyperparameterExperiment: Equatable, Sendable {
  /// The name of the experiment; often empty.
  public var name: String
  /// A description in Markdown; often empty.
  public var description: String
  /// The hyperparameters that are searched.
  public var parameters: [Parameter]
  /// The metrics.
  public var metrics: [Metric]

  /// A hyperparameter that is searched.
  public struct Parameter: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// The values that it may have, where they are listed.
    public var values: [Hyperparameter.Value]
    /// The least value that it may have, where a range is given.
    public var least: Double?
    /// The greatest value that it may have, where a range is given.
    public var greatest: Double?
  }

  /// A metric of sessions.
  public struct Metric: Equatable, Sendable {
    /// The tag of the scalar.
    public var tag: String
    /// The folder below the session's that it stands in; often empty.
    public var group: String
    /// The name to show; often empty.
    public var displayName: String
  }

  init(_ message: Ftreport__HParamsExperiment) {
    name = unsafe Wire.text(message.name)
    description = unsafe Wire.text(message.description)
    parameters = unsafe Wire.list(message.hparam_infos, message.n_hparam_infos).compactMap {
      unsafe $0?.pointee
    }.map { info in
      unsafe Parameter(
        name: Wire.text(info.name),
        values: info.domain_discrete.map { list in
          unsafe Wire.list(list.pointee.values, list.pointee.n_values).compactMap { unsafe $0 }
            .map { unsafe Hyperparameter.value($0.pointee) }
        } ?? [],
        least: info.domain_interval.map { unsafe $0.pointee.min_value },
        greatest: info.domain_interval.map { unsafe $0.pointee.max_value })
    }
    metrics = unsafe Wire.list(message.metric_infos, message.n_metric_infos).compactMap {
      unsafe $0?.pointee
    }.map { info in
      unsafe Metric(
        tag: info.name.map { unsafe Wire.text($0.pointee.tag) } ?? "",
        group: info.name.map { unsafe Wire.text($0.pointee.group) } ?? "",
        displayName: Wire.text(info.display_name))
    }
  }
}
