#!/usr/bin/env python3
"""What several workers gain: campaign_workers.py BINARY [--delay SECONDS] [--texts N]

Runs one plan by 1, 2 and 4 workers, each into a fresh store: against an endpoint on
loopback that answers each completion after a delay (as a remote one would), and against
a made-up model that computes (its gain is bounded by the cores that are free). Says the
seconds, and fails where the results differ.
"""
import argparse
import http.server
import json
import pathlib
import random
import subprocess
import tempfile
import threading
import time


class Stub(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    delay = 0.0

    def answer(self, document, status=200):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/v1/models":
            return self.answer({"object": "list", "data": [{"id": "stub", "object": "model"}]})
        self.answer({"error": {"message": "not here"}}, 404)

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/completions" or asked.get("logprobs") or asked.get("echo"):
            return self.answer({"error": {"message": "not here"}}, 404)
        time.sleep(self.delay)
        self.answer({"object": "text_completion", "model": "stub",
                     "choices": [{"index": 0, "text": " and so on", "finish_reason": "length"}],
                     "usage": {"prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13}})

    def log_message(self, *_):
        pass


def texts(seed, count):
    draw = random.Random(seed)
    words = ["".join(draw.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(draw.randint(3, 8))) for _ in range(200)]
    return "".join(" ".join(draw.choice(words) for _ in range(30)) + "\n" for _ in range(count))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--delay", type=float, default=0.05)
    parser.add_argument("--texts", type=int, default=100)
    arguments = parser.parse_args()
    binary = str(arguments.binary.resolve())
    Stub.delay = arguments.delay
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Stub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/v1#stub"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "members.txt").write_text(texts(1, arguments.texts))
        (folder / "held_out.txt").write_text(texts(2, arguments.texts))
        (folder / "words.txt").write_text("".join(f"word{i}\n" for i in range(arguments.texts)))
        for name, source, attacks, more in (
                ("endpoint", address, '["divergence"]', '[samples]\ndivergence = "words.txt"\n'),
                ("made-up model", "scripted:members.txt", '["loss", "neighborhood"]', "")):
            plan = folder / "plan.toml"
            plan.write_text(f'attacks = {attacks}\nneighbors = 3\n{more}[texts]\nmembers = "members.txt"\nheld_out = "held_out.txt"\n'
                            f'background = "held_out.txt"\n[[target]]\nid = "t"\nsource = "{source}"\n')
            alone, wanted = None, None
            for jobs in (1, 2, 4):
                store = folder / f"{jobs}.db"
                store.unlink(missing_ok=True)
                begin = time.monotonic()
                ran = subprocess.run([binary, "campaign", "run", str(plan), "--store", str(store), "--jobs", str(jobs),
                                      "--format", "json"], check=True, capture_output=True, text=True)
                seconds = time.monotonic() - begin
                told = json.loads(ran.stdout)
                assert told["made"] == told["listed"] > 0, told["troubles"]
                wanted = wanted or ran.stdout
                assert ran.stdout == wanted, "several workers say something else"
                alone = alone or seconds
                print(f"{name:14} {jobs} workers  {told['made']:6} trials  {seconds:7.2f} s  {alone / seconds:5.2f} x")
    server.shutdown()


if __name__ == "__main__":
    main()
