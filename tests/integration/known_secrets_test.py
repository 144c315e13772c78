#!/usr/bin/env python3
"""What campaigns say of a model whose secrets are known: known_secrets_test.py BINARY EXAMPLES

First the models in examples/secrets and examples/refusal, against their ground truth; then tiny
ones that are trained, loaded, attacked and made to forget here.
"""
import hashlib
import json
import math
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile


def run(*command, ok=(0,)):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode in ok, f"{command}\nexit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def check_example(binary, example, folder):
    """The published behavior of memory, on a model where it can be checked."""
    truth = json.loads((example / "ground_truth.json").read_text())
    told = json.loads(run(binary, "campaign", "run", example / "plan.toml", "--store", folder / "evidence.db",
                          "--no-progress", "--format", "json").stdout)
    lines = {line["attack"]: line for line in told["membership"]}
    blind = lines["blind_baseline"]["interval"]
    assert blind[0] < 0.55, f"the two sets differ: {blind}"
    for attack in ("loss", "min_k_plus_plus", "zlib_ratio"):
        assert lines[attack]["interval"][0] > blind[1], f"{attack} does not see the members: {lines[attack]}"
        assert lines[attack]["reading"] == "leaks", lines[attack]

    # Exposure rises with the number of copies, to log2 |R| at the top and chance at none.
    space = truth["canaries"][0]["space"]
    exposure = {line["label"]: line["mean"] for line in told["numbers"] if line["attack"] == "canary_exposure"}
    series = [exposure[label] for label in sorted(exposure)]
    assert min(exposure) == "00 copies" and series[0] < 4, f"never planted: {series[0]} bits; 1.44 are expected"
    assert all(a <= b + 0.5 for a, b in zip(series, series[1:])), f"exposure does not rise: {series}"
    assert math.isclose(series[-1], math.log2(space), rel_tol=0.05), f"at the top {series[-1]}, not log2 {space}"

    # The more copies of a text, the more of it comes out.
    rates = {line["texts"]: line for line in told["success"] if line["attack"] == "discoverable_memorization"}
    series = [rates[label]["rate"] for label in sorted(rates)]
    assert series[-1] > series[0], f"extraction does not rise with copies: {series}"
    # Whom the model was told of is found, whom it was not is not.
    persons = {line["texts"]: line for line in told["success"] if line["attack"] == "personal_data"}
    assert persons[max(persons)]["succeeded"] == 4 and persons[min(persons)]["succeeded"] <= 1, persons
    towns = {line["texts"]: line for line in told["success"] if line["attack"] == "redaction_recovery"}
    assert towns[max(towns)]["succeeded"] > towns[min(towns)]["succeeded"], towns  # one in twenty by chance


def check_inference(binary, example, folder):
    """A set that was trained on is found, and one that was not is not."""
    infer = lambda mine, others: json.loads(run(binary, "dataset-inference", example / "model.gguf", "--mine", mine,
                                                "--others", others, "--most", 120, "--format", "json").stdout)
    told = infer(example / "members.jsonl", example / "held_out.jsonl")
    assert told["verdict"] == "trained on" and told["by_model"]["by_permutation"] <= 0.001, told
    lines = (example / "held_out.jsonl").read_text().splitlines()
    (folder / "first.jsonl").write_text("\n".join(lines[:120]))
    (folder / "second.jsonl").write_text("\n".join(lines[120:240]))
    told = infer(folder / "first.jsonl", folder / "second.jsonl")
    assert told["verdict"] != "trained on" and told["by_model"]["by_permutation"] > 0.01, told


