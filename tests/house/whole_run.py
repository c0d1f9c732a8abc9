#!/usr/bin/python3
"""whole_run.py HUTONG SCENARIO: all of the district for all its months, audited every month; the summary must hold what
it promises and the results must open without our code."""
import json
import os
import subprocess
import sys
import tempfile

import h5py

KEYS = {"months", "replicates", "persons", "households", "jobs", "businesses", "seconds", "agent_months_per_second", "peak_memory_bytes",
        "state_hash"}
MONTHS = 222


def main():
    program, scenario = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "baseline.h5")
        run = subprocess.run([program, "run", scenario, "--audit", "--quiet", "--json", "--out", out], stdout=subprocess.PIPE, text=True)
        assert run.returncode == 0, f"exit code {run.returncode}"
        summary = json.loads(run.stdout)
        print(json.dumps(summary, indent=1)[:4000])
        missing = KEYS - summary.keys()
        assert not missing, f"the summary lacks {missing}"
        assert {"load", "synthesise", "simulate", "write"} <= summary["seconds"].keys()
        assert summary["months"] == MONTHS
        assert 900_000 < summary["persons"] < 1_400_000, "a district of this size neither empties nor doubles by 2035"
        assert 900_000 < summary["jobs"] < 1_400_000
        assert os.listdir(folder) == ["baseline.h5"], f"left behind: {os.listdir(folder)}"
        with h5py.File(out, "r") as results:
            population = results["/indicator/population"]
            blocks = population[0, :, :]
            assert blocks.shape[1] == 101, blocks.shape
            assert blocks.shape[0] in (MONTHS, MONTHS + 1), blocks.shape
            district = results["/district/population"][0].reshape(-1)
            assert abs(blocks[-1].sum() - district[-1]) < 0.5, "blocks do not add up to the district"
            assert abs(district[-1] - summary["persons"]) < 0.5, "results and summary differ"


if __name__ == "__main__":
    main()
