#!/usr/bin/env python3
"""Serves a model, asks it through the command line and compares with the model itself:
model_serve_test.py BINARY [MODEL.gguf]

What an endpoint tells must be what the file tells: log-probabilities, generations,
embeddings, a whole campaign. Hostile bytes on the way must not matter.
"""
import atexit
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import threading

SHARED = pathlib.Path(__file__).resolve().parents[2] / "../shared/data/models/stories260K.gguf"
TEXTS = ["Once upon a time, there was a little girl named Lily.", "The dog ran to the park, and it was sunny.",
         "a b c", "Grüße aus dem Süden: 5 €."]
NEAR = 1e-4

PLAN = """attacks = ["loss", "zlib_ratio", "min_k_probability", "lowercase", "blind_baseline"]
[texts]
members = "members.txt"
held_out = "held_out.txt"
[[target]]
id = "served"
source = "{source}"
"""


class Server:
    def __init__(self, binary, model, *options):
        self.process = subprocess.Popen([binary, "model", "serve", model, *options], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)  # also where the test fails
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:") and self.url.endswith("/v1"), self.url
        self.port = int(self.url.split(":")[2].split("/")[0])

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        assert self.process.returncode == 0, (self.process.returncode, err)
        assert "requests answered" in out, out
        return err


def near(one, other, where=""):
    """Equal, but for numbers that may lie NEAR apart."""
    if isinstance(one, float) or isinstance(other, float):
        assert abs(one - other) <= NEAR * max(1, abs(one)), (where, one, other)
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), (where, one.keys() ^ other.keys())
        for key in one:
            near(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), (where, len(one), len(other))
        for place, (a, b) in enumerate(zip(one, other)):
            near(a, b, f"{where}[{place}]")
    else:
        assert one == other, (where, one, other)


