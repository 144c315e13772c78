#!/usr/bin/env python3
"""Kills a campaign at several moments and resumes it: campaign_kill_test.py BINARY

What was logged stays, only what is missing is made, and the numbers are those of a run
that nobody killed; with one worker and with three.
"""
import json
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

PLAN = """attacks = ["loss", "zlib_ratio", "min_k_plus_plus", "neighborhood", "blind_baseline"]
neighbors = 8
seeds = [1, 2]
[texts]
members = "members.txt"
held_out = "held_out.txt"
background = "held_out.txt"
[[target]]
id = "known"
source = "scripted:members.txt"
"""


def texts(seed, count):
    draw = random.Random(seed)
    words = ["".join(draw.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(draw.randint(3, 8))) for _ in range(200)]
    return "".join(" ".join(draw.choice(words) for _ in range(16)) + "\n" for _ in range(count))


def logged(store):
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=5) as connection:
            return connection.execute("SELECT count(*) FROM trials").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def main(binary):
    binary = str(pathlib.Path(binary).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "members.txt").write_text(texts(1, 150))
        (folder / "held_out.txt").write_text(texts(2, 150))
        (folder / "plan.toml").write_text(PLAN)

        def command(verb, store, jobs=1):
            return [binary, "campaign", verb, str(folder / "plan.toml"), "--store", str(store), "--format", "json"] + (
                ["--jobs", str(jobs)] if jobs > 1 else [])

        def summary(store):
            told = json.loads(subprocess.run(command("summary", store), check=True, capture_output=True).stdout)
            # A share of a call's cost depends on which texts were asked together.
            for key in ("queries", "tokens"):
                told.pop(key)
            return told

        whole = folder / "whole.db"
        subprocess.run(command("run", whole), check=True, capture_output=True)
        wanted = summary(whole)
        assert wanted["made"] == wanted["listed"], wanted

        kills = 0
        for jobs in (1, 3):
            cut = folder / f"cut{jobs}.db"
            killed = 0
            for share in (0.05, 0.3, 0.6, 0.9):
                before = logged(cut)
                process = subprocess.Popen(command("run", cut, jobs), stdout=subprocess.DEVNULL,
                                           stderr=subprocess.DEVNULL)
                while process.poll() is None and logged(cut) < share * wanted["listed"]:
                    time.sleep(0.01)
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)
                    killed += 1
                process.wait()
                assert logged(cut) >= before, "a kill lost what was logged"
            assert killed >= 2, f"only {killed} of the runs with {jobs} workers could be killed in time"
            kills += killed
            before = logged(cut)
            ended = subprocess.run(command("run", cut, jobs), check=True, capture_output=True)
            made = json.loads(ended.stdout)["made_now"]
            assert made == wanted["listed"] - before, (made, wanted["listed"], before)
            assert summary(cut) == wanted, "the numbers differ from those of a run that nobody killed"
    print(f"killed {kills} times; {wanted['listed']} trials say the same")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
