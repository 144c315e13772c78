#!/usr/bin/env python3
"""Writes a compiling template: tools/new_module.py KIND NAME

  parser ROOM/NAME      src/formats/ROOM/NAME.{h,cc}, _test.cc, a fuzz target with a seed, docs/formats/NAME.md
  rule ROOM/NAME        src/scanners/artifact/ROOM/NAME.{h,cc}, _test.cc, docs/rules/NAME.md
  attack AXIS/NAME      src/attacks/AXIS/NAME.{h,cc}, _test.cc, docs/attacks/NAME.md
  defense AXIS/NAME     the same below src/defenses
  detector NAME         src/detectors/NAME.{h,cc}, _test.cc, docs/detectors/NAME.md

AXIS is data_to_data, data_to_model, model_to_data or model_to_model. Each module gets its
line in the room's CMakeLists.txt; rules, attacks, defenses and detectors also in their family.cc.
A room that is not there yet is laid out first. Nothing that exists is overwritten. What is left to do stands in the files behind `TODO`.
"""

import pathlib
import re
import sys

AXES = ("data_to_data", "data_to_model", "model_to_data", "model_to_model")
KINDS = ("parser", "rule", "attack", "defense", "detector")


def camel(name):
    return "".join(word.capitalize() for word in name.split("_"))


class Refused(Exception):
    pass


class Tree:
    """Collects what is to be written, so that a refusal leaves nothing half done."""

    def __init__(self, root):
        self.root, self.texts = pathlib.Path(root), {}

    def read(self, path):
        if path in self.texts:
            return self.texts[path]
        file = self.root / path
        return file.read_text() if file.exists() else None

    def create(self, path, text):
        if self.read(path) is not None:
            raise Refused(f"{path} is there already")
        self.texts[path] = text

    def ensure(self, path, text):
        if self.read(path) is None:
            self.texts[path] = text

    def change(self, path, text):
        self.texts[path] = text

    def commit(self):
        for path, text in self.texts.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return sorted(self.texts)


def join_room(tree, folder, source, test, depends):
    """Lists the module in its room's CMakeLists.txt; lays the room out if it is new."""
    path = f"src/{folder}/CMakeLists.txt"
    text = tree.read(path) or ""
    call = re.search(r"^ringfort_room\(" + re.escape(folder) + r"\b[^)]*\)", text, re.M)
    if call is None:
        kept = "" if re.fullmatch(r"(\s*#[^\n]*\n?)*\s*", text) else text.rstrip("\n") + "\n\n"
        seen = f"  DEPENDS {depends}\n" if depends else ""
        room = f"ringfort_room({folder}\n  SOURCES {source}\n{seen}  TESTS {test})\n"
        tree.change(path, kept + room)
    else:
        room = call[0].replace("SOURCES ", f"SOURCES {source} ", 1) if "SOURCES " in call[0] else \
            re.sub(r"SOURCES\s", f"SOURCES {source}\n    ", call[0], count=1)
        if re.search(r"\bTESTS\s", room):
            room = re.sub(r"\bTESTS(\s+)", rf"TESTS\g<1>{test} ", room, count=1)
        else:
            room = room[:-1].rstrip() + f"\n  TESTS {test})"
        tree.change(path, text.replace(call[0], room, 1))
    add_floor(tree, folder)


def add_floor(tree, folder):
    floors = tree.read("src/CMakeLists.txt")
    line = f"add_subdirectory({folder})"
    if line not in floors.splitlines():
        before = "add_subdirectory(report)"
        tree.change("src/CMakeLists.txt", floors.replace(before, f"{line}\n{before}", 1) if before in floors
                    else floors.rstrip("\n") + f"\n{line}\n")


