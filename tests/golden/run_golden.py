#!/usr/bin/env python3
"""Runs the golden cases: the command line's behavior, as data.

    run_golden.py BINARY [--update] [CASE ...]

A case is a file `NAME.case`:

    # what it shows
    $ ringfort scan model.pkl        one shell command; `ringfort` is BINARY
    < a list on standard input       (optional, one line each)
    exit 1
    --- stdout
    ...                              expected, after normalization
    --- stderr
    ...

It runs in a fresh folder that holds a copy of examples/newsroom as `newsroom` and
of the folder data beside the cases as `data`.
Times, durations, run ids and the folder's own name are normalized. --update
rewrites what is expected; read the difference before committing it.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

NORMALIZE = [
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "TIME"),
    (re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}"), "RUN-ID"),
    (re.compile(r'2026\.\d\d\.\d\d\+[0-9a-f]{12}'), 'RULE-SET'),
    (re.compile(r'"seconds": [0-9.e-]+'), '"seconds": SECONDS'),
    (re.compile(r"in \d+(\.\d+)? m?s\b"), "in DURATION"),
]


def parse(text: str):
    lines = text.split("\n")
    comment = [l for l in lines if l.startswith("# ")]
    command = next(l[2:] for l in lines if l.startswith("$ "))
    given = [l[2:] for l in lines[: lines.index(next(l for l in lines if l.startswith("$ "))) + 20] if l.startswith("< ")]
    return comment, command, given


def render(comment, command, given, code, out, err) -> str:
    parts = comment + [f"$ {command}"] + [f"< {l}" for l in given] + [f"exit {code}", "--- stdout", out, "--- stderr", err]
    return "\n".join(parts).rstrip("\n") + "\n"


def run(binary: pathlib.Path, case: pathlib.Path) -> tuple[str, str]:
    text = case.read_text()
    comment, command, given = parse(text)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "examples" / "newsroom", pathlib.Path(folder) / "newsroom")
        shutil.copytree(HERE / "data", pathlib.Path(folder) / "data")
        (pathlib.Path(folder) / "bin").mkdir()
        os.symlink(binary, pathlib.Path(folder) / "bin" / "ringfort")
        environment = {"PATH": f"{folder}/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": folder}
        done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True,
                              input="".join(l + "\n" for l in given).encode(), timeout=120)
        out, err = (stream.decode("utf-8", "replace").replace(folder, "FOLDER").rstrip("\n") for stream in (done.stdout, done.stderr))
    for pattern, replacement in NORMALIZE:
        out, err = pattern.sub(replacement, out), pattern.sub(replacement, err)
    return text, render(comment, command, given, done.returncode, out, err)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--update", action="store_true")
    arguments = parser.parse_args()
    failed = passed = 0
    cases = sorted(HERE.glob("*.case"))
    if arguments.cases:
        cases = [c for c in cases if c.stem in arguments.cases]
    for case in cases:
        expected, actual = run(arguments.binary.resolve(), case)
        if expected == actual:
            passed += 1
        elif arguments.update:
            case.write_text(actual)
            print(f"updated {case.name}")
        else:
            failed += 1
            print(f"FAILED {case.name}")
            with tempfile.NamedTemporaryFile("w", suffix=".actual") as new:
                new.write(actual)
                new.flush()
                subprocess.run(["diff", "-u", str(case), new.name])
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
