internal import EventFile
public import RunFolder

/// In what runs differ: by the trainers' files, the logged learning rate, and the runs' names.
///
/// What names a run (folders, hosts, dates, counters) is no setting, nor is an unknown text that no two runs share.
public struct VaryingSettings: Equatable, Sendable {
  /// The settings, those that readers ask for first before others; without seeds.
  public private(set) var settings: [VaryingSetting] = []
  /// The seeds, which make no other training.
  public private(set) var seeds: [VaryingSetting] = []
  /// Names of settings that say what another says, and that one.
  public private(set) var aliases: [String: String] = [:]
  /// Whether runs of the same settings can be known to be that: seeds tell them apart, or files tell the settings of
  /// every run.
  public private(set) var canTellRepeats = false

  /// The settings in which `runs` differ.
  ///
  /// - Complexity: O(runs · settings).
  public init(of runs: [TrainingRun]) {
    guard runs.count > 1 else { return }
    let told = Self.told(runs)
    var found = told.filter { $0.levelCount > 1 && Self.isSetting($0, of: runs.count) }
    if !told.contains(where: { Self.plain($0.name) == "learning_rate" }) {
      let rate = Self.loggedRates(runs)
      if rate.levelCount > 1, rate.values.contains(where: { $0 != nil }) { found.append(rate) }
    }
    let areTold = Self.areTold(found, runs)
    for setting in Self.named(runs, seeds: told.filter { Self.isSeed($0.name) }) {
      // Where files tell every run from every other, a text or number of each name's own is that of the name.
      let isName = setting.values.allSatisfy { value in setting.values.count { $0 == value } == 1 }
      let isNoSetting = !Self.isKnown(setting.name) || Self.isCount(setting.values.map { $0 ?? "" })
      if !(areTold && isName && isNoSetting) { join(setting, to: &found) }
    }
    mergeAliases(&found)
    canTellRepeats =
      found.contains { Self.isSeed($0.name) }
      || runs.allSatisfy { run in
        Self.sections(run).contains { $0.settings.contains { KnownSetting.weight(of: $0.name) == .decisive } }
      }
    seeds = found.filter { Self.isSeed($0.name) }
    settings = Self.companionsJoined(Self.ordered(found.filter { !Self.isSeed($0.name) }))
  }

  /// The setting that is called `name`, or says what the setting of this name says; nil where runs do not differ in it.
  public func setting(_ name: String) -> VaryingSetting? {
    let all = settings + seeds
    let name = aliases[name] ?? aliases[Self.plain(name)] ?? name
    return all.first { $0.name == name } ?? all.first { Self.plain($0.name) == Self.plain(name) }
      ?? settings.first { $0.companions.contains(name) }
  }

  /// The names of all settings in which runs differ.
  public var names: [String] { (settings + seeds).flatMap { [$0.name] + $0.companions } }

  // MARK: Files

  /// The settings of the training and of the adapter, without those of the model.
  private static func sections(_ run: TrainingRun) -> [ConfigurationSection] {
    run.configuration.filter { !$0.source.hasPrefix("model_config") }
  }

  private static func told(_ runs: [TrainingRun]) -> [VaryingSetting] {
    var settings: [VaryingSetting] = []
    var places: [String: Int] = [:]
    for (index, run) in runs.enumerated() {
      for setting in sections(run).flatMap(\.settings) {
        guard !KnownSetting.namesRun(setting.name), KnownSetting.weight(of: setting.name) != .incidental
        else { continue }
        let place = places[setting.name] ?? settings.count
        if place == settings.count {
          places[setting.name] = place
          settings.append(
            VaryingSetting(name: setting.name, values: Array(repeating: nil, count: runs.count)))
        }
        if settings[place].values[index] == nil { settings[place].values[index] = setting.value }
      }
    }
    return settings.map(spelledOnce)
  }

  /// Whether `settings` tell each run from every other, copies of one run left aside.
  private static func areTold(_ settings: [VaryingSetting], _ runs: [TrainingRun]) -> Bool {
    guard !settings.isEmpty else { return false }
    var first: [[String?]: Int] = [:]
    for index in runs.indices {
      let key = settings.map { $0.values[index] }
      guard let other = first[key] else {
        first[key] = index
        continue
      }
      if !runs[other].hasPoints(of: runs[index]) { return false }
    }
    return true
  }

  /// One spelling for values that are the same, that of the first run which tells it.
  private static func spelledOnce(_ setting: VaryingSetting) -> VaryingSetting {
    var spellings: [String: String] = [:]
    var setting = setting
    for (index, value) in setting.values.enumerated() {
      guard let value else { continue }
      let canonical = VaryingSetting.canonical(value)
      setting.values[index] = spellings[canonical] ?? value
      if spellings[canonical] == nil { spellings[canonical] = value }
    }
    return setting
  }

