#!/usr/bin/env python3
"""What the viewer says when it cannot do what it is asked: bad_input.py PROGRAM SOURCE, in a virtual display. Every error
is one line that says what to do, no picture is written, and a pack without spaces is drawn like any other."""
import csv, os, shutil, subprocess, sys, tempfile
from pathlib import Path

import h5py

program, source = sys.argv[1], Path(sys.argv[2])


def view(*words, **environment):
    env = {**os.environ, **environment}
    env = {name: value for name, value in env.items() if value is not None}
    done = subprocess.run([program, "--lang", "en", "view", *map(str, words)], capture_output=True, text=True, env=env, timeout=120)
    return done.returncode, done.stdout + done.stderr


def refused(wanted, *words, **environment):
    picture = Path(work) / "refused.png"
    code, said = view(*words, "--screenshot", picture, **environment)
    assert code not in (0, 139, 134) and code > 0, f"{words}: exit code {code}: {said}"
    assert wanted in said, f"{words}: '{wanted}' is not in: {said}"
    assert len(said.strip().splitlines()) == 1, f"{words}: not one line: {said}"
    assert not picture.exists(), f"{words}: a picture all the same"
    print("refused:", said.strip())


with tempfile.TemporaryDirectory() as work:
    folder = Path(work)
    os.environ["XDG_CONFIG_HOME"] = work
    good = folder / "good.h5"
    baseline = source / "scenarios/baseline.toml"
    subprocess.run([program, "run", baseline, "--scale", "1/64", "--months", "2", "--quiet", "--out", good], check=True)

    refused("xvfb-run", good, DISPLAY=None)
    refused("does not answer", good, DISPLAY=":4711")
    refused("unset it", good, HUTONG_FONT="/no/such/font.ttc")
    not_a_font = folder / "font.ttc"
    not_a_font.write_bytes(b"no font" * 100)
    refused("fonts-noto-cjk", good, HUTONG_FONT=str(not_a_font))

    refused("no-such.h5", folder / "no-such.h5")
    text = folder / "text.h5"
    text.write_text("not HDF5")
    refused("text.h5", text)
    broken = folder / "broken.h5"
    broken.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    refused("broken.h5", broken)
    foreign = folder / "foreign.h5"
    with h5py.File(foreign, "w") as file:
        file["/temperature"] = [1.0, 2.0]
    refused("foreign.h5", foreign)
    for name in ("/events/space", "/spaces/block", "/events/stage"):
        liar = folder / "liar.h5"
        shutil.copy(good, liar)
        with h5py.File(liar, "r+") as file:
            column = file[name][...]
            column[0] = 60000 if column.dtype.itemsize > 1 else 250
            attributes = dict(file[name].attrs)
            del file[name]
            file[name] = column
            file[name].attrs.update(attributes)
        refused("liar.h5", liar)
    refused("no indicator 'populatoin'", good, "--layer", "populatoin")
    refused("2099-01", good, "--month", "2099-01")
    refused("--size", good, "--size", "3x4")
    refused("zoo-market-999", good, "--space", "zoo-market-999")
    refused("no-such-base.h5", good, "--base", folder / "no-such-base.h5")

    # A pack without spaces: results and scenario are drawn, in every panel.
    pack = folder / "xicheng"
    shutil.copytree(source / "scenarios/xicheng", pack)
    for table in pack.glob("*.csv"):  # no space, and nothing that stands in one
        rows = list(csv.reader(table.open(encoding="utf-8")))
        columns = [i for i, name in enumerate(rows[0]) if name == "space"]
        rows = rows[:1] if table.name == "spaces.csv" else [[("" if i in columns else cell) for i, cell in enumerate(row)] if row != rows[0] else row for row in rows]
        with table.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
    empty = folder / "empty.toml"
    empty.write_text('[run]\ndistrict = "xicheng"\nmonths = 2\nscale = 0.015625\n', encoding="utf-8")
    results = folder / "empty.h5"
    subprocess.run([program, "run", empty, "--quiet", "--out", results], check=True)
    for file, panels in ((results, ("charts", "place", "workflow", "table")), (empty, ("levers", "place"))):
        for panel in panels:
            picture = folder / f"{file.stem}-{panel}{file.suffix}.png"
            code, said = view(file, "--tab", panel, "--screenshot", picture)
            assert code == 0 and picture.stat().st_size > 10000, f"{file} {panel}: {code} {said}"
print("bad input: done")