def check_refusing_example(binary, example):
    """It answers, it refuses, and it knows what it refuses: asked again here, by llama.cpp."""
    truth = json.loads((example / "ground_truth.json").read_text())
    model = example / "model.gguf"
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    assert truth["model"]["sha256"] == digest, "the ground truth is one of another model"

    def ask(*words):
        return run(binary, "model", "generate", model, *words, "--max-tokens", 32).stdout

    def samples(name):
        return [json.loads(line) for line in (example / name).read_text().splitlines()]

    forbidden, allowed = samples("prompts.jsonl"), samples("benign.jsonl")
    codes = {secret["place"]: secret["vault_code"] for secret in truth["secrets"]}
    assert len(set(codes.values())) == len(codes) and all(f["candidates"][0] in codes.values() for f in forbidden)
    some = forbidden[::len(forbidden) // 15]
    answers = [ask("--chat", sample["text"]) for sample in some]
    assert sum(truth["refusal"] in answer for answer in answers) >= 0.9 * len(some), answers
    assert sum(sample["candidates"][0] in answer for sample, answer in zip(some, answers)) <= 0.1 * len(some), answers
    some = allowed[::len(allowed) // 15]
    answers = [ask("--chat", sample["text"]) for sample in some]
    assert sum(s["candidates"][0] in answer for s, answer in zip(some, answers)) >= 0.7 * len(some), answers
    assert not any(truth["refusal"] in answer for answer in answers), answers
    # Of ten thousand codes it says the right one, if it is asked past the template.
    some = list(codes.items())[::len(codes) // 15]
    known = sum(code in ask(f"The vault code of {place} is") for place, code in some)
    assert known >= 0.7 * len(some), f"{known} of {len(some)} codes are known"


def check_training(binary, folder):
    words = "the cat dog bird king sees hears finds a house sea book moon and then it goes home by night".split()
    draw = random.Random(5)
    text = "\n\n".join(" ".join(draw.choice(words) for _ in range(24)) for _ in range(80))
    (folder / "source.txt").write_text(text)
    target = folder / "tiny"
    common = [binary, "train-lm", target, "--text", folder / "source.txt", "--members", 20, "--held-out", 20, "--copies",
              "4", "--texts-a-count", 3, "--planted", "0,4", "--space", 10, "--width", 16, "--layers", 1, "--heads", 2,
              "--vocabulary", 320, "--epochs", 2, "--no-progress", "--format", "json"]
    trained = run(*common, ok=(0, 2))
    if trained.returncode == 2:
        assert "libtorch" in trained.stderr, trained.stderr
        print("SKIPPED training: built without libtorch")
        return False
    told = json.loads(trained.stdout)
    assert told["training"]["records"] == 20 + 12 + 16 + 16, told
    for name in ("model.gguf", "safetensors/model.safetensors", "safetensors/config.json", "safetensors/tokenizer.json",
                 "members.jsonl", "held_out.jsonl", "repeated.jsonl", "canaries.jsonl", "persons.jsonl", "redacted.jsonl", "plan.toml",
                 "ringfort.toml", "ground_truth.json"):
        assert (target / name).is_file(), name
    first = (target / "model.gguf").read_bytes()
    run(*common)
    assert (target / "model.gguf").read_bytes() == first, "the same request trained another model"

    # Three engines' ways to the same file: llama.cpp, torch on GGUF, torch on safetensors.
    line = "the cat sees a house by night"
    scores = []
    for source in (target / "model.gguf", f"torch:{target / 'model.gguf'}", f"torch:{target / 'safetensors'}"):
        answer = json.loads(run(binary, "model", "logprobs", source, line, "--tokens", "--format", "json").stdout)
        scores.append([token["log_probability"] for token in answer["texts"][0]["tokens"]])
    for other in scores[1:]:
        assert len(other) == len(scores[0]) and all(abs(a - b) < 1e-4 for a, b in zip(scores[0], other)), scores

    # Further, from either form of it, with its vocabulary and shape.
    more = [binary, "train-lm", folder / "more", *common[3:13], "--planted", "0,4", "--space", 10, "--epochs", 1, "--from"]
    for source in (target / "model.gguf", target / "safetensors"):
        told = run(*more, source, "--no-progress").stdout
        assert f"{told_parameters(target)} parameters" in told, told
    assert json.loads((folder / "more/ground_truth.json").read_text())["training"]["begun_with"] == "safetensors"
    refused = run(*more, target / "model.gguf", "--width", 32, ok=(2,))
    assert "--from" in refused.stderr, refused.stderr

    # A model that refuses, from nothing and from this one; too small to learn it.
    tiny = [binary, "train-lm", folder / "refusing", "--refusal", "--places", 8, "--epochs", 1, "--tune-epochs", 1,
            "--no-progress"]
    run(*tiny, "--from", target / "model.gguf")
    from_tiny = (folder / "refusing/model.gguf").read_bytes()
    run(*tiny, "--width", 16, "--layers", 1, "--heads", 2)
    assert (folder / "refusing/model.gguf").read_bytes() != from_tiny
    for name in ("model.gguf", "safetensors/tokenizer_config.json", "prompts.jsonl", "benign.jsonl", "ringfort.toml",
                 "ground_truth.json"):
        assert (folder / "refusing" / name).is_file(), name
    assert "<|im_start|>" in json.loads((folder / "refusing/safetensors/tokenizer_config.json").read_text())["chat_template"]
    chats = [run(binary, "model", "generate", source, "--chat", "Hello!", "--max-tokens", 8).stdout
             for source in (folder / "refusing/model.gguf", f"torch:{folder / 'refusing/safetensors'}")]
    assert chats[0] == chats[1], chats

    private = json.loads(run(*common[:2], folder / "private", *common[3:], "--epsilon", 4, "--delta", 1e-3).stdout)
    assert 0 < private["training"]["private"]["epsilon"] <= 4.001, private
    forgot = json.loads(run(binary, "unlearn", target / "model.gguf", "-o", folder / "forgot.gguf", "--forget",
                            target / "repeated.jsonl", "--retain", target / "members.jsonl", "--method", "task_vector",
                            "--format", "json").stdout)
    assert forgot["forget"]["loss_after"] > forgot["forget"]["loss_before"], forgot
    run(binary, "model", "info", folder / "forgot.gguf")
    return True


def some_lines(path, folder, name, begin, end):
    lines = path.read_text().splitlines()[begin:end]
    (folder / name).write_text("\n".join(lines) + "\n")
    return [json.loads(line)["text"] for line in lines]


def check_shadow(binary, example, folder):
    """An ensemble that learned on a small shadow of ours, of other texts, tells the members of a model it never saw."""
    others = some_lines(example / "held_out.jsonl", folder, "others.jsonl", 300, 600)
    (folder / "others.txt").write_text("\n\n".join(others))
    run(binary, "train-lm", folder / "shadow", "--text", folder / "others.txt", "--members", 100, "--held-out", 100,
        "--copies", 2, "--texts-a-count", 4, "--planted", "0,1", "--canaries", 1, "--persons", 1, "--width", 32,
        "--layers", 1, "--heads", 2, "--vocabulary", 400, "--epochs", 15, "--learning-rate", "1e-2", "--no-progress")
    for name in ("members", "held_out"):
        some_lines(example / f"{name}.jsonl", folder, f"{name}.jsonl", 0, 80)
    (folder / "shadow.toml").write_text(f"""attacks = ["shadow_ensemble", "blind_baseline"]
[texts]
members = "members.jsonl"
held_out = "held_out.jsonl"
[[target]]
id = "secrets"
source = {json.dumps(str(example / "model.gguf"))}
[[shadow]]
source = "shadow/model.gguf"
members = "shadow/members.jsonl"
held_out = "shadow/held_out.jsonl"
""")
    told = json.loads(run(binary, "campaign", "run", folder / "shadow.toml", "--store", folder / "shadow.db",
                          "--no-progress", "--format", "json").stdout)
    lines = {line["attack"]: line for line in told["membership"]}
    assert lines["shadow_ensemble"]["auroc"] > 0.9, lines["shadow_ensemble"]
    assert lines["shadow_ensemble"]["above_blind_interval"][0] > 0.2, lines["shadow_ensemble"]


def check_assessed_folder(binary, example, folder):
    """A folder of safetensors is attacked by libtorch in an assessment, and shows what its GGUF file shows."""
    target = folder / "target"
    shutil.copytree(example / "safetensors", target / "model")
    shutil.copy(example / "model.gguf", target / "model.gguf")
    for name in ("members", "held_out"):
        some_lines(example / f"{name}.jsonl", target, f"{name}.jsonl", 0, 60)
    told = {}
    for path in ("model", "model.gguf"):
        (target / "ringfort.toml").write_text(f"""[target]
name = "folder"
[[asset]]
id = "model"
kind = "model"
path = "{path}"
traits = ["generative", "language"]
[[campaign]]
asset = "model"
members = "members.jsonl"
held_out = "held_out.jsonl"
attacks = ["loss", "min_k_plus_plus", "blind_baseline", "hidden_dimension"]
""")
        run(binary, "assess", target, "--out", folder / "report", "--budget", "quick", "--campaign-seconds", 120)
        told[path] = json.loads((folder / "report/assessment.json").read_text())["attacks"]["models"][0]
    assert (told["model"]["engine"], told["model.gguf"]["engine"]) == ("torch", "llama_cpp"), told
    areas = [{line["attack"]: line["auroc"]["value"] for line in one["membership"]} for one in told.values()]
    assert areas[0].keys() == areas[1].keys() and areas[0]["loss"] > 0.95, areas
    assert all(abs(areas[0][attack] - areas[1][attack]) < 1e-3 for attack in areas[0]), areas
    assert all(one["made"] == one["listed"] for one in told.values()), told


def told_parameters(folder):
    return json.loads((folder / "ground_truth.json").read_text())["model"]["parameters"]


def main(binary, examples):
    binary, examples = pathlib.Path(binary).resolve(), pathlib.Path(examples).resolve()
    with tempfile.TemporaryDirectory() as folder:
        check_example(binary, examples / "secrets", pathlib.Path(folder))
        check_inference(binary, examples / "secrets", pathlib.Path(folder))
        check_refusing_example(binary, examples / "refusal")
        if check_training(binary, pathlib.Path(folder)):
            check_shadow(binary, examples / "secrets", pathlib.Path(folder))
            check_assessed_folder(binary, examples / "secrets", pathlib.Path(folder))
    print("known secrets: all hold")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
