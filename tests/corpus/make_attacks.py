#!/usr/bin/env python3
"""Writes the attack corpus of the artifact scanner.

    make_attacks.py DIRECTORY

Every module attacks_<family>.py beside this file yields cases by

    cases() -> iterable of (file_name, content, expect, what)

where `expect` is "malicious" or "suspicious" (the least verdict that is right;
a worse one is fine) and `what` says in one line what the attack does. The files
go to DIRECTORY with a manifest.jsonl: {"file", "expect", "what", "family"}.

Standard library only; the output is a function of this tree (no clock, no
randomness). The samples are assembled by hand, byte for byte, and never loaded.
Their payload is inert: it would print a line, or address example.invalid.
"""

import importlib.util
import json
import pathlib
import sys


def families(folder):
    """Yields (family, module) for each attacks_<family>.py in `folder`."""
    sys.path.insert(0, str(folder))
    for path in sorted(folder.glob("attacks_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield path.stem[len("attacks_"):], module


def write(directory):
    """Writes all cases under `directory`; returns the manifest."""
    directory.mkdir(parents=True, exist_ok=True)
    manifest = []
    seen = set()
    for family, module in families(pathlib.Path(__file__).resolve().parent):
        for file_name, content, expect, what in module.cases():
            if file_name in seen:
                raise SystemExit(f"attacks_{family}: two cases are called {file_name}")
            if expect not in ("malicious", "suspicious"):
                raise SystemExit(f"attacks_{family}: {file_name} expects {expect}")
            seen.add(file_name)
            target = directory / file_name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            manifest.append({"file": file_name, "expect": expect, "what": what, "family": family})
    lines = [json.dumps(entry, ensure_ascii=False) for entry in manifest]
    (directory / "manifest.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return manifest


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    manifest = write(pathlib.Path(arguments[1]))
    by_family = {}
    for entry in manifest:
        by_family[entry["family"]] = by_family.get(entry["family"], 0) + 1
    print(f"{len(manifest)} cases: " + ", ".join(f"{count} {family}" for family, count in sorted(by_family.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
