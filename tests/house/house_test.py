#!/usr/bin/python3
"""Every rule of house.py finds what it is for, and leaves alone what is right."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True
import house


class Rules(unittest.TestCase):
    def found(self, rule, path, text):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            return list(rule(pathlib.Path(folder)))

    def bad(self, rule, path, text):
        self.assertTrue(self.found(rule, path, text), f"{rule.__name__} misses: {text}")

    def good(self, rule, path, text):
        self.assertEqual(self.found(rule, path, text), [])

    def test_rooms(self):
        self.bad(house.rooms, "core/a.h", '#include "agents/world.h"\n')
        self.bad(house.rooms, "tests/agents/a_test.cpp", '#include "sim/run.h"\n')
        self.good(house.rooms, "sim/a.h", '#include "agents/world.h"\n')

    def test_machine_paths(self):
        self.bad(house.machine_paths, "docs/a.md", "see /wo" + "rk/main/core\n")
        self.bad(house.machine_paths, "dev", "cd /ro" + "ot/hutong\n")
        self.good(house.machine_paths, "docs/a.md", "see ../shared/model.md and /usr/bin/python3\n")

    def test_chinese(self):
        self.bad(house.chinese, "app/a.cpp", 'print("人口");\n')
        self.bad(house.chinese, "app/a.cpp", 'print("http://x/人口");\n')
        self.good(house.chinese, "app/a.cpp", "int n;  // 人口\n/* 人口\n人口 */\n")
        self.good(house.chinese, "scenarios/a.h", '{.name = "x", .source = "policy 西政办发", .clause = "C1"}\n')

    def test_same_bits(self):
        self.bad(house.same_bits, "agents/a.cpp", "double y = std::exp(x);\n")
        self.bad(house.same_bits, "agents/a.cpp", "double y = log(x);\n")
        self.bad(house.same_bits, "sim/a.cpp", "std::unordered_map<int, int> m;\n")
        self.bad(house.same_bits, "core/a.cpp", "std::mt19937 g;\n")
        self.good(house.same_bits, "agents/a.cpp", 'double y = exact_exp(x);  // not std::exp(x)\nauto s = "std::exp(x)";\n')
        self.good(house.same_bits, "analysis/a.cpp", "double y = std::exp(x);\n")

    def test_one_door(self):
        self.bad(house.one_door, "agents/a.cpp", "#include <tbb/parallel_for.h>\n")
        self.bad(house.one_door, "sim/a.cpp", "#include <hdf5.h>\n")
        self.good(house.one_door, "core/hdf5_file.cpp", "#include <hdf5.h>\n")

    def test_mirrored(self):
        self.bad(house.mirrored, "tests/agents/nothing_test.cpp", "#include <gtest/gtest.h>\n")
        self.good(house.mirrored, "tests/agents/order_test.cpp", "// Order of rows changes nothing.\n")


if __name__ == "__main__":
    unittest.main()
