"""Results files for the tests of reports and exports, made once by the built program, and their figures read with h5py."""
import os
import pathlib
import subprocess

import h5py
import numpy

HOSTILE = "\"'); drop table x; --<script>=1+1"
FORMULA = "=1+1"


def run(*command, code=0, timeout=400, **options):
    """Standard output, or standard error where another exit code than 0 is wanted."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=timeout, **options)
    if done.returncode != code:
        raise AssertionError(f"{command}: exit code {done.returncode}, not {code}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout if code == 0 else done.stderr


def need(truth, what):
    if not truth:
        raise AssertionError(what)


def near(a, b):
    """Equal as single precision is."""
    if a is None or b is None:
        return (a is None or a != a) and (b is None or b != b)
    return a == b or abs(a - b) <= 1e-6 * max(1, abs(a), abs(b))


class Given:
    """Base with two replicates and hostile names (two spaces, a block), an alternative, and the base with one replicate and fewer months."""

    def __init__(self, program, scenarios, folder):
        self.program, self.folder = pathlib.Path(program), pathlib.Path(folder)
        self.base, self.other, self.single, self.shorter = (self.folder / f"{n}.h5" for n in ("base", "other", "single", "shorter"))
        scenarios = self.scenarios = pathlib.Path(scenarios)
        for scenario, months, replicates, out in (("baseline", 42, 2, self.base), ("first-come", 42, 2, self.other),
                                                  ("baseline", 20, 1, self.single), ("baseline", 14, 1, self.shorter)):
            run(program, "run", scenarios / f"{scenario}.toml", "--scale", "1/16", "--months", months, "--set",
                f"run.replicates={replicates}", "--quiet", "--out", out)
        with h5py.File(self.base, "r+") as file:
            # The two largest spaces: every format lists them.
            first, second = (int(at) for at in numpy.argsort(-file["spaces/area_m2"][()], kind="stable")[:2])
            codes = texts(file, "spaces/code")
            self.hostile, self.formula = codes[first], codes[second]
            for name in ("name_zh", "name_en"):
                self.rename(file, "spaces/" + name, {first: HOSTILE, second: FORMULA})
                self.rename(file, "blocks/" + name, {0: HOSTILE})
            self.hostile_block = texts(file, "blocks/code")[0]

    def rename(self, file, path, new):
        names = list(file[path][()])
        for at, name in new.items():
            names[at] = name.encode()
        kind = file[path].dtype
        del file[path]
        file.create_dataset(path, data=numpy.array(names, dtype=object), dtype=kind if kind.kind == "O" else h5py.string_dtype())

    def companions(self):
        """Files of `hutong sensitivity` and `hutong compare`, made when they are wanted, as options of a report."""
        sensitivity, comparison = self.folder / "sensitivity.h5", self.folder / "compared.h5"
        if not comparison.exists():
            run(self.program, "sensitivity", self.scenarios / "baseline.toml", "--scale", "1/32", "--months", 6, "--replicates", 2, "--trajectories", 2,
                "--points", 0, "--vary", "assumption.people.fertility_factor", "--vary", "assumption.people.mortality_factor", "--quiet", "--yes",
                "--out", sensitivity)
            run(self.program, "compare", self.base, self.other, "--quiet", "--out", comparison)
        return ["--sensitivity", sensitivity, "--comparison", comparison]

    def export(self, results, to, *options, **how):
        return run(self.program, "--lang", "en", "export", results, "--to", to, *options, **how)


def texts(file, path):
    return [t.decode() if isinstance(t, bytes) else t for t in file[path][()]]


class Figures:
    """Means over the replicates by indicator, as the file stores them."""

    def __init__(self, path):
        self.file = h5py.File(path)
        self.months, self.blocks = texts(self.file, "months"), texts(self.file, "blocks/code")
        self.names = texts(self.file, "summary/indicators")
        self.replicates = int(self.file["meta"].attrs["replicates"])
        self.of_blocks = [n for n in self.names if "indicator/" + n in self.file]

    def block(self, name):
        values = self.file["indicator/" + name][()].astype(float)
        if self.replicates == 1:
            return values[0]
        return self.file["summary/block"][0, self.names.index(name)].astype(float)

    def district(self, name, statistic=0):
        return self.file["summary/district"][statistic, self.names.index(name)].astype(float)


def column(name):
    return "".join(c if c.isalnum() else "_" for c in name.lower())


os.environ["LC_ALL"] = "C.UTF-8"