def parser(tree, room, name):
    noun, folder = camel(name), f"formats/{room}"
    tree.create(f"src/{folder}/{name}.h", f"""#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/result.h"

// TODO: what {noun} files are, what we read of them and what not, and the specification.

namespace ringfort::formats {{

struct {noun}Facts {{
  std::uint64_t end = 0;          // bytes that were read
  std::optional<Error> damage{{}};  // why reading stopped early, and where
}};

// Never fails, never throws, never reads outside `bytes`: what could not be read is
// part of the facts. Linear in the input; allocates no more than the input holds.
{noun}Facts Read{noun}(ByteView bytes);

}}  // namespace ringfort::formats
""")
    tree.create(f"src/{folder}/{name}.cc", f"""#include "formats/{room}/{name}.h"

namespace ringfort::formats {{

{noun}Facts Read{noun}(ByteView bytes) {{
  {noun}Facts facts;
  Cursor cursor(bytes);
  (void)cursor.U32();  // TODO: the magic number
  if (!cursor.ok()) facts.damage = Error{{Fault::kTruncated, "the header ends early", cursor.offset()}};
  facts.end = cursor.offset();
  return facts;
}}

}}  // namespace ringfort::formats
""")
    tree.create(f"src/{folder}/{name}_test.cc", f"""#include "formats/{room}/{name}.h"

#include <gtest/gtest.h>

namespace ringfort::formats {{
namespace {{

constexpr std::string_view kSample("\\x01\\x02\\x03\\x04", 4);  // TODO: a small valid file

TEST({noun}, ReadsASample) {{
  const {noun}Facts facts = Read{noun}(AsBytes(kSample));
  EXPECT_FALSE(facts.damage);
  EXPECT_EQ(facts.end, kSample.size());
}}

TEST({noun}, SaysWhereATruncatedFileEnds) {{
  for (std::size_t size = 0; size < kSample.size(); ++size)
    EXPECT_TRUE(Read{noun}(AsBytes(kSample.substr(0, size))).damage) << size;
}}

}}  // namespace
}}  // namespace ringfort::formats
""")
    tree.create(f"fuzz/{name}_fuzz.cc", f"""#include "formats/{room}/{name}.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {{
  const auto facts = ringfort::formats::Read{noun}({{data, size}});
  if (facts.end > size) __builtin_trap();
  return 0;
}}
""")
    tree.create(f"fuzz/corpus/{name}/sample", "\x01\x02\x03\x04")
    tree.change("fuzz/CMakeLists.txt", (tree.read("fuzz/CMakeLists.txt") or "").rstrip("\n")
                + f"\nringfort_fuzz({name} {name}_fuzz.cc {folder})\n")
    tree.create(f"docs/formats/{name}.md", f"# {noun}\n\nTODO: what we read, what we do not, and the source.\n")
    join_room(tree, folder, f"{name}.cc", f"{name}_test.cc", "base")


def rule(tree, room, name):
    noun, folder = camel(name), f"scanners/artifact/{room}"
    tree.create(f"src/{folder}/{name}.h", f"""#pragma once

#include <span>

#include "domain/rule.h"
#include "scanners/artifact/inspection.h"

// TODO: what is judged, what is deliberately not, and how a false alarm is avoided.

namespace ringfort::scanners {{

void Inspect{noun}(const Content& content, Inspection& inspection);

std::span<const RuleCard> {noun}Rules();

}}  // namespace ringfort::scanners
""")
    tree.create(f"src/{folder}/{name}.cc", f"""#include "scanners/artifact/{room}/{name}.h"

namespace ringfort::scanners {{
namespace {{

constexpr std::string_view kThreats[] = {{"supply_chain.code_execution", "CWE-94"}};  // TODO

constexpr RuleCard kCards[] = {{
    // TODO: an id of its own; ids are forever.
    {{"RF-NEW-001", "{name}", Severity::kLow, "TODO: one line without a full stop", "TODO: why it matters.",
     "TODO: what to do.", kThreats}},
}};

}}  // namespace

std::span<const RuleCard> {noun}Rules() {{ return kCards; }}

void Inspect{noun}(const Content& content, Inspection& inspection) {{
  // TODO: call the parser, judge its facts, hand nested pieces to Descend.
  if (StartsWith(content.bytes, "{name}")) inspection.Raise(kCards[0], 0, AsText(content.bytes));
}}

}}  // namespace ringfort::scanners
""")
    tree.create(f"src/{folder}/{name}_test.cc", f"""#include "scanners/artifact/{room}/{name}.h"

#include <gtest/gtest.h>

namespace ringfort::scanners {{
namespace {{

ArtifactReport Inspected(std::string_view text) {{
  Inspection inspection("sample", Mode::kFull, Limits{{}}, {{}});
  const Content content{{.name = "sample", .bytes = AsBytes(text)}};
  Inspect{noun}(content, inspection);
  return inspection.TakeReport();
}}

TEST({noun}, SpeaksWhereItShould) {{
  const ArtifactReport report = Inspected("{name} sample");
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].rule, {noun}Rules()[0].id);
}}

TEST({noun}, StaysSilentOnHonestContent) {{ EXPECT_TRUE(Inspected("honest").findings.empty()); }}

}}  // namespace
}}  // namespace ringfort::scanners
""")
    tree.create(f"docs/rules/{name}.md", f"# {noun}\n\nTODO: what it finds, an example, what to do.\n")
    join_room(tree, folder, f"{name}.cc", f"{name}_test.cc", "scanners/artifact")
    list_rules(tree, folder, name)


