#!/usr/bin/env python3
"""Bad input and bad days, on the real program.

    hostile_input_test.py BINARY [unittest arguments]

Hostile files of every format, limits, full disks, interrupts, and workers and
parents that are killed: no crash, no hang, no memory past the limit, a verdict with
a reason, and nothing lost that was recorded. Damaged files are the matter of
tests/corpus/check_damage.py. Standard library only.
"""

import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import hostile_samples  # noqa: E402

BINARY = ""
LONGEST = 10  # seconds for one hostile file
MOST_MEMORY = (256 + 64) << 20


def scan(*arguments, timeout=120, **options):
    return subprocess.run([BINARY, "scan", "--no-progress", *map(str, arguments)], capture_output=True, text=True,
                          timeout=timeout, check=False, **options)


def children(process):
    """Worker process ids of `process`."""
    try:
        listed = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [int(pid) for pid in listed.split()]


def alive(process):
    try:
        state = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def wait_until(condition, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


class HostileInput(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.input = self.folder / "input"
        self.input.mkdir()

    def scan_input(self, *arguments, **options):
        """Scans the input folder; gives the exit code and {file below input: artifact}."""
        done = scan("--format", "json", *arguments, self.input, **options)
        self.assertIn(done.returncode, (0, 1, 3), done.stderr)
        found = {}
        for artifact in json.loads(done.stdout)["artifacts"]:
            found[pathlib.Path(artifact["path"]).relative_to(self.input).as_posix()] = artifact
        return done.returncode, found

    def check_reasons(self, found):
        for name, artifact in found.items():
            reasons = [part["reason"] for part in artifact["skipped"]]
            with self.subTest(file=name):
                if artifact["verdict"] == "incomplete":
                    self.assertTrue(reasons and all(reasons))
                for reason in reasons:
                    for word in ("worker died", "worker ended", "worker was", "forbidden", "internal"):
                        self.assertNotIn(word, reason)

    # --- limits -------------------------------------------------------------------

    def test_bombs_are_flagged_in_bounded_time_and_memory(self):
        for name, content in hostile_samples.bombs():
            (self.input / name).write_bytes(content)
        _, found = self.scan_input("--timeout", str(LONGEST))
        self.assertEqual(set(found), {path.name for path in self.input.iterdir()})
        self.check_reasons(found)
        for name, artifact in found.items():
            with self.subTest(file=name):
                self.assertTrue(artifact["verdict"] != "clean" or artifact["findings"])
                for part in artifact["skipped"]:
                    self.assertNotIn("time limit", part["reason"])
        # Kilobytes; the largest of all processes that ended, ours and their workers.
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss << 10, MOST_MEMORY)

    def slow_file(self, name="slow.pkl", megabytes=48):
        # Many small steps of one pickle; flagged as nothing.
        (self.input / name).write_bytes(b"\x80\x02" + b"K\x010" * (megabytes * 350000) + b"N.")

    def test_the_time_limit_costs_one_artifact(self):
        self.slow_file()
        for i in range(50):
            (self.input / f"{i}.txt").write_text("Only words.\n")
        code, found = self.scan_input("--timeout", "0.02")
        self.assertEqual(code, 3)
        slow = found.pop("slow.pkl")
        self.assertEqual(slow["verdict"], "incomplete")
        self.assertRegex(" ".join(part["reason"] for part in slow["skipped"]), "time|not done after")
        self.assertEqual([a["verdict"] for a in found.values()], ["clean"] * 50)

    # --- what the system refuses --------------------------------------------------

    def test_a_missing_path_is_wrong_usage(self):
        done = scan(self.folder / "absent")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, "error: cannot read .*absent: No such file")

    def test_an_unreadable_file_is_incomplete_and_the_rest_is_scanned(self):
        (self.input / "closed.txt").write_text("words\n")
        (self.input / "open.txt").write_text("words\n")
        os.chmod(self.input / "closed.txt", 0)
        os.chmod(self.folder, 0o755)
        options = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
        try:
            code, found = self.scan_input(**options)
        except PermissionError:
            self.skipTest("the program lies where another user cannot run it")
        self.assertEqual(code, 3)
        self.assertEqual(found["open.txt"]["verdict"], "clean")
        self.assertEqual(found["closed.txt"]["verdict"], "incomplete")
        self.assertIn("Permission denied", found["closed.txt"]["skipped"][0]["reason"])

    @unittest.skipUnless(os.path.exists("/proc/cpuinfo"), "no /proc")
    def test_a_file_that_hides_its_size_is_incomplete(self):
        os.symlink("/proc/cpuinfo", self.input / "made_up.txt")
        (self.input / "empty.txt").write_text("")
        code, found = self.scan_input()
        self.assertEqual(code, 3)
        self.assertEqual(found["empty.txt"]["verdict"], "clean")
        self.assertEqual(found["made_up.txt"]["verdict"], "incomplete")
        self.check_reasons(found)

    def test_names_of_every_kind_keep_every_report_valid(self):
        payload = b"cos\nsystem\n(S'echo ringfort-inert'\ntR."
        names = [b"new\nline.pkl", b"no\xff\xfeutf8.pkl", b"escape\x1b[31m.pkl", b"<script>alert(1)<.pkl", b"'\"&amp;.pkl",
                 b"a%20b#c?d.pkl", b"back\\slash.pkl", b"-rf.pkl", "\u202egpj.pkl".encode(), b"\x01\x7f.pkl", b"x" * 255]
        for name in names:
            with open(os.fsencode(self.input) + b"/" + name, "wb") as file:
                file.write(payload)
        for report_format in ("table", "json", "sarif", "cyclonedx", "html"):
            with self.subTest(format=report_format):
                report = self.folder / "report"
                self.assertEqual(scan("--format", report_format, "-o", report, self.input).returncode, 1)
                content = report.read_bytes().decode("utf-8")
                self.assertFalse(any(c < " " and c not in "\n\r\t" for c in content))
                if report_format in ("json", "sarif", "cyclonedx"):
                    json.loads(content)
                if report_format == "json":
                    self.assertEqual([a["verdict"] for a in json.loads(content)["artifacts"]], ["malicious"] * len(names))
                if report_format == "html":
                    self.assertFalse("<script>alert" in content)

    def test_what_cannot_be_written_is_a_failure_with_a_sentence(self):
        (self.input / "a.txt").write_text("words\n")
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([BINARY, "scan", str(self.input)], stdout=full, stderr=subprocess.PIPE, text=True,
                                  check=False)
        self.assertEqual(done.returncode, 4)
        self.assertIn("cannot write to standard output", done.stderr)
        done = scan("-o", self.folder / "absent" / "report.json", self.input)
        self.assertEqual(done.returncode, 4)
        self.assertIn("error: ", done.stderr)
        done = scan("--store", self.folder / "absent" / "store.db", self.input)
        self.assertEqual(done.returncode, 4)
        self.assertIn("error: ", done.stderr)

    def test_a_full_disk_fails_the_run_and_keeps_the_store(self):
        store = self.folder / "store.db"
        (self.input / "first.txt").write_text("words\n")
        self.assertEqual(scan("--store", store, self.input).returncode, 0)
        for i in range(3000):
            (self.input / f"{i:04}.txt").write_text(f"words {i}\n")
        size = store.stat().st_size + (64 << 10)

        def disk_is_full():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        done = scan("--store", store, self.input, preexec_fn=disk_is_full)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertRegex(done.stderr, "error: .*store.db")
        runs = subprocess.run([BINARY, "runs", "list", "--store", str(store)], capture_output=True, text=True, check=False)
        self.assertEqual(runs.returncode, 0, runs.stderr)
        self.assertEqual(scan("--store", store, self.input).returncode, 0)

    def on_a_full_disk(self, *command):
        """Runs a program in a mount namespace in which self.folder/disk is a disk of 1 MB, full but for 100 kB.

        The store `kept.db`, with one run, and the report `report.json` lie on it already. Gives exit code and
        standard error of the program, what then lies on the disk, and what is listed of the store after space was made.
        """
        (self.input / "first.txt").write_text("words\n")
        disk = self.folder / "disk"
        disk.mkdir()
        script = f"""
            mount -t tmpfs -o size=1m tmpfs '{disk}' || exit 99
            cd '{disk}'
            '{BINARY}' scan --store kept.db '{self.input}/first.txt' > /dev/null || exit 98
            echo old > report.json
            head -c 900k /dev/zero > filler
            "$@" > /dev/null 2> '{self.folder}/said'
            echo $? $(ls)
            rm filler
            '{BINARY}' scan --store kept.db '{self.input}/first.txt' > /dev/null || exit 97
            '{BINARY}' runs list --store kept.db
            cat report.json
            exit 0"""
        for i in range(3000):
            (self.input / f"{i:04}.txt").write_text(f"words {i}\n")
        done = subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", *map(str, command)],
                              capture_output=True, text=True, check=False)
        if done.returncode in (1, 99):
            self.skipTest(f"no disk of our own: {done.stderr.strip()}")
        self.assertEqual(done.returncode, 0, done.stderr)
        first, rest = done.stdout.split("\n", 1)
        code, *files = first.split()
        return int(code), (self.folder / "said").read_text(), files, rest

    def test_a_full_disk_loses_no_run_that_was_recorded(self):
        code, said, _, left = self.on_a_full_disk(BINARY, "scan", "--store", "kept.db", self.input)
        self.assertEqual(code, 4)
        self.assertEqual(said, "error: the evidence store kept.db cannot grow: the disk is full\n")
        self.assertRegex(left, r"(?s)finished.*interrupted.*finished")

    def test_a_full_disk_leaves_the_old_report_and_no_half_of_a_new_one(self):
        code, said, files, left = self.on_a_full_disk(BINARY, "scan", "--format", "json", "-o", "report.json", self.input)
        self.assertEqual(code, 4)
        self.assertEqual(said, "error: cannot write report.json: No space left on device\n")
        self.assertEqual([name for name in files if "report" in name], ["report.json"])
        self.assertTrue(left.endswith("\nold\n"), left)

    def test_an_assessment_that_finds_the_disk_full_says_so(self):
        code, said, _, _ = self.on_a_full_disk(BINARY, "assess", self.input, "--out", "out")
        self.assertEqual(code, 4)
        self.assertRegex(said, "error: cannot write out/[a-z.]*: No space left on device\n$")

    def test_a_store_that_may_not_be_written_is_a_failure(self):
        store = self.folder / "kept" / "store.db"
        store.parent.mkdir()
        (self.input / "a.txt").write_text("words\n")
        self.assertEqual(scan("--store", store, self.input).returncode, 0)
        os.chmod(store, 0o444)
        os.chmod(store.parent, 0o555)
        self.addCleanup(os.chmod, store.parent, 0o755)
        os.chmod(self.folder, 0o755)
        options = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
        try:
            done = scan("--store", store, self.input, **options)
        except PermissionError:
            self.skipTest("the program lies where another user cannot run it")
        self.assertEqual(done.returncode, 4, done.stdout)
        self.assertIn("error: ", done.stderr)

    # --- interrupts and deaths ----------------------------------------------------

    def start_long_scan(self, *arguments, count=1, gigabytes=32):
        """Small files, done soon, and large ones, at which the scan can be hit."""
        for i in range(count):
            header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (%d,), }" % (gigabytes << 30)
            header += b" " * (117 - len(header)) + b"\n"
            large = self.input / f"large{i}.npy"
            large.write_bytes(b"\x93NUMPY\x01\x00" + bytes([len(header), 0]) + header)
            os.truncate(large, 128 + (gigabytes << 30))  # a hole: takes no disk
        for i in range(40):
            (self.input / f"quick{i}.txt").write_bytes(b"words \n" * 40000)
        process = subprocess.Popen([BINARY, "scan", "--no-progress", "--format", "json", *map(str, arguments), str(self.input)],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (process.kill() if process.poll() is None else None, process.wait(),
                                 process.stdout.close(), process.stderr.close()))
        return process

    def recorded(self, store):
        listed = subprocess.run([BINARY, "runs", "list", "--store", str(store)], capture_output=True, text=True, check=False)
        self.assertEqual(listed.returncode, 0, listed.stderr)
        latest = listed.stdout.splitlines()[-1].split()[0]
        shown = subprocess.run([BINARY, "runs", "show", "--store", str(store), "--format", "json", latest],
                               capture_output=True, text=True, check=False)
        return listed.stdout, shown

    def test_an_interrupted_scan_keeps_what_it_has(self):
        store = self.folder / "store.db"
        process = self.start_long_scan("--store", store, "--jobs", "2", "--no-cache")
        self.assertTrue(wait_until(lambda: len(children(process.pid)) == 2))
        workers = children(process.pid)
        time.sleep(0.7)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn("interrupted", err)
        self.assertTrue(wait_until(lambda: not any(alive(w) for w in workers)))
        listed, shown = self.recorded(store)
        self.assertIn("interrupted", listed)
        done = json.loads(out)["artifacts"]
        self.assertEqual(len(done), 40)
        self.assertTrue(all(a["verdict"] == "clean" for a in done))
        self.assertEqual(len(json.loads(shown.stdout)["artifacts"]), 40)

    def test_a_killed_scan_leaves_no_worker_and_a_sound_store(self):
        store = self.folder / "store.db"
        process = self.start_long_scan("--store", store, "--jobs", "2", "--no-cache")
        self.assertTrue(wait_until(lambda: len(children(process.pid)) == 2))
        workers = children(process.pid)
        time.sleep(0.7)
        process.kill()
        process.wait()
        self.assertTrue(wait_until(lambda: not any(alive(w) for w in workers), 3), "workers outlive their parent")
        listed, shown = self.recorded(store)
        self.assertEqual(len([line for line in listed.splitlines() if "interrupted" in line]), 1, listed)
        # Those of the last moment may have waited for company.
        self.assertGreater(len(json.loads(shown.stdout)["artifacts"]), 0)
        (self.input / "large0.npy").unlink()
        self.assertEqual(scan("--store", store, self.input).returncode, 0)

    def test_a_killed_worker_costs_one_artifact(self):
        process = self.start_long_scan("--jobs", "2", count=3, gigabytes=1)
        self.assertTrue(wait_until(lambda: len(children(process.pid)) == 2))
        time.sleep(0.1)
        os.kill(children(process.pid)[0], signal.SIGKILL)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 3, err)
        found = json.loads(out)["artifacts"]
        self.assertEqual(len(found), 43)
        broken = [a for a in found if a["verdict"] != "clean"]
        self.assertEqual(len(broken), 1)
        self.assertIn("killed", broken[0]["skipped"][0]["reason"])

    def test_many_killed_workers_lose_no_artifact(self):
        for i in range(1500):
            (self.input / f"{i:04}.txt").write_bytes(b"words \n" * 4000)
        process = subprocess.Popen([BINARY, "scan", "--no-progress", "--format", "json", "--jobs", "3", str(self.input)],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        killed = 0
        end = time.monotonic() + 20
        while killed < 12 and process.poll() is None and time.monotonic() < end:
            for worker in children(process.pid)[:1]:
                try:
                    os.kill(worker, signal.SIGKILL)
                    killed += 1
                except ProcessLookupError:
                    pass
            time.sleep(0.02)
        out, _ = process.communicate(timeout=60)
        found = json.loads(out)["artifacts"]
        self.assertEqual(len({a["path"] for a in found}), 1500)
        self.assertLessEqual(sum(a["verdict"] != "clean" for a in found), killed)

    def test_a_reader_that_leaves_early_is_no_crash(self):
        for i in range(2000):
            (self.input / f"{i}.txt").write_text("words\n")
        process = subprocess.Popen([BINARY, "scan", "--format", "json", str(self.input)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, cwd=self.folder)
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        process.stderr.close()
        self.assertIn(process.wait(timeout=30), (0, 4), err)
        self.assertEqual([p for p in self.folder.iterdir() if p.name.startswith("core")], [])


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    BINARY = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
