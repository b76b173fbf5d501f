/// The looks of pages in HTML: light and dark as the reader's system has it, on paper always light.
///
/// Every rule holds below one class, so that a page can stand inside another, such as a notebook. Colours are those of
/// the pictures.
enum HTMLStyle {
  /// The class of the element that a page stands in.
  static let scope = "ftreport-page"

  /// The style sheet.
  static let text: String = {
    let sheet = rules.map { "\(scoped($0.selector)) { \($0.looks) }" }.joined(separator: "\n")
    return """

      .\(scope) { \(light)\(looks) }
      @media screen and (prefers-color-scheme: dark) { .\(scope) { \(dark) } }
      \(sheet)
      @media print { .\(scope) { max-width: none; padding: 0; } .\(scope) .tools, .\(scope) .readout { display: none; } .\(scope) figure, .\(scope) tr { break-inside: avoid; } }

      """
  }()

  /// What is around a page that fills its window: the same ground, up to the edges.
  static let surroundings = """
    body { margin: 0; background: #fff; }
    @media screen and (prefers-color-scheme: dark) { body { background: #0d1117; } }
    """

  private static func scoped(_ selectors: String) -> String {
    selectors.split(separator: ",").map { ".\(scope) \($0.drop { $0 == " " })" }.joined(separator: ", ")
  }

  private static let light = """
    color-scheme: light dark; --page: #fff; --ink: #1f2328; --quiet: #59636e; --rule: #d1d9e0; --faint: #eaeef2; \
    --tint: #f6f8fa; --good: #1a7f37; --warning: #9a6700; --bad: #cf222e; --link: #0969da; 
    """

  private static let dark = """
    --page: #0d1117; --ink: #f0f6fc; --quiet: #9198a1; --rule: #3d444d; --faint: #21262d; --tint: #151b23; \
    --good: #3fb950; --warning: #d29922; --bad: #f85149; --link: #4493f8;
    """

  private static let looks = """
    background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; \
    max-width: 960px; margin: 0 auto; padding: 24px 20px 64px; box-sizing: border-box;
    """