def list_rules(tree, folder, name):
    """Puts the new cards into the list of all rules, and the room where the list sees it."""
    path = "src/scanners/artifact/family.cc"
    lines = tree.read(path).splitlines(keepends=True)
    include = f'#include "{folder}/{name}.h"\n'
    after = max(i for i, line in enumerate(lines) if line.startswith('#include "') and (line < include or i == 0))
    lines.insert(after + 1, include)
    text = "".join(lines)
    start = "for (const std::span<const RuleCard> room : {\n"
    if start not in text:
        raise Refused(f"{path} has no list of rules where it was")
    tree.change(path, text.replace(start, f"{start}             {camel(name)}Rules(),\n", 1))
    path = "src/scanners/artifact/CMakeLists.txt"
    text = tree.read(path)
    call = re.search(r"^ringfort_room\(scanners/artifact/family\b[^)]*\)", text, re.M)
    if not re.search(rf"\b{re.escape(folder)}\s", call[0]):
        tree.change(path, text.replace(call[0], call[0].replace("DEPENDS ", f"DEPENDS {folder} ", 1), 1))


# What an attack, a defense and a detector hand to their family's list.
PORTS = {
    "attack": {
        "header": """
// TODO: a pure function that is testable without a model.
double {noun}Score(std::string_view answer);

AttackEntry {noun}();
""",
        "source": """
constexpr AttackCard kCard{{
    .name = "{name}",
    .version = "1",
    .axis = Axis::k{axis},
    .goal = "TODO",
    .technique = "TODO",  // an id of knowledge/catalog/data/techniques.yaml
    .reference = "TODO",
    .needs = {{engines::Ability::kGenerate}},
}};

class {noun}Attack : public Attack {{
 public:
  Result<Attempt> Try(engines::Model& target, const Sample& sample, Budget& budget) override {{
    TRY_STATUS(budget.Take());
    const TokenMeter meter(target, budget);
    TRY(generation, target.Generate({{.prompt = sample.text}}));
    Attempt attempt;
    attempt.prompt = sample.text;
    attempt.score = {noun}Score(generation.text);
    attempt.produced = std::move(generation.text);
    return attempt;
  }}
}};

}}  // namespace

double {noun}Score(std::string_view answer) {{ return static_cast<double>(answer.size()); }}

AttackEntry {noun}() {{
  return {{kCard, [](const Settings&) -> std::unique_ptr<Attack> {{ return std::make_unique<{noun}Attack>(); }}}};
}}
""",
        "test": """TEST({noun}, FollowsTheExampleOfItsHeader) {{ EXPECT_DOUBLE_EQ({noun}Score("four"), 4.0); }}
""",
    },
    "defense": {
        "header": """
// TODO: a pure function that is testable without a model.
std::string {noun}Answer(std::string answer);

DefenseEntry {noun}();
""",
        "source": """
constexpr DefenseCard kCard{{
    .name = "{name}",
    .version = "1",
    .axis = Axis::k{axis},
    .goal = "TODO",
    .mitigation = "TODO",  // an id of knowledge/catalog/data/mitigations_*.yaml
    .reference = "TODO",
}};

class {noun}Model : public WrappedModel {{
 public:
  using WrappedModel::WrappedModel;

  Result<engines::Generation> Generate(const engines::GenerateRequest& request) override {{
    TRY(generation, inner().Generate(request));
    generation.text = {noun}Answer(std::move(generation.text));
    return generation;
  }}
}};

}}  // namespace

std::string {noun}Answer(std::string answer) {{ return answer; }}

DefenseEntry {noun}() {{
  return {{kCard, [](engines::Model& inner, const Settings&, const Material&) -> std::unique_ptr<engines::Model> {{
            return std::make_unique<{noun}Model>(inner);
          }}}};
}}
""",
        "test": """TEST({noun}, FollowsTheExampleOfItsHeader) {{ EXPECT_EQ({noun}Answer("four"), "four"); }}
""",
    },
    "detector": {
        "header": """
// TODO: total, deterministic, never NaN.
double {noun}Score(std::string_view text);

DetectorEntry {noun}();
""",
        "source": """
constexpr DetectorCard kCard{{
    .name = "{name}",
    .goal = "TODO",
    .reference = "TODO",
}};

}}  // namespace

double {noun}Score(std::string_view text) {{ return static_cast<double>(text.size()); }}

DetectorEntry {noun}() {{ return {{kCard, {noun}Score}}; }}
""",
        "test": """TEST({noun}, FollowsTheExampleOfItsHeader) {{ EXPECT_DOUBLE_EQ({noun}Score("four"), 4.0); }}
""",
    },
}


def insert_include(text, line):
    """Puts an include where the sorted others stand; the file's own header stays first."""
    lines = text.splitlines(keepends=True)
    others = [i for i, one in enumerate(lines) if one.startswith('#include "')][1:]
    if not others:
        return text.replace(lines[0], lines[0] + "\n" + line, 1)
    at = next((i for i in others if lines[i] > line), others[-1] + 1)
    return "".join(lines[:at] + [line] + lines[at:])