  /// Whether a setting is one: not an unknown text that is another one in every run, which names the run.
  private static func isSetting(_ setting: VaryingSetting, of count: Int) -> Bool {
    KnownSetting.weight(of: setting.name) == .decisive || isSeed(setting.name) || setting.numbers != nil
      || setting.levelCount < count
  }

  // MARK: The log

  /// The highest learning rate that each run logged, to two digits: a cosine is seldom logged at its very top. Nil of a
  /// run that ends while it still rises.
  private static func loggedRates(_ runs: [TrainingRun]) -> VaryingSetting {
    let values = runs.map { run -> String? in
      guard let rates = run.metric(for: .learningRate)?.series.values.filter({ $0.isFinite }),
        let greatest = rates.max(), greatest > 0
      else { return nil }
      if let first = rates.first, rates.last == greatest, first < greatest { return nil }
      return twoDigits(greatest)
    }
    return spelledOnce(VaryingSetting(name: "learning_rate", values: values, origin: .log))
  }

  /// A positive number to two digits, in the fewest signs that say it.
  private static func twoDigits(_ value: Double) -> String {
    var power = 0
    var mantissa = value
    while mantissa >= 10 { (mantissa, power) = (mantissa / 10, power + 1) }
    while mantissa < 1 { (mantissa, power) = (mantissa * 10, power - 1) }
    return "\(Double("\((mantissa * 10).rounded() / 10)e\(power)") ?? value)"
  }

  // MARK: Names

  /// Keys that count runs, and say nothing of their settings.
  private static let counters: Set<String> = [
    "run", "runs", "trial", "exp", "experiment", "version", "v", "job", "id", "try", "attempt", "no", "nr",
    "run_id",
    "checkpoint", "step",
  ]

  /// What the names tell; where the files tell the `seeds`, numbers that are those count repeats.
  private static func named(_ runs: [TrainingRun], seeds: [VaryingSetting]) -> [VaryingSetting] {
    var parts = runs.map { RunNameParts($0.name) }
    var keys: [String] = []
    for key in parts.flatMap({ $0.settings.map(\.key) }) where !keys.contains(key) { keys.append(key) }
    // A key that only some names have, and that nobody knows, is a word with a number: `base1` beside `packed1`.
    for key in keys where !isKnown(key) && !parts.allSatisfy({ $0.value(key) != nil }) {
      for index in parts.indices {
        guard let setting = parts[index].setting(key), !setting.isExplicit else { continue }
        let isRepeat = seeds.contains {
          $0.values[index].map(VaryingSetting.canonical) == VaryingSetting.canonical(setting.value)
        }
        parts[index].makeWord(key, keepsNumber: !isRepeat)
      }
    }
    keys.removeAll { key in
      let settings = parts.compactMap { $0.setting(key) }
      return counters.contains(key) || isDate(key) || settings.isEmpty
        || !isKnown(key) && isCounter(settings, of: runs.count)
    }
    var settings = keys.map { key in
      VaryingSetting(name: key, values: parts.map { $0.value(key) }, origin: .name)
    }
    // A number under a long key of digits, such as a date, is no setting.
    settings.removeAll { setting in
      setting.values.allSatisfy { $0.map { $0.utf8.count >= 6 && $0.allSatisfy(\.isNumber) } ?? false }
    }
    settings = settings.filter { $0.levelCount > 1 }.map(spelledOnce)
    let words = VaryingSetting(name: "name", values: tellingWords(parts), origin: .name)
    return words.levelCount > 1 ? settings + [words] : settings
  }

  /// Whether numbers count the runs, whatever they are called: whole numbers, another one in each run, with few gaps.
  private static func isCounter(_ settings: [RunNameParts.Setting], of count: Int) -> Bool {
    settings.count == count && !settings.contains(where: \.isExplicit) && isCount(settings.map(\.value))
  }

  /// Whether `values` are whole numbers, each another one, with few gaps.
  private static func isCount(_ values: [String]) -> Bool {
    let numbers = values.compactMap { $0.count <= 6 ? Int($0) : nil }
    guard numbers.count == values.count, Set(numbers).count == values.count, let least = numbers.min(),
      let most = numbers.max()
    else { return false }
    return least <= values.count && most - least < 2 * values.count
  }

  /// Whether trainers have a setting of this name, or people write one so.
  private static func isKnown(_ key: String) -> Bool {
    let name = plain(key)
    return isSeed(key) || counters.contains(key) || isDate(key) || name != key
      || KnownSetting.isSpelling(name)
  }