  private static let rules: [(selector: String, looks: String)] = [
    ("*", "box-sizing: border-box;"),
    ("h1", "font-size: 1.7em; line-height: 1.25; margin: .4em 0 .6em; overflow-wrap: anywhere;"),
    ("h1 code", "font-size: .9em;"),
    (
      "h2",
      "font-size: 1.25em; margin: 2em 0 .8em; padding-bottom: .3em; border-bottom: 1px solid var(--rule);"
    ),
    ("h3", "font-size: 1.05em; margin: 1.6em 0 .6em;"),
    ("p", "margin: .8em 0; overflow-wrap: anywhere;"),
    ("figure", "margin: 1.2em 0; overflow-x: auto; position: relative;"),
    ("figure svg", "display: block; max-width: 100%; height: auto;"),
    ("figure > svg[tabindex]", "touch-action: pan-x pan-y; user-select: none; min-width: 600px;"),
    (
      ".tools",
      "display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; padding: 2px 16px; font-size: .8em; "
        + "color: var(--quiet);"
    ),
    (
      ".tools button, .tools select",
      "font: inherit; color: var(--ink); background: var(--tint); border: 1px solid var(--rule); border-radius: 5px; "
        + "padding: 1px 8px; cursor: pointer; max-width: 100%; overflow: hidden; text-overflow: ellipsis;"
    ),
    (".tools button[aria-pressed=false]", "color: var(--quiet); text-decoration: line-through;"),
    (".tools label", "display: inline-flex; gap: 4px; align-items: center;"),
    (".tools input[type=range]", "width: 110px;"),
    (
      ".readout",
      "position: absolute; top: 76px; pointer-events: none; background: var(--page); color: var(--ink); "
        + "border: 1px solid var(--rule); border-radius: 6px; padding: 5px 9px; font-size: .8em; max-width: 60%; "
        + "box-shadow: 0 2px 8px #0003;"
    ),
    (".readout div", "display: flex; gap: 6px; align-items: center;"),
    (".readout i", "width: 10px; height: 10px; border-radius: 3px; flex: none;"),
    (".readout span", "overflow: hidden; text-overflow: ellipsis; white-space: nowrap;"),
    (".readout b", "margin-left: auto; font-variant-numeric: tabular-nums;"),
    ("a.place", "font-size: .85em;"),
    ("thead th[tabindex]", "cursor: pointer;"),
    ("th[aria-sort=ascending]::after", "content: ' ▲';"),
    ("th[aria-sort=descending]::after", "content: ' ▼';"),
    (".media", "display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-end; margin: 1em 0;"),
    (".media figure", "margin: 0; max-width: 100%;"),
    (
      ".media img",
      "display: block; max-width: 220px; max-height: 220px; min-width: 48px; object-fit: contain; "
        + "image-rendering: auto; border: 1px solid var(--rule);"
    ),
    (".media audio", "display: block; width: 300px; max-width: 100%;"),
    ("figcaption", "color: var(--quiet); font-size: .8em; max-width: 300px; overflow-wrap: anywhere;"),
    (".table", "overflow-x: auto; margin: 1em 0;"),
    (
      "table",
      "border-collapse: collapse; font-size: .9em; font-variant-numeric: tabular-nums; margin: 0; border: 0;"
    ),
    (
      "th, td",
      "padding: .35em .75em; border: 0; border-bottom: 1px solid var(--faint); text-align: left; vertical-align: top;"
    ),
    ("tr", "background: none;"),
    (
      "thead th",
      "font-weight: 600; color: var(--quiet); border-bottom-color: var(--rule); white-space: nowrap;"
    ),
    ("tbody tr:hover", "background: var(--tint);"),
    ("th.right, td.right", "text-align: right; white-space: nowrap;"),
    ("td code, td.short", "white-space: nowrap;"),
    (".facts td code", "white-space: normal;"),
    (
      ".facts thead",
      "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);"
    ),
    (".facts tbody th", "font-weight: 400; color: var(--quiet); padding-left: 0; white-space: nowrap;"),
    (".facts td:nth-child(2)", "font-weight: 600;"),
    (".facts td:nth-child(2):not(:last-child)", "white-space: nowrap;"),
    (".facts td:nth-child(2):last-child", "font-weight: 400;"),
    (".facts td:nth-child(3)", "color: var(--quiet);"),
    ("code, pre", "font: .875em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;"),
    (
      "code",
      "background: var(--tint); color: inherit; padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere;"
    ),
    ("pre", "background: var(--tint); color: inherit; padding: 12px; border-radius: 6px; overflow-x: auto;"),
    ("pre code", "padding: 0; font-size: 1em;"),
    ("pre.chart", "line-height: 1.15;"),
    (
      "blockquote",
      "margin: 1em 0; padding: .1em 1em; border-left: 4px solid var(--rule); color: var(--quiet);"
    ),
    ("ol, ul", "padding-left: 1.6em;"),
    ("li", "margin: .35em 0; overflow-wrap: anywhere;"),
    (
      "li.bad, li.warning",
      "list-style-position: inside; margin: .6em 0 .6em -1.6em; padding: .5em 1em; border-left: 4px solid; "
        + "background: var(--tint); border-radius: 0 6px 6px 0;"
    ),
    ("li.bad", "border-left-color: var(--bad);"), ("li.warning", "border-left-color: var(--warning);"),
    (
      "details", "margin: .5em 0; border: 1px solid var(--faint); border-radius: 6px; padding: .4em .8em;"
    ),
    ("summary", "cursor: pointer; font-weight: 600; font-size: .95em;"),
    ("a", "color: var(--link);"), (".number", "white-space: nowrap;"),
    ("span.good", "color: var(--good);"), ("span.warning, span.mark", "color: var(--warning);"),
    ("span.bad", "color: var(--bad);"), ("span.quiet", "color: var(--quiet);"),
    ("span.curve", "color: var(--link);"),
  ]
}
