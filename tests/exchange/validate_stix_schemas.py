"""Validates STIX bundles against the JSON schemas of OASIS for STIX 2.1.

    validate_stix_schemas.py WRITER SCHEMAS

WRITER is the binary that writes bundles into a folder; SCHEMAS is the archive of the
schemas. Instead of WRITER a file `*.json` may stand, which is validated itself. Exits
with 77 (skipped) if the schemas or python3-jsonschema are not there. Nothing is
fetched: every reference is resolved from the archive.

Each object is held against the schema of its type, one of a type of our own against
the schema of what all objects share, and each bundle against that of bundles. That
last schema wants every object whose type it does not list (extension definitions and
incidents, which are of the standard, among them) to satisfy exactly one of two others
of which the first implies the second: none can. So the bundle is held against it with
the objects of listed types alone.
"""

import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import warnings

SKIPPED = 77

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(SKIPPED)

warnings.simplefilter("ignore", DeprecationWarning)


def schemas_of(archive):
    schemas = {}
    with tarfile.open(archive) as opened:
        for member in opened:
            if member.isfile() and member.name.endswith(".json"):
                schema = json.load(opened.extractfile(member))
                schemas[schema["$id"]] = schema
    return schemas


def offline(uri):
    raise RuntimeError(f"a schema refers to {uri}, which is not in the archive")


def validators_of(schemas):
    validators = {}
    for identity, schema in schemas.items():
        resolver = jsonschema.RefResolver(identity, schema, store=schemas, handlers={"http": offline, "https": offline})
        folder, name = identity.rsplit("/", 2)[1:]
        validators[folder, name.removesuffix(".json")] = jsonschema.Draft202012Validator(
            schema, resolver=resolver, format_checker=jsonschema.FormatChecker())
    return validators


def complaints(validators, path):
    bundle = json.loads(path.read_text(encoding="utf-8"))
    listed = {"attack-pattern", "campaign", "course-of-action", "identity", "indicator", "infrastructure",
              "intrusion-set", "malware", "relationship", "report", "threat-actor", "tool", "vulnerability"}
    found = 0

    def hold(kind, value, where):
        nonlocal found
        for error in validators[kind].iter_errors(value):
            found += 1
            if found <= 20:
                print(f"{path.name}: {where}: {'/'.join(map(str, error.path))}: {error.message[:300]}")

    of_each_type = {}
    seen = set()
    for thing in bundle["objects"]:
        kind = next((key for key in (("sdos", thing["type"]), ("sros", thing["type"]), ("common", thing["type"]))
                     if key in validators), ("common", "core"))
        hold(kind, thing, thing["id"])
        of_each_type.setdefault(thing["type"], thing)
        found += thing["id"] in seen
        seen.add(thing["id"])
    references = {thing[name] for thing in bundle["objects"] for name in ("source_ref", "target_ref", "created_by_ref")
                  if name in thing}
    if references - seen:
        found += 1
        print(f"{path.name}: refers to what is not in it: {sorted(references - seen)[:5]}")
    hold(("common", "bundle"), {**bundle, "objects": [thing for type, thing in of_each_type.items() if type in listed]},
         "the bundle")
    print(f"{path.name}: {len(bundle['objects'])} objects, {found} complaints")
    return found


def main(writer, archive):
    if not pathlib.Path(archive).is_file():
        print(f"skipped: no schemas at {archive}")
        return SKIPPED
    validators = validators_of(schemas_of(archive))
    # What the checker must refuse, or it checks nothing.
    wrong = {"type": "tool", "spec_version": "2.1", "id": "tool--1", "created": "today", "modified": "today"}
    if len(list(validators["sdos", "tool"].iter_errors(wrong))) < 3:
        print("the schemas let anything through")
        return 1
    if writer.endswith(".json"):
        return 1 if complaints(validators, pathlib.Path(writer)) else 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([writer, folder], check=True)
        found = [complaints(validators, path) for path in sorted(pathlib.Path(folder).glob("*.json"))]
    if len(found) < 3:
        print("the writer wrote too little")
        return 1
    return 1 if sum(found) else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