def list_axis(tree, top, folder):
    """Adds a new axis to the list over all axes."""
    path = f"src/{top}/family.cc"
    text = insert_include(tree.read(path), f'#include "{folder}/family.h"\n')
    if not re.search(r"^       \}\)$", text, re.M):
        raise Refused(f"{path} has no list of axes where it was")
    axis = folder.split("/")[1]
    tree.change(path, re.sub(r"^       \}\)$", f"           {axis}::Family(),\n       }})", text, count=1, flags=re.M))
    path = f"src/{top}/CMakeLists.txt"
    text = tree.read(path)
    call = re.search(r"^ringfort_room\(" + top + r"/family\b[^)]*\)", text, re.M)
    tree.change(path, text.replace(call[0], call[0].replace("DEPENDS ", f"DEPENDS {folder} ", 1), 1))


def family_module(tree, kind, folder, namespace, name, axis):
    noun, kind_noun = camel(name), camel(kind)
    top = folder.split("/")[0]
    fresh = tree.read(f"src/{folder}/family.cc") is None
    tree.ensure(f"src/{folder}/family.h", f"""#pragma once

#include <vector>

#include "{top}/{kind}.h"

namespace {namespace} {{

// Every {kind} of this folder, in the order in which `list` shows them.
std::vector<{kind_noun}Entry> Family();

}}  // namespace {namespace}
""")
    tree.ensure(f"src/{folder}/family.cc", f"""#include "{folder}/family.h"

namespace {namespace} {{

// Adding one = its three files, one include and one line here.
std::vector<{kind_noun}Entry> Family() {{
  return {{
  }};
}}

}}  // namespace {namespace}
""")
    family = insert_include(tree.read(f"src/{folder}/family.cc"), f'#include "{folder}/{name}.h"\n')
    at = family.rindex("  };")
    tree.change(f"src/{folder}/family.cc", family[:at] + f"      {noun}(),\n" + family[at:])
    port = {part: text.format(noun=noun, name=name, axis=camel(axis or "")) for part, text in PORTS[kind].items()}
    include = "string" if kind == "defense" else "string_view"
    tree.create(f"src/{folder}/{name}.h", f"""#pragma once

#include <{include}>

#include "{top}/{kind}.h"

// TODO: the idea, an example worked by hand, the limits, the source.

namespace {namespace} {{
{port["header"]}
}}  // namespace {namespace}
""")
    also = '\n#include "defenses/wrapped_model.h"\n' if kind == "defense" else ""
    tree.create(f"src/{folder}/{name}.cc", f"""#include "{folder}/{name}.h"
{also}
namespace {namespace} {{
namespace {{
{port["source"]}
}}  // namespace {namespace}
""")
    tree.create(f"src/{folder}/{name}_test.cc", f"""#include "{folder}/{name}.h"

#include <gtest/gtest.h>

#include "{folder}/family.h"

namespace {namespace} {{
namespace {{

{port["test"]}
TEST({noun}, StandsInItsFamily) {{
  bool listed = false;
  for (const {kind_noun}Entry& entry : Family()) listed = listed || entry.card.name == "{name}";
  EXPECT_TRUE(listed);
}}

}}  // namespace
}}  // namespace {namespace}
""")
    tree.create(f"docs/{top}/{name}.md", f"# {noun}\n\nTODO: what it does, its limits, its source.\n")
    join_room(tree, folder, f"family.cc {name}.cc" if fresh else f"{name}.cc", f"{name}_test.cc", top if axis else "")
    if fresh and axis:
        list_axis(tree, top, folder)


def write(root, kind, given):
    """Writes the module; returns the paths written. Raises Refused with the reason."""
    if kind not in KINDS:
        raise Refused(f"`{kind}` is no kind of module: {', '.join(KINDS)}")
    room, slash, name = given.rpartition("/")
    for word in ([room] if slash else []) + [name]:
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", word):
            raise Refused(f"`{word}` is not a name in snake_case")
    if bool(slash) == (kind == "detector"):
        raise Refused(f"a {kind} is called " + ("NAME alone" if slash else "ROOM/NAME or AXIS/NAME"))
    tree = Tree(root)
    if kind == "parser":
        parser(tree, room, name)
    elif kind == "rule":
        rule(tree, room, name)
    elif kind == "detector":
        family_module(tree, kind, "detectors", "ringfort::detectors", name, None)
    else:
        if room not in AXES:
            raise Refused(f"`{room}` is no axis: {', '.join(AXES)}")
        top = kind + "s"
        family_module(tree, kind, f"{top}/{room}", f"ringfort::{top}::{room}", name, room)
    return tree.commit()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        for written in write(pathlib.Path(__file__).resolve().parent.parent, sys.argv[1], sys.argv[2]):
            print(written)
    except Refused as refusal:
        sys.exit(f"new_module.py: {refusal}")
