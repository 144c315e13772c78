"""python3 tools/check_layers_test.py: plants faults in a small tree and sees them found."""

import pathlib
import tempfile
import unittest

import check_layers

LAYERS = """
0 base:
1 domain:
1 formats:
2 scanners: domain formats
2 evidence: domain
only evidence/sqlite: sqlite3.h
only formats: toml++/
only domain,evidence: heavy/
"""


class CheckLayersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name) / "src"
        self.layers = pathlib.Path(folder.name) / "layers.txt"
        self.layers.write_text(LAYERS)
        self.room("base", "text", [])
        self.room("domain", "finding", ["base/text.h"], "base")
        self.room("formats", "format", ["base/text.h"], "base")
        self.room("formats/pickle", "pickle", ["formats/format.h"], "formats")
        self.room("scanners", "scanner", ["formats/pickle/pickle.h", "domain/finding.h"], "domain formats/pickle")
        self.room("evidence", "store", ["domain/finding.h"], "domain")
        self.room("evidence/sqlite", "sqlite_store", ["evidence/store.h"], "evidence")

    def room(self, name, noun, includes, depends=""):
        folder = self.root / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{noun}.h").write_text("#pragma once\n")
        lines = [f'#include "{name}/{noun}.h"'] + [f'#include "{header}"' for header in includes]
        (folder / f"{noun}.cc").write_text("\n".join(lines) + "\n")
        (folder / "CMakeLists.txt").write_text(
            f"ringfort_room({name}\n  SOURCES {noun}.cc\n  DEPENDS {depends}\n  TESTS {noun}_test.cc)\n")

    def append(self, name, line):
        with (self.root / name).open("a") as file:
            file.write(line + "\n")

    def faults(self):
        return check_layers.check(self.root, self.layers)

    def expect(self, *parts):
        found = self.faults()
        for part in parts:
            self.assertTrue(any(part in fault for fault in found), f"{part!r} not in {found}")

    def test_accepts_a_tree_in_order(self):
        self.assertEqual(self.faults(), [])

    def test_sees_an_arrow_that_goes_up_or_sideways(self):
        self.append("domain/finding.cc", '#include "scanners/scanner.h"')
        self.append("formats/format.h", '  #  include "domain/finding.h"')
        self.expect("domain/finding.cc: domain/ may not include scanners/scanner.h",
                    "formats/format.h: formats/ may not include domain/finding.h")

    def test_sees_a_library_outside_its_door(self):
        self.append("evidence/store.cc", "#include <sqlite3.h>")
        self.append("evidence/sqlite/sqlite_store.cc", "#include <sqlite3.h>")
        self.append("base/text.cc", "#include <toml++/toml.h>")
        self.expect("evidence/store.cc: <sqlite3.h> belongs to evidence/sqlite/ alone",
                    "base/text.cc: <toml++/toml.h> belongs to formats/ alone")
        self.assertEqual(len(self.faults()), 2)

    def test_lets_a_library_have_two_doors(self):
        self.append("domain/finding.cc", "#include <heavy/one.h>")
        self.append("evidence/sqlite/sqlite_store.cc", "#include <heavy/one.h>")
        self.assertEqual(self.faults(), [])
        self.append("base/text.cc", "#include <heavy/one.h>")
        self.expect("base/text.cc: <heavy/one.h> belongs to domain/ and evidence/ alone")

    def test_leaves_tests_alone(self):
        (self.root / "base/text_test.cc").write_text('#include "scanners/scanner.h"\n#include <sqlite3.h>\n')
        self.assertEqual(self.faults(), [])

    def test_sees_a_circle_between_rooms_of_one_floor(self):
        self.append("formats/format.cc", '#include "formats/pickle/pickle.h"')
        self.expect("in a circle: formats -> formats/pickle -> formats")

    def test_sees_includes_and_depends_disagree(self):
        self.room("evidence/memory", "memory_store", ["evidence/store.h"], "base")
        self.append("evidence/sqlite/sqlite_store.cc", '#include "evidence/memory/memory_store.h"')
        self.expect("evidence/sqlite: includes evidence/memory, but its DEPENDS does not lead there",
                    "evidence/memory: includes evidence, but its DEPENDS does not lead there")
        self.room("evidence/memory", "memory_store", ["evidence/store.h"], "evidence evidence/sqlite nowhere")
        self.expect("evidence/memory: DEPENDS names evidence/sqlite, but no file of it includes",
                    "evidence/memory: DEPENDS names nowhere, which is no room")

    def test_takes_a_program_for_a_room(self):
        self.layers.write_text(LAYERS + "3 cli: evidence\n")
        self.room("cli", "main", ["evidence/store.h"])
        (self.root / "cli/CMakeLists.txt").write_text(
            "add_executable(ringfort main.cc)\ntarget_link_libraries(ringfort PRIVATE ringfort_evidence fmt::fmt)\n")
        self.assertEqual(self.faults(), [])
        self.append("cli/main.cc", '#include "scanners/scanner.h"')
        self.expect("cli/ may not include scanners/scanner.h", "cli: includes scanners, but its DEPENDS")

    def test_sees_strangers(self):
        self.room("attic", "box", [])
        self.append("domain/finding.cc", '#include "../base/text.h"')
        self.append("evidence/store.cc", "#include <base/text.h>")
        (self.root / "evidence/CMakeLists.txt").write_text("")
        self.expect("attic/ stands on no floor", "is not a path below src/", "include it with quotes",
                    "belongs to no room")

    def test_sees_rules_that_contradict_the_floors(self):
        self.layers.write_text(LAYERS.replace("1 formats:", "1 formats: domain ghosts") + "what is this\n")
        self.expect("formats may see domain, which is not on a lower floor", "formats may see ghosts",
                    "cannot read `what is this`")


if __name__ == "__main__":
    unittest.main()
