extension JSONValue.Member {
  /// The member `schema` that every document of this package begins with: what it is, and which version of its form.
  ///
  /// A version counts up when a key changes its meaning or goes away, not when one is added. The forms are described in
  /// `docs/schema`, a file for each name.
  public static func schema(_ name: String, version: Int) -> Self {
    Self("schema", .object(["name": .string(name), "version": .number(version)]))
  }
}

extension JSONValue {
  /// A document of the schema `name`: an object that begins with that heading.
  public static func document(
    _ name: String, version: Int, _ members: KeyValuePairs<String, JSONValue>
  ) -> JSONValue {
    .object([.schema(name, version: version)] + members.map { Member($0.key, $0.value) })
  }
}
