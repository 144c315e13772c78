#!/usr/bin/env python3
"""Line coverage of a build made by the preset `coverage`, after its tests have run.

    coverage_table.py BUILD

Prints a folder a line, tests not counted, and writes a page for each source file to
BUILD/html. What runs in a caged worker alone is not counted: the cage lets it write no
counters. Needs gcovr.
"""
import collections
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def measured(build: pathlib.Path) -> list[dict]:
    """One entry a source file: filename, line_total, line_covered."""
    page = build / "html" / "index.html"
    page.parent.mkdir(exist_ok=True)
    summary = build / "coverage.json"
    subprocess.run(["gcovr", "--root", str(ROOT), "--filter", "src/", "--exclude", r".*_test\.cc$",
                    "--exclude-throw-branches", "--html-details", str(page), "--json-summary", str(summary), str(build)],
                   cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return json.loads(summary.read_text())["files"]


def by_folder(files: list[dict]) -> list[tuple[str, int, int]]:
    """(folder, lines, lines reached), sorted, and `all` at the end."""
    total, reached = collections.Counter(), collections.Counter()
    for file in files:
        folder = pathlib.PurePath(file["filename"]).parent.as_posix()
        for row in (folder, "all"):
            total[row] += file["line_total"]
            reached[row] += file["line_covered"]
    return [(row, total[row], reached[row]) for row in sorted(set(total) - {"all"}) + ["all"]]


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    build = pathlib.Path(sys.argv[1]).resolve()
    print(f"{'folder':40} {'lines':>7} {'reached':>8}")
    for row, total, reached in by_folder(measured(build)):
        print(f"{row:40} {total:7} {100 * reached / max(total, 1):7.1f} %")
    print(f"each file: {build / 'html' / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
