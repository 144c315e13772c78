"""Validates the reports against the published schemas.

    validate_report_schemas.py WRITER SCHEMAS

WRITER is the binary that writes one report of every kind into a folder; SCHEMAS
is a folder with sarif-schema-2.1.0.json, bom-1.6.schema.json and the two schemas
that the latter refers to. Both `--sarif FILE` and `--cyclonedx FILE` validate a
file that lies there already. Exits with 77 (skipped) if the schemas or
python3-jsonschema are not there. Nothing is fetched: every reference is resolved
from the folder.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(SKIPPED)


def load(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def offline(uri):
    raise RuntimeError(f"a schema refers to {uri}, which is not in the folder")


def validator(schemas, name):
    schema = load(schemas / name)
    store = {}
    for path in schemas.glob("*.json"):
        other = load(path)
        identity = other.get("$id") or other.get("id")
        if identity:
            store[identity] = other
        # References are relative to the base of the schema that makes them.
        base = (schema.get("$id") or schema.get("id") or "").rsplit("/", 1)[0]
        store[f"{base}/{path.name}"] = other
    resolver = jsonschema.RefResolver.from_schema(
        schema, store=store, handlers={"http": offline, "https": offline})
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, resolver=resolver, format_checker=jsonschema.FormatChecker())


def complaints(checker, path):
    found = sorted(checker.iter_errors(load(path)), key=lambda error: list(map(str, error.path)))
    for error in found[:20]:
        print(f"{path}: {'/'.join(map(str, error.path))}: {error.message[:300]}")
    return len(found)


def sarif_references(path):
    """What a schema cannot say: indices point at what they claim to."""
    wrong = 0
    for run in load(path)["runs"]:
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            if "ruleIndex" in result and rules[result["ruleIndex"]]["id"] != result["ruleId"]:
                print(f"{path}: ruleIndex of {result['ruleId']} points elsewhere")
                wrong += 1
            for location in result["locations"]:
                place = location["physicalLocation"]["artifactLocation"]
                if run["artifacts"][place["index"]]["location"]["uri"] != place["uri"]:
                    print(f"{path}: index of {place['uri']} points elsewhere")
                    wrong += 1
        for rule in rules:
            for relationship in rule["relationships"]:
                target = relationship["target"]
                taxonomy = run["taxonomies"][target["toolComponent"]["index"]]
                if taxonomy["taxa"][target["index"]]["id"] != target["id"]:
                    print(f"{path}: taxon {target['id']} points elsewhere")
                    wrong += 1
    return wrong


def cyclonedx_references(path):
    document = load(path)
    names = [component["bom-ref"] for component in document["components"]]
    if "component" in document["metadata"]:
        names.append(document["metadata"]["component"]["bom-ref"])
    names += [one["bom-ref"] for one in document["vulnerabilities"]]
    used = [one["ref"] for vulnerability in document["vulnerabilities"] for one in vulnerability["affects"]]
    for dependency in document.get("dependencies", []):
        used += [dependency["ref"]] + dependency["dependsOn"]
    for composition in document.get("compositions", []):
        used += composition["assemblies"]
    wrong = len(names) - len(set(names)) + len(set(used) - set(names))
    if wrong:
        print(f"{path}: bom-refs that are not unique or lead nowhere: {sorted(set(used) - set(names))}")
    return wrong


def reasoning_references(path):
    """What an attacker can reach: indices point at what they are named after, numbers have a ground."""
    document = load(path)
    reasoning = document.get("reasoning") if isinstance(document, dict) else None
    if not reasoning:
        return 0
    names = [state["name"] for state in reasoning["states"]]
    wrong = []

    def walk(value, where):
        if isinstance(value, list):
            for i, one in enumerate(value):
                walk(one, f"{where}/{i}")
        elif isinstance(value, dict):
            if "state" in value and names[value["state"]] != value["name"]:
                wrong.append(f"{where}: state {value['state']} is not {value['name']}")
            if "step" in value and reasoning["steps"][value["step"]]["id"] != value["id"]:
                wrong.append(f"{where}: step {value['step']} is not {value['id']}")
            if "probability" in value and "ground" not in value and not isinstance(value["probability"], dict):
                if "mitigations" not in value:  # chosen by us, not found out
                    wrong.append(f"{where}: a probability without a ground")
            if value.get("ground", "assumed") not in ("measured", "published", "assumed", "definition"):
                wrong.append(f"{where}: no such ground: {value['ground']}")
            for key, one in value.items():
                walk(one, f"{where}/{key}")

    walk(reasoning, "reasoning")
    for line in wrong[:20]:
        print(f"{path}: {line}")
    return len(wrong)


def check_sarif(schemas, path):
    return complaints(validator(schemas, "sarif-schema-2.1.0.json"), path) + sarif_references(path)


def check_cyclonedx(schemas, path):
    return complaints(validator(schemas, "bom-1.6.schema.json"), path) + cyclonedx_references(path)


def main(arguments):
    if len(arguments) < 2:
        print(__doc__)
        return 2
    schemas = pathlib.Path(arguments[-1])
    if not (schemas / "sarif-schema-2.1.0.json").exists() or not (schemas / "bom-1.6.schema.json").exists():
        print("skipped: the schemas are not there")
        return SKIPPED
    if arguments[0] == "--sarif":
        return 1 if check_sarif(schemas, arguments[1]) else 0
    if arguments[0] == "--cyclonedx":
        return 1 if check_cyclonedx(schemas, arguments[1]) else 0

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([arguments[0], folder], check=True)
        written = sorted(pathlib.Path(folder).iterdir())
        wrong = 0
        for path in written:
            if path.suffix == ".sarif":
                wrong += check_sarif(schemas, path)
            elif path.name.endswith(".cdx.json"):
                wrong += check_cyclonedx(schemas, path)
            elif path.suffix == ".json":
                wrong += reasoning_references(path)
        print(f"{len(written)} reports written, {wrong} complaints")
        return 1 if wrong or len(written) < 8 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