  private static func isDate(_ key: String) -> Bool {
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"].contains(key)
  }

  /// For each name the words that not all names have, without numbers by themselves and without identifiers.
  private static func tellingWords(_ parts: [RunNameParts]) -> [String?] {
    let common = parts.dropFirst().reduce(Set(parts.first?.words ?? [])) { $0.intersection($1.words) }
    return parts.map { part in
      let words = part.words.filter { word in
        !common.contains(word) && !word.allSatisfy(\.isNumber) && !isIdentifier(word)
          && !counters.contains(word)
      }
      return words.isEmpty ? nil : words.joined(separator: " ")
    }
  }

  /// Whether a word is one that no person chose: at least six letters and digits, and several changes between them.
  private static func isIdentifier(_ word: String) -> Bool {
    guard word.utf8.count >= 6, word.allSatisfy({ $0.isLetter || $0.isNumber }) else { return false }
    return zip(word, word.dropFirst()).count { $0.isNumber != $1.isNumber } >= 3
  }

  // MARK: Putting together

  /// The name that trainers' files use for `name`: of the spellings that are known for one setting, the first.
  static func plain(_ name: String) -> String {
    let last = name.split(separator: ".").last.map(String.init) ?? name
    let spelled = KnownSetting.key.first { $0.spellings.contains(last) }?.spellings.first ?? last
    return short[spelled] ?? spelled
  }

  /// What people write into the names of folders.
  private static let short = [
    "rank": "r", "alpha": "lora_alpha", "dropout": "lora_dropout", "wd": "weight_decay",
    "bs": "per_device_train_batch_size", "bsz": "per_device_train_batch_size", "warmup": "warmup_ratio",
    "ep": "num_train_epochs", "epochs": "num_train_epochs", "epoch": "num_train_epochs",
    "ga": "gradient_accumulation_steps", "gas": "gradient_accumulation_steps", "len": "cutoff_len",
  ]

  /// Whether a setting is a seed, or counts repeats.
  public static func isSeed(_ name: String) -> Bool {
    let last = (name.split(separator: ".").last.map(String.init) ?? name).lowercased()
    return last.hasSuffix("seed") || seedKeys.contains(last)
  }

  private static let seedKeys: Set<String> = ["seeds", "rep", "repeat", "replicate", "replica", "s"]

  /// Adds what a name says, unless something that is known already says it.
  private mutating func join(_ setting: VaryingSetting, to found: inout [VaryingSetting]) {
    let plain = Self.plain(setting.name)
    func fits(_ other: VaryingSetting) -> Bool {
      // A number that goes with the seed counts repeats, from whatever it begins.
      if Self.isSeed(other.name), setting.numbers != nil, other.movesWith(setting) { return true }
      return other.agrees(with: setting)
        && (Self.plain(other.name) == plain || other.movesWith(setting)
          || Self.isSeed(other.name) && Self.isSeed(setting.name))
    }
    guard let place = found.firstIndex(where: fits) else { return found.append(setting) }
    aliases[setting.name] = found[place].name
    if found[place].origin == .log {
      // The name has the rate as it was meant.
      for (index, value) in setting.values.enumerated() where value != nil {
        found[place].values[index] = value
      }
      found[place] = Self.spelledOnce(found[place])
    }
  }

  /// Leaves one of the settings that say the same of every run (`lr` and `learning_rate`), the one that is asked for
  /// first.
  private mutating func mergeAliases(_ found: inout [VaryingSetting]) {
    var kept: [VaryingSetting] = []
    for setting in Self.ordered(found) {
      if let same = kept.first(where: {
        $0.agrees(with: setting) && $0.movesWith(setting)
          && (Self.plain($0.name) == Self.plain(setting.name)
            || Self.isSeed($0.name) == Self.isSeed(setting.name) && Self.isSeed(setting.name))
      }) {
        aliases[setting.name] = same.name
      } else {
        kept.append(setting)
      }
    }
    found = kept
  }

  private static func ordered(_ settings: [VaryingSetting]) -> [VaryingSetting] {
    func rank(_ setting: VaryingSetting) -> Int {
      KnownSetting.first.firstIndex(of: plain(setting.name)) ?? KnownSetting.first.count
    }
    return settings.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
      .map(\.element)
  }

  /// Leaves one of the settings that change together, with the names of the others.
  private static func companionsJoined(_ settings: [VaryingSetting]) -> [VaryingSetting] {
    var kept: [VaryingSetting] = []
    for setting in settings {
      if let place = kept.firstIndex(where: {
        $0.movesWith(setting) && setting.levelCount < setting.values.count
      }) {
        kept[place].companions.append(setting.name)
      } else {
        kept.append(setting)
      }
    }
    return kept
  }
}
