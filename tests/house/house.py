#!/usr/bin/python3
"""The rules of the house that a compiler does not check. Each function yields 'file:line: what is wrong'.

    house.py all | RULE [ROOT]     RULE is the name of a function below; exit code 1 when something is found
"""
import pathlib
import re
import sys

ROOMS = ["core", "scenarios", "agents", "sim", "analysis", "viz", "app"]
SIMULATING = ["core", "scenarios", "agents", "sim"]
SKIPPED_FOLDERS = {".git", "build", "results", "node_modules", "__pycache__", ".cache"}
TEXT = {".h", ".cpp", ".md", ".txt", ".json", ".cmake", ".toml", ".csv", ".py", ".sh", ".po", ".in", ".svg", ""}


def files(root, suffixes, folders=(".",)):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root)
            if path.is_file() and path.suffix in suffixes and not SKIPPED_FOLDERS & set(inside.parts):
                yield path, inside


def lines(path):
    return enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)


def without_comment(line):
    """The line up to // (a // inside a string, as in an address, is kept)."""
    return re.sub(r'^((?:[^"/]|"(?:\\.|[^"\\])*"|/(?!/))*)//.*$', r"\1", line)


def rooms(root):
    """No room includes a later one; the tests of a room include nothing later either."""
    for number, room in enumerate(ROOMS):
        later = "|".join(ROOMS[number + 1:])
        if not later:
            continue
        pattern = re.compile(r'^\s*#\s*include\s*["<](?:hutong/)?(%s)/' % later)
        for folder in (room, "tests/" + room):
            for path, inside in files(root, {".h", ".cpp"}, [folder]):
                for at, line in lines(path):
                    hit = pattern.match(line)
                    if hit:
                        yield f"{inside}:{at}: room '{room}' uses the later room '{hit[1]}'"


def machine_paths(root):
    """No path of somebody's machine in any text."""
    pattern = re.compile(r"(?<![\w.])/(?:work|farm|home|root|Users)/\w|/tmp/" + r"bash_jobs")
    for path, inside in files(root, TEXT):
        if path.name == "house.py" or path.stat().st_size > 5_000_000:
            continue
        for at, line in lines(path):
            if pattern.search(line):
                yield f"{inside}:{at}: path of one machine: {line.strip()[:80]}"


def chinese(root):
    """Chinese shown to users lives in po/ and in data, not in code (comments, cited sources, and what makes data with
    Chinese names may use it: the generator of the pack and the tiny town)."""
    han = re.compile(r"[\u3400-\u9fff]")
    source = re.compile(r'\.source\s*=\s*(?:"(?:\\.|[^"\\])*"\s*)+')
    for path, inside in files(root, {".h", ".cpp"}, ROOMS):
        # agents/governance_bodies.cpp is the table of the bodies' official names in both languages.
        if str(inside).startswith(("scenarios/generate", "scenarios/tiny_town", "agents/governance_bodies.cpp")):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        text = source.sub(lambda hit: "\n" * hit[0].count("\n"), text)
        text = re.sub(r"/\*.*?\*/", lambda hit: "\n" * hit[0].count("\n"), text, flags=re.S)
        for at, line in enumerate(text.splitlines(), start=1):
            if han.search(without_comment(line)):
                yield f"{inside}:{at}: Chinese in code (write the English id, put the Chinese into po/zh.po): {line.strip()[:80]}"


def same_bits(root):
    """Nothing in the simulating rooms whose result depends on processor, library, address or clock."""
    words = {
        r"std::(?:exp|exp2|expm1|log|log2|log10|log1p|pow|sin|cos|tan|tanh|atan2?|asin|acos|cbrt|hypot|erfc?|[lt]gamma)f?\s*\(":
            "libm differs by processor: use core/exact_math.h",
        r"(?<![\w.:>])(?:exp|log|pow|expf|logf|powf)\s*\(": "libm differs by processor: use core/exact_math.h",
        r"std::(?:mt19937|minstd|random_device|\w+_distribution|shuffle|random_shuffle|rand)\b": "chance comes from core/draw.h only",
        r"std::unordered_": "order depends on the library: use a sorted vector or std::map",
        r"std::hash\b": "differs by library: use core/hash.h",
        r"std::fma\b": "a fused product rounds differently from a product and a sum",
        r"\b(?:time\s*\(\s*(?:0|NULL|nullptr)\s*\)|gettimeofday|this_thread::get_id)": "state must not know clock or thread",
        r"std::(?:execution::|reduce\b|transform_reduce\b)": "order of the sum is open: reduce by grains (core/parallel.h)",
    }
    patterns = [(re.compile(word), why) for word, why in words.items()]
    for path, inside in files(root, {".h", ".cpp"}, SIMULATING):
        for at, line in lines(path):
            code = re.sub(r'"(?:\\.|[^"\\])*"', '""', without_comment(line))
            for pattern, why in patterns:
                if pattern.search(code):
                    yield f"{inside}:{at}: {why}: {code.strip()[:80]}"


def one_door(root):
    """Libraries with one door: only these files may include them."""
    doors = {
        "tbb/": ["core/parallel."], "gdal": ["core/layers.", "core/layers_write."], "ogr": ["core/layers.", "core/layers_write."], "hdf5": ["core/hdf5_file."], "H5": ["core/hdf5_file."],
        "mpi": ["sim/ranks."], "boost/mpi": ["sim/ranks."], "boost/locale": ["core/text."],
    }
    for path, inside in files(root, {".h", ".cpp"}, ROOMS):
        for at, line in lines(path):
            hit = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            for prefix, allowed in doors.items():
                if hit and hit[1].startswith(prefix) and not any(str(inside).startswith(name) for name in allowed):
                    yield f"{inside}:{at}: only {' and '.join(name + 'cpp' for name in allowed)} may include <{hit[1]}>"


def mirrored(root):
    """tests/ mirrors the rooms: a test file stands beside a source of the same name, and opens with what it tests."""
    for room in ROOMS:
        for path, inside in files(root, {".cpp"}, ["tests/" + room]):
            if not path.name.endswith("_test.cpp"):
                continue
            stem = path.name[: -len("_test.cpp")]
            if not any((root / room / (stem + suffix)).exists() for suffix in (".h", ".cpp")):
                first = path.read_text(encoding="utf-8").lstrip()
                if not first.startswith("//"):
                    yield f"{inside}:1: no {room}/{stem}.h or .cpp: rename it, or say in a first comment what it tests"


RULES = [rooms, machine_paths, chinese, same_bits, one_door, mirrored]


def main():
    names = {rule.__name__: rule for rule in RULES}
    wanted = sys.argv[1] if len(sys.argv) > 1 else "all"
    root = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(__file__).resolve().parents[2]
    if wanted != "all" and wanted not in names:
        sys.exit(f"unknown rule '{wanted}': all, {', '.join(names)}")
    found = 0
    for rule in RULES if wanted == "all" else [names[wanted]]:
        for problem in rule(root):
            print(f"{problem} [{rule.__name__}]")
            found += 1
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
