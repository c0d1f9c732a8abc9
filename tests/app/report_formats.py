"""Makes results, writes every format in both languages, and reads each with a program that is not ours.

    report_formats.py HUTONG SCENARIOS_FOLDER [FORMAT...]
"""
import pathlib
import subprocess
import sys
import tempfile

program, scenarios = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
here = pathlib.Path(__file__).parent


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=400, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def results(folder):
    base, other = folder / "base.h5", folder / "other.h5"
    for scenario, out in (("baseline", base), ("first-come", other)):
        run(program, "run", scenarios / f"{scenario}.toml", "--scale", "1/16", "--months", "60", "--replicates", "2", "--quiet", "--out", out)
    return base, other


def html(folder, base, other):
    for language in ("zh", "en"):
        page = folder / f"report_{language}.html"
        run(program, "--lang", language, "report", base, other, "--out", page)
        assert page.stat().st_size < 5_000_000, page.stat().st_size
        run(sys.executable, here / "report_page.py", page, language)


CHECKS = {"html": html}

with tempfile.TemporaryDirectory(prefix="hutong_formats_") as name:
    folder = pathlib.Path(name)
    files = results(folder)
    for wanted in sys.argv[3:] or CHECKS:
        CHECKS[wanted](folder, *files)
        print(wanted, "sound")
