internal import FileSystem

/// The model card that HF Trainer and LLaMA-Factory write beside the model: `README.md` with YAML in front.
enum ModelCard {
  /// What the card in `folder` says of the training: its front matter (`base_model`, `tags`, …), and the list below
  /// "Training hyperparameters"; nil where there is no card.
  ///
  /// A card is for people, so that nothing is wrong with one that cannot be read.
  static func settings(in folder: String) -> ConfigurationSection? {
    guard let bytes = try? Files.read(Path.join(folder, "README.md"), limit: 1 << 20) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) {
      $0.isNewline
    }
    guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else { return nil }
    let front = lines[1..<end].joined(separator: "\n")
    guard let matter = try? ConfigurationSection(source: "README.md", yaml: Array(front.utf8)),
      matter.settings.contains(where: { ["base_model", "library_name"].contains($0.name) })
    else { return nil }
    // `model-index` is the results once more.
    var settings = matter.settings.filter { $0.name != "model-index" }
    if let heading = lines.firstIndex(where: { $0.hasSuffix("# Training hyperparameters") }) {
      for line in lines[(heading + 1)...].prefix(while: { !$0.hasPrefix("#") }) where line.hasPrefix("- ") {
        let parts = line.dropFirst(2).split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { continue }
        settings.append(Setting(name: String(parts[0]), value: String(parts[1].drop { $0 == " " })))
      }
    }
    return ConfigurationSection(source: "README.md", settings: settings)
  }
}
