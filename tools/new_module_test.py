"""python3 tools/new_module_test.py: writes each kind into a copy of the tree and has a compiler read it."""

import pathlib
import shutil
import subprocess
import tempfile
import unittest

import check_layers
import new_module

ROOT = pathlib.Path(__file__).resolve().parent.parent


class NewModuleTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        shutil.copytree(ROOT / "src", self.root / "src")
        (self.root / "fuzz").mkdir()
        shutil.copy(ROOT / "fuzz/CMakeLists.txt", self.root / "fuzz")
        self.before = set(check_layers.check(self.root / "src", ROOT / "tools/layers.txt"))

    def write(self, kind, name):
        written = new_module.write(self.root, kind, name)
        for path in written:
            if path.endswith(".cc"):
                done = subprocess.run(
                    ["g++", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-Isrc", path],
                    cwd=self.root, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, f"{path}: {done.stderr}")
        faults = set(check_layers.check(self.root / "src", ROOT / "tools/layers.txt")) - self.before
        self.assertEqual(faults, set())
        return written

    def text(self, path):
        return (self.root / path).read_text()

    def test_writes_a_parser_into_a_room_that_is_there_and_into_a_new_one(self):
        written = self.write("parser", "weights/new_weights")
        for path in ("src/formats/weights/new_weights.h", "fuzz/new_weights_fuzz.cc", "docs/formats/new_weights.md",
                     "fuzz/corpus/new_weights/sample"):
            self.assertIn(path, written)
        self.assertIn("new_weights.cc", self.text("src/formats/weights/CMakeLists.txt"))
        self.assertIn("new_weights_test.cc", self.text("src/formats/weights/CMakeLists.txt"))
        self.assertIn("ringfort_fuzz(new_weights new_weights_fuzz.cc formats/weights)", self.text("fuzz/CMakeLists.txt"))
        self.write("parser", "brand_new/thing")
        self.assertIn("add_subdirectory(formats/brand_new)", self.text("src/CMakeLists.txt"))

    def test_writes_a_rule(self):
        self.write("rule", "weights/new_rule")
        self.assertIn("new_rule.cc", self.text("src/scanners/artifact/weights/CMakeLists.txt"))
        self.assertIn("NewRuleRules(),", self.text("src/scanners/artifact/family.cc"))
        self.write("rule", "brand_new/thing")
        self.assertIn("DEPENDS scanners/artifact/brand_new ", self.text("src/scanners/artifact/CMakeLists.txt"))

    def test_writes_an_attack_against_the_port_and_lays_out_a_new_axis(self):
        written = self.write("attack", "model_to_data/first_attack")
        self.assertNotIn("src/attacks/attack.h", written)
        self.write("attack", "model_to_data/second_attack")
        family = self.text("src/attacks/model_to_data/family.cc")
        self.assertLess(family.index("FirstAttack(),"), family.index("SecondAttack(),"))
        self.assertLess(family.index("first_attack.h"), family.index("second_attack.h"))
        self.assertEqual(self.text("src/CMakeLists.txt").count("add_subdirectory(attacks/model_to_data)"), 1)
        self.write("attack", "data_to_data/third_attack")
        self.assertIn("data_to_data::Family(),", self.text("src/attacks/family.cc"))
        self.assertIn("DEPENDS attacks/data_to_data ", self.text("src/attacks/CMakeLists.txt"))
        self.assertIn("add_subdirectory(attacks/data_to_data)", self.text("src/CMakeLists.txt"))

    def test_writes_a_defense_and_a_detector(self):
        self.write("defense", "data_to_data/first_defense")
        self.assertIn("data_to_data::Family(),", self.text("src/defenses/family.cc"))
        self.write("detector", "first_detector")

    def test_refuses_and_leaves_nothing_behind(self):
        before = sorted(self.root.rglob("*"))
        for kind, name in (("parser", "lonely"), ("detector", "a/b"), ("attack", "sideways/x"), ("wish", "a/b"),
                           ("parser", "weights/Camel"), ("parser", "../x"), ("parser", "weights/gguf")):
            with self.assertRaises(new_module.Refused, msg=f"{kind} {name}"):
                new_module.write(self.root, kind, name)
        self.assertEqual(sorted(self.root.rglob("*")), before)


if __name__ == "__main__":
    unittest.main()
