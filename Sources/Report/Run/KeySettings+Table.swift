extension KeySettings {
  /// The settings that were found; no row where there are none.
  var table: Table {
    .facts(
      ["Setting", "Value"], sides: [.left, .left],
      rows: rows.map { [Table.Cell($0.name), .code(ForeignText.shortened($0.value, to: 160))] })
  }
}
