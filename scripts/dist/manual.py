#!/usr/bin/env python3
"""Makes the manual pages of ftreport from the command's own description of itself.

    scripts/dist/manual.py BINARY FOLDER VERSION

Writes FOLDER/ftreport.1 and a page for each subcommand. The pages have no date: the same command gives the same bytes.
"""

import json
import pathlib
import re
import subprocess
import sys


def escaped(text):
    """Text as roff takes it."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def names(argument):
    return ["--" + n["name"] if n["kind"] == "long" else "-" + n["name"] for n in argument.get("names", [])]


def value(argument):
    return "" if argument["kind"] != "option" else f" \\fI{escaped(argument.get('valueName', 'value'))}\\fR"


def synopsis(path, arguments, subcommands):
    lines = []
    words = [f"\\fB{escaped(' '.join(path))}\\fR"]
    for argument in arguments:
        if argument["kind"] == "positional":
            word = f"\\fI{escaped(argument['valueName'])}\\fR" + (" ..." if argument["isRepeating"] else "")
        else:
            name = "--" + argument["preferredName"]["name"]
            word = f"\\fB{escaped(name)}\\fR{value(argument)}"
        words.append(f"[{word}]" if argument["isOptional"] else word)
    lines.append(" ".join(words))
    if subcommands:
        lines.append(f".br\n\\fB{escaped(' '.join(path))}\\fR \\fIsubcommand\\fR ...")
    return "\n".join(lines)


def description(text):
    """Paragraphs; lines that are indented stay as they are."""
    parts = []
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("  "):
            parts.append(".PP\n.nf\n.RS\n" + escaped(re.sub(r"^  ", "", paragraph, flags=re.MULTILINE)) + "\n.RE\n.fi")
        else:
            parts.append(".PP\n" + escaped(paragraph))
    return "\n".join(parts)


def page(command, path, version, others):
    subcommands = [sub for sub in command.get("subcommands", []) if sub["commandName"] != "help"]
    arguments = [a for a in command.get("arguments", []) if a["shouldDisplay"]]
    title = "-".join(path)
    discussion = command.get("discussion", "")
    status = re.search(r"Exit status: (.*)", discussion, flags=re.DOTALL)
    if status:
        discussion = discussion[: status.start()].rstrip()
    lines = [
        f'.TH {escaped(title.upper())} 1 "" "ftreport {version}" "User Commands"',
        ".SH NAME",
        f"{escaped(title)} \\- {escaped(command['abstract'].rstrip('.'))}",
        ".SH SYNOPSIS",
        synopsis(path, arguments, subcommands),
        ".SH DESCRIPTION",
        description(discussion or command["abstract"]),
    ]
    if arguments:
        lines.append(".SH OPTIONS")
        for argument in arguments:
            heads = [f"\\fB{escaped(name)}\\fR" for name in names(argument)]
            head = ", ".join(heads) if heads else f"\\fI{escaped(argument['valueName'])}\\fR"
            text = argument.get("abstract", "")
            notes = []
            if argument.get("allValues"):
                notes.append("values: " + ", ".join(argument["allValues"]))
            if argument.get("defaultValue") not in (None, ""):
                notes.append("default: " + argument["defaultValue"])
            text += f" ({'; '.join(notes)})" if notes else ""
            lines += [".TP", head + value(argument), escaped(text.strip())]
    if subcommands:
        lines.append(".SH SUBCOMMANDS")
        for sub in subcommands:
            lines += [".TP", f"\\fB{escaped(sub['commandName'])}\\fR", escaped(sub["abstract"])]
    if status:
        lines += [".SH EXIT STATUS", escaped(" ".join(status.group(1).split()))]
    related = [name for name in others if name != title]
    lines += [".SH SEE ALSO", ",\n".join(f".BR {escaped(name)} (1)" for name in related).replace(",\n", ",\n")]
    text = "\n".join(lines) + "\n"
    # A comma behind a reference stands in the macro's own line.
    return re.sub(r"\(1\),$", "(1),", text, flags=re.MULTILINE)


def main():
    binary, folder, version = sys.argv[1:]
    dump = subprocess.run([binary, "--experimental-dump-help"], check=True, capture_output=True, text=True).stdout
    command = json.loads(dump)["command"]
    target = pathlib.Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    subcommands = [sub for sub in command["subcommands"] if sub["commandName"] != "help"]
    pages = {"ftreport": (command, ["ftreport"])}
    pages |= {f"ftreport-{sub['commandName']}": (sub, ["ftreport", sub["commandName"]]) for sub in subcommands}
    for name, (described, path) in pages.items():
        (target / f"{name}.1").write_text(page(described, path, version, list(pages)))


main()
