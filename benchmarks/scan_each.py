#!/usr/bin/env python3
"""Runs a console program of this environment on each file of a list.

    ENVIRONMENT/bin/python scan_each.py PROGRAM SECONDS [OPTION...] < LIST > VERDICTS

Each file gets a process of its own, forked after the program was imported, so that
a thousand files do not pay for a thousand imports. Writes a line a file: `clean`
(exit code 0), `flagged` (1), `error` (any other, or a traceback) or `late`, a tab,
and the file.
"""
import importlib.metadata
import os
import signal
import sys
import tempfile
import traceback


def run(main, arguments: list[str], seconds: int) -> str:
    with tempfile.TemporaryFile() as output:
        child = os.fork()
        if child == 0:
            signal.alarm(seconds)
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            sys.argv = arguments
            try:
                code = main()
            except SystemExit as end:
                code = end.code
            except BaseException:  # as the interpreter would end
                traceback.print_exc()
                code = 2
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code if isinstance(code, int) else 0 if code is None else 1)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0)
        if status == -signal.SIGALRM:
            return "late"
        if b"Traceback (most recent call last)" in output.read():
            return "error"
        return {0: "clean", 1: "flagged"}.get(status, "error")


def main() -> None:
    program, seconds, *options = sys.argv[1:]
    entry, = importlib.metadata.entry_points(group="console_scripts", name=program)
    tool = entry.load()
    for line in sys.stdin:
        path = line.rstrip("\n")
        print(run(tool, [program, *options, path], int(seconds)), path, sep="\t", flush=True)


if __name__ == "__main__":
    main()
