internal import JSON

/// What a notebook displays: the same thing in several formats, of which it takes the best that it may show.
///
/// In Jupyter: `display(json.loads(''.join(get_ipython().getoutput('ftreport RUN --format mimebundle'))), raw=True)`.
struct MIMEBundle {
  /// A page that may stand inside another.
  var html: String
  /// Markdown without links to files.
  var markdown: String
  /// A picture; nil where there is none.
  var picture: String?
  /// Plain text.
  var text: String

  /// One line of JSON: an object with a member for each MIME type.
  var json: String {
    var members = [JSONValue.Member("text/html", .string(html))]
    if let picture { members.append(.init("image/svg+xml", .string(picture))) }
    members.append(.init("text/markdown", .string(markdown)))
    members.append(.init("text/plain", .string(text)))
    return JSONValue.object(members).text + "\n"
  }
}
