#!/usr/bin/python3
"""./dev bench: the whole run, its floor on the same machine in the same minutes, and how cost grows with population.

    bench.py --build BUILD [--quick] [--write]

--quick leaves out the scaling table and Google Benchmark; --write puts the tables into docs/performance.md.
The floor is what tests/benchmarks/floor.h says; it is given the numbers of people, in-commuters, events and searches that the
engine's run had.
"""
import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import tempfile

import h5py

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCALES = ["1/8", "1/4", "1/2", "1", "2", "4"]
EVENTS = ["births", "deaths", "moves_in", "moves_out", "moves_within_in", "hires_resident", "hires_outside", "separations",
          "business_entries", "business_exits", "business_relocations"]
# What each step walks through once a month, whatever happens: the tables whose rows it reads.
WALKS = {"vacate": ["spaces"], "govern": ["spaces", "businesses"], "open": ["spaces"], "businesses": ["businesses", "premises", "persons"],
         "labour": ["persons", "in_commuters", "jobs"], "people": ["persons"], "homes": ["households", "dwellings"], "services": ["persons", "nodes"],
         "observe": ["persons", "households", "dwellings", "businesses", "premises", "spaces", "nodes"]}
# What each step changes: the events it books.
CHANGES = {"vacate": ["households_displaced", "workers_displaced", "business_relocations", "business_relocations_out"],
           "govern": ["votes_held", "inspections", "misuse_found"],
           "businesses": ["business_entries", "business_exits", "posts_opened", "posts_closed", "misuse_started"],
           "labour": ["hires_resident", "hires_outside", "separations"],
           "people": ["births", "deaths", "couples_formed", "couples_separated", "left_home"],
           "homes": ["moves_in", "moves_out", "moves_within_in", "home_searches"]}


def engine(program, scale="1", months=None, repeat=1, keep=None):
    """The run with the median simulate time of `repeat` runs, and the rows and events per month of its results."""
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "run.h5")
        command = [program, "run", str(ROOT / "scenarios/baseline.toml"), "--json", "--quiet", "--scale", scale, "--out", out]
        if months:
            command += ["--months", str(months)]
        for _ in range(repeat):
            runs.append(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout))
        runs.sort(key=lambda run: run["seconds"]["simulate"])
        run = runs[len(runs) // 2]
        hashes = {one["state_hash"] for one in runs}
        assert len(hashes) == 1, f"runs of the same scenario differ: {hashes}"
        with h5py.File(out) as results:
            def mean(name):
                return float(results["/district/" + name][0, 1:].mean())
            month = {name: mean(name) for name in dict.fromkeys(EVENTS + ["home_searches"] + sum(CHANGES.values(), []))}
            dwellings = ["occupied", "vacant", "held_empty", "cleared", "demolished", "merged"]
            month["nodes"] = sum(1 for _ in open(ROOT / "scenarios/xicheng/nodes.csv")) - 1
            run_rows = {"nodes": month.pop("nodes"), "spaces": len(results["/spaces/code"]), "persons": mean("population"), "households": mean("households"), "jobs": mean("jobs"), "businesses": mean("businesses"),
                        "in_commuters": mean("in_commuters"),
                        "dwellings": sum(mean("dwellings_" + state) for state in dwellings)}
        month["result_bytes"] = os.path.getsize(out)
        run["month"] = month
        run["rows"] = {name: round(count) for name, count in run_rows.items()}
        run["spread"] = (runs[0]["seconds"]["simulate"], runs[-1]["seconds"]["simulate"])
    return run


def floor(build, run, threads=0):
    month = run["month"]
    command = [str(build / "tests/benchmarks/hutong_floor"), "--months", str(run["months"]), "--threads", str(threads),
               "--people", str(round(run["summary"]["work"]["person_months"] / run["months"])),
               "--in-commuters", str(run["rows"]["in_commuters"]),
               "--events", str(round(sum(month.get(name, 0) for name in EVENTS))),
               "--home-searches", str(round(month["home_searches"])),
               "--job-searches", str(round(month["hires_resident"] + month["hires_outside"]))]
    results = [json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout) for _ in range(3)]
    return min(results, key=lambda result: result["seconds"]["total"])


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    flags = next((line for line in open("/proc/cpuinfo") if line.startswith("flags")), "")
    widest = "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else "SSE2"
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo") if line.startswith("MemTotal")) / 1e6
    compiler = subprocess.run(["c++", "-dumpfullversion"], stdout=subprocess.PIPE, text=True).stdout.strip()
    return f"{model}, {os.cpu_count()} cores, {widest}, {memory:.0f} GB; Debian 12, g++ {compiler}, release preset"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---" if i == 0 else "--:" for i in range(len(head))) + "|"]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def whole(run, least):
    seconds, work, months = run["seconds"], run["summary"]["work"], run["months"]
    simulate = seconds["simulate"]
    parts = least["seconds"]
    return table(["what", "value"], [
        ["months", months],
        ["residents, households, jobs, businesses at the end", ", ".join(f"{run[k]:,}" for k in ("persons", "households", "jobs", "businesses"))],
        ["load", f"{seconds['load']:.2f} s"],
        ["synthesise; the cached population loaded", f"{run['made']:.2f} s; {seconds['synthesise']:.2f} s"],
        ["**simulate** (median; fastest to slowest)", f"**{simulate:.2f} s** ({run['spread'][0]:.2f} to {run['spread'][1]:.2f})"],
        ["write", f"{seconds['write']:.2f} s, {100 * seconds['write'] / simulate:.0f} % of simulate; file {run['month']['result_bytes'] / 1e6:.1f} MB"],
        ["peak memory", f"{run['peak_memory_bytes'] / 1e6:.0f} MB"],
        ["resident-months a second", f"{work['person_months'] / simulate / 1e6:.0f} million"],
        ["agent-months a second (residents, in-commuters, jobs, businesses)", f"{run['agent_months_per_second'] / 1e6:.0f} million"],
        ["floor for the same work", f"{parts['total']:.2f} s: draws and sums of residents {parts['chance_and_sums']:.2f}, in-commuters "
                                    f"{parts['in_commuters']:.2f}, events {parts['events']:.2f}, choice {parts['choice']:.2f}"],
        ["**simulate / floor**", f"**{simulate / parts['total']:.2f}**"],
        ["bandwidth bound", f"{least['bandwidth_bound_seconds']:.2f} s ({least['bytes_read'] / 1e9:.1f} GB at the triad's "
                            f"{least['triad_bytes_per_second'] / 1e9:.1f} GB/s)"],
        ["a month: moves, matches, choice evaluations", ", ".join(f"{work[k] / months:,.0f}" for k in ("moves", "matches", "choice_evaluations"))],
    ])