def main(binary, model):
    binary = str(pathlib.Path(binary).resolve())
    os.environ.pop("RINGFORT_API_KEY", None)

    def ask(verb, source, *arguments, env=None):
        done = subprocess.run([binary, "model", verb, source, *arguments, "--format", "json"], capture_output=True,
                              text=True, env=env)
        assert done.returncode == 0, (verb, source, done.stderr)
        return json.loads(done.stdout)

    server = Server(binary, model)
    info = ask("info", server.url)
    assert set(info["gives"]) >= {"tokens", "scores", "top_alternatives", "logit_bias", "generate", "embeddings"}, info
    for verb, arguments, member in (
            ("logprobs", TEXTS, "texts"),
            ("embed", TEXTS, "embeddings"),
            ("generate", ["Once upon a time", "--max-tokens", "12"], "text"),
            ("generate", ["Once upon a time", "--max-tokens", "12", "--temperature", "0.7", "--seed", "3"], "text")):
        file, served = ask(verb, model, *arguments), ask(verb, server.url, *arguments)
        wanted, got = file[member], served[member]
        if verb == "logprobs":  # an endpoint tells no numbers of tokens in a text
            for texts in (wanted, got):
                for text in texts:
                    for token in text["tokens"]:
                        token.pop("token", None)
                        token.pop("id", None)
        near(wanted, got, verb)

    # A campaign on the endpoint shows what the campaign on the file shows.
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        stories = [f"{name} went to the {place} and saw a {thing}. It was a good day." for name in ("Lily", "Tom", "Ben")
                   for place in ("park", "house", "shop") for thing in ("dog", "bird", "tree")]
        (folder / "members.txt").write_text("\n".join(stories[0::2]) + "\n")
        (folder / "held_out.txt").write_text("\n".join(stories[1::2]) + "\n")
        told = []
        for number, source in enumerate((model, server.url)):
            plan = folder / f"plan{number}.toml"
            plan.write_text(PLAN.format(source=source))
            done = subprocess.run([binary, "campaign", "run", str(plan), "--store", str(folder / f"{number}.db"),
                                   "--format", "json"], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            told.append(json.loads(done.stdout)["membership"])
        assert told[0], "the campaign had no result"
        near(told[0], told[1], "campaign")

    # What is no request is told so, and the next one is served.
    for hostile in (b"\x00" * 5000, b"GET / HTTP/1.1\r\nHost: attacker.example\r\n\r\n",
                    b"POST /v1/completions HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as wire:
            wire.sendall(hostile)
            answer = wire.recv(65536)
            assert answer.startswith(b"HTTP/1.1 4") and b'{"error":{' in answer, answer
    for body, status in ((b"{", 400), (b'{"prompt": "a", "max_tokens": 1}', 200), (b"[" * 100000, 400),
                         (b'{"prompt": "' + b"a b " * 5000 + b'"}', 400)):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("POST", "/v1/completions", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == status, (body[:50], answer.status, answer.read())
        assert "choices" in json.loads(answer.read()) or status != 200

    # Many at once are answered, each with what was asked.
    answers = {}

    def client(number):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        for turn in range(5):
            prompt = f"Number {number} and {turn}"
            connection.request("POST", "/v1/completions", json.dumps({"prompt": prompt, "max_tokens": 1, "echo": True}),
                               {"Content-Type": "application/json"})
            text = json.loads(connection.getresponse().read())["choices"][0]["text"]
            answers[number, turn] = text.startswith(prompt)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 80 and all(answers.values()), answers
    server.stop()

    # Bounds, and a stream whose events come one by one and add up.
    server = Server(binary, model, "--max-tokens", "5", "--timeout", "30", "--queue", "4", "--patience", "20")
    whole, pieces = [], []
    for stream in (False, True):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        body = {"prompt": "Once upon", "max_tokens": 50, "seed": 3, "stream": stream, "logprobs": 0}
        connection.request("POST", "/v1/completions", json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        if not stream:
            whole = json.loads(answer.read())["choices"][0]
            continue
        assert answer.getheader("Transfer-Encoding") == "chunked", answer.getheaders()
        for line in answer:
            line = line.decode().strip()
            if line.startswith("data: {"):
                pieces.append(json.loads(line[len("data: "):])["choices"][0])
        assert line == "" and len(pieces) > 1, pieces
    assert whole["text"] == "".join(piece["text"] for piece in pieces), (whole, pieces)
    tokens = [token for piece in pieces if piece["logprobs"] for token in piece["logprobs"]["tokens"]]
    assert tokens == whole["logprobs"]["tokens"] and len(tokens) <= 5, (whole, tokens)
    assert pieces[-1]["finish_reason"] == whole["finish_reason"], (whole, pieces[-1])
    # Who leaves is computed for no longer, and the list of models does not wait for anybody.
    left = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    question = json.dumps({"prompt": ["Once upon a time"] * 200, "max_tokens": 5, "stream": True}).encode()
    left.sendall(b"POST /v1/completions HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: "
                 + str(len(question)).encode() + b"\r\n\r\n" + question)
    assert left.recv(12) == b"HTTP/1.1 200"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", "/v1/models")
    assert json.loads(connection.getresponse().read())["data"][0]["max_model_len"] > 0
    left.close()
    server.stop()

    # A key, and the other signal.
    with tempfile.TemporaryDirectory() as folder:
        key = pathlib.Path(folder) / "key"
        key.write_text("a-key-of-ours\n")
        server = Server(binary, model, "--api-key-file", str(key))
        refused = subprocess.run([binary, "model", "info", server.url], capture_output=True, text=True)
        assert refused.returncode == 2 and "wants a key" in refused.stderr, refused.stderr
        ask("info", server.url, env={**os.environ, "RINGFORT_API_KEY": "a-key-of-ours"})
        assert "a-key-of-ours" not in server.stop(signal.SIGINT)
    print(f"served {pathlib.Path(model).name}: it says what the model says")
    return 0


if __name__ == "__main__":
    named = sys.argv[2] if len(sys.argv) > 2 else ""
    code = main(sys.argv[1], "scripted:")
    if named and pathlib.Path(named).exists():
        code = code or main(sys.argv[1], named)
    elif named:
        print(f"skipped: there is no {named}")
    elif SHARED.exists():
        code = code or main(sys.argv[1], str(SHARED.resolve()))
    else:
        print("skipped: the shared model stories260K.gguf is not there")
    sys.exit(code)
