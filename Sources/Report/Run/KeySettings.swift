internal import RunFolder

/// The few settings that readers of a report ask for first.
struct KeySettings {
  /// What was found, by the names that readers know.
  let rows: [(name: String, value: String)]

  /// The key settings of `sections`.
  init(_ sections: [ConfigurationSection]) { rows = KnownSetting.values(in: sections) }

  /// How the training was spread over processes, as the checkpoints show.
  static func framework(_ sections: [ConfigurationSection]) -> String? {
    KnownSetting.values(in: sections).first { $0.name == "Framework" }?.value
  }
}