def by_step(run):
    work, rows = run["summary"]["work"], run["rows"]
    total = sum(work["step_seconds"].values())
    lines = []
    for step, seconds in work["step_seconds"].items():
        walked = [f"{name} {rows[name]:,}" if name in rows else name for name in WALKS[step]]
        changed = sum(run["month"][name] for name in CHANGES.get(step, []))
        lines.append([step, f"{seconds:.2f}", f"{100 * seconds / total:.0f} %", f"{1000 * seconds / run['months']:.2f}", ", ".join(walked),
                      f"{changed:,.0f}" if step in CHANGES else ""])
    return table(["step", "seconds", "share", "ms a month", "rows walked through every month", "events a month"], lines)


def scaling(program):
    lines = []
    for scale in SCALES:
        run = engine(program, scale, months=24)
        lines.append([scale, f"{run['persons']:,}", f"{run['seconds']['synthesise']:.2f}", f"{run['seconds']['simulate']:.3f}",
                      f"{1e9 * run['seconds']['simulate'] / run['summary']['work']['person_months']:.1f}", f"{run['peak_memory_bytes'] / 1e6:.0f}"])
    return table(["scale", "residents at the end", "synthesise (1: cached), s", "24 months, s", "ns a resident-month", "peak memory, MB"], lines)


def coverage(build):
    out = json.loads(subprocess.run([str(build / "tests/benchmarks/hutong_coverage_bench"), "--threads", "2"], cwd=ROOT, check=True,
                                    stdout=subprocess.PIPE, text=True).stdout)
    grid, district = out["grid"], out["district"]
    rows = [("nearest service of each type for every node, ms", "nearest_ms", "10"),
            ("the same by Boost.Graph's Dijkstra, one core, ms", "nearest_boost_ms", ""),
            ("the same by one search a node, one core, ms", "nearest_one_search_a_node_ms", ""),
            ("capacity-weighted counts from scratch, ms", "coverage_scratch_ms", "170"),
            ("capacity-weighted counts from stored reach lists, ms", "coverage_stored_lists_ms", "20"),
            ("one facility opened, closed or resized, median of 2000, microseconds", "change_median_us", ""),
            ("... 99th percentile", "change_p99_us", "100"),
            ("... maximum", "change_max_us", ""),
            ("a month in which 1.2 % of the residents moved, median of 25, ms", "month_ms", "1"),
            ("... maximum", "month_max_ms", "")]
    return table(["coverage, two threads", "grid 141 x 141", "Xicheng", "target"],
                 [[what, f"{grid[key]:,.4g}", f"{district[key]:,.4g}", target] for what, key, target in rows])


def first_picture(program):
    """Seconds from the command to the first frame, of a scenario with its population cached."""
    with tempfile.TemporaryDirectory() as folder:
        times, config = pathlib.Path(folder) / "times", {**os.environ, "XDG_CONFIG_HOME": folder}
        words = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24 -noreset", "/bin/sh", "-c", 'date +%s.%N > "$0"; exec "$@"', folder + "/begun",
                 program, "view", str(ROOT / "scenarios/baseline.toml"), "--frame-times", str(times), "--close-after", "3"]
        subprocess.run(words, check=True, env=config, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return float(times.read_text().split()[4]) - float(pathlib.Path(folder, "begun").read_text())


def viewer(build, run):
    """The viewer against its floor, under Xvfb with software drawing; forks of a whole run at full scale."""
    os.environ["LIBGL_ALWAYS_SOFTWARE"] = "1"
    command = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24 -noreset", str(build / "tests/benchmarks/hutong_viewer_bench"), "scenarios/baseline.toml"]
    out = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout)
    idle, live, simulate = out["idle"], out["simulating"], run["seconds"]["simulate"]
    month = simulate / run["months"]
    late = [lever["first_month_s"] - (lever["months_replayed"] + 1) * month for lever in out["levers"]]
    return table(["viewer, 1600 x 1000, software drawing, 20 000 street links, 100 000 agents", "value", "target"], [
        ["floor: cached map, the same panels, nothing else", f"{idle['floor_ms']:.1f} ms", ""],
        ["frame while nothing changes", f"{idle['idle_ms']:.1f} ms, {idle['idle_over_floor']:.2f} x floor", "1.3 x"],
        ["frame while simulating (median)", f"{live['frame_ms']:.1f} ms, {live['frame_over_floor']:.2f} x floor", "2 x"],
        ["our own work in a frame: median, 95 %", f"{idle['own_ms']:.1f}, {idle['own_p95_ms']:.1f} ms; while simulating {live['own_ms']:.1f}, {live['own_p95_ms']:.1f} ms", "4 ms"],
        ["full redraw of the map: median, 95 %", f"{idle['redraw_ms']:.0f}, {idle['redraw_p95_ms']:.0f} ms", "120 ms"],
        ["redraws a second while simulating", f"{live['redraws_a_second']:.1f}", "10"],
        ["any month's indicators; its frame", f"{idle['any_month_values_ms']:.1f} ms; {idle['any_month_frame_ms']:.0f} ms", "50 ms"],
        ["lever to the first changed month, replay apart (slowest of three)", f"{max(late):.2f} s", "0.3 s"],
        ["whole horizon after a lever in the first month", f"{out['levers'][0]['whole_s']:.1f} s, {out['levers'][0]['whole_s'] / simulate:.2f} x simulate", "1.2 x"],
        ["command to first picture", f"{first_picture(str(build / 'hutong')):.2f} s", "2 s"],
        ["snapshots; peak memory with three forks", f"{out['snapshot_gb']:.2f} GiB; {out['peak_gb']:.2f} GiB", "2; 4 GiB"],
    ])


def put(document, mark, text):
    """Replaces what stands between <!-- mark --> and <!-- end mark -->."""
    begin, end = f"<!-- {mark} -->", f"<!-- end {mark} -->"
    before, rest = document.split(begin)
    return before + begin + "\n" + text + "\n" + end + rest.split(end)[1]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--build", type=pathlib.Path, required=True)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--write", action="store_true")
    options.add_argument("--repeat", type=int, default=5)
    options = options.parse_args()
    program = str(options.build / "hutong")

    cache = tempfile.TemporaryDirectory()  # populations are made here, once, whatever the user has cached
    os.environ["XDG_CACHE_HOME"] = cache.name
    made = engine(program, months=1)["seconds"]["synthesise"]
    run = engine(program, repeat=options.repeat)
    run["made"] = made
    least = floor(options.build, run)
    parts = {"machine": machine(), "whole": whole(run, least), "steps": by_step(run), "coverage": coverage(options.build)}
    if not options.quick and (options.build / "tests/benchmarks/hutong_viewer_bench").exists():
        parts["viewer"] = viewer(options.build, run)
    if not options.quick:
        parts["scaling"] = scaling(program)
    for name, text in parts.items():
        print(f"\n{name}\n{text}")
    if not options.quick:
        print("\nparts (Google Benchmark)", flush=True)
        subprocess.run([str(options.build / "tests/benchmarks/hutong_benchmarks"), "--benchmark_min_time=0.2"], check=True)
    if options.write:
        path = ROOT / "docs/performance.md"
        document = path.read_text(encoding="utf-8")
        for name, text in parts.items():
            if f"<!-- {name} -->" in document:
                document = put(document, name, text)
        path.write_text(document, encoding="utf-8")


if __name__ == "__main__":
    main()
