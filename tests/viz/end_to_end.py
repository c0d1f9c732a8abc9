#!/usr/bin/env python3
"""The viewer as a user has it, in a virtual display, driven by xdotool. end_to_end.py PROGRAM SOURCE results|scenario

results: layer, month, language and text size by keyboard, picture by key, picture, table and report by mouse, the line of a
comparison dragged, a table copied to the clipboard, nothing drawn while nothing happens, then closed.
scenario: a lever is moved and the map redrawn, a space is clicked and its use decided, both futures are saved, and
`hutong run` of the saved scenarios ends in the state hashes that the viewer found; the picture, the table and the report of
the future in view are saved. Nothing knows where a widget is: the
mouse tries one place after another until the window's title, a picture or a file shows that it was the right one."""
import os, re, shutil, struct, subprocess, sys, tempfile, time
from pathlib import Path

program, source, part = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
width, height = 1500, 900


def xdotool(*words):
    return subprocess.run(["xdotool", *map(str, words)], capture_output=True, text=True).stdout.strip()


def wait_for(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise SystemExit(f"FAILED: waited {seconds} s for {what}")


class Viewer:
    def __init__(self, folder, file, *more):
        self.out = Path(folder) / f"out-{Path(file).stem}"
        self.out.mkdir()
        self.log = open(Path(folder) / "log", "w+")
        words = [program, "--lang", "en", "view", str(file), "--folder", str(self.out), "--size", f"{width}x{height}", *more]
        self.process = subprocess.Popen(words, stdout=self.log, stderr=self.log)
        self.window = wait_for("the window", lambda: self.alive() and xdotool("search", "--name", "^Hutong: ").split("\n")[0])
        self.key()

    def alive(self):
        if self.process.poll() is None:
            return True
        self.log.seek(0)
        raise SystemExit(f"FAILED: the viewer ended with {self.process.returncode}: {self.log.read()}")

    def title(self):
        self.alive()
        return xdotool("getwindowname", self.window)

    def key(self, *keys):
        xdotool("windowfocus", "--sync", self.window)
        if keys:
            xdotool("key", "--delay", 40, *keys)

    def click(self, x, y):
        xdotool("mousemove", "--window", self.window, int(x), int(y), "sleep", 0.03, "click", 1, "sleep", 0.07)

    def drag(self, x, y, to_x, to_y):
        xdotool("mousemove", "--window", self.window, int(x), int(y), "sleep", 0.15, "mousedown", 1, "sleep", 0.15)
        xdotool("mousemove", "--window", self.window, int((x + to_x) / 2), int((y + to_y) / 2), "sleep", 0.15)
        xdotool("mousemove", "--window", self.window, int(to_x), int(to_y), "sleep", 0.15, "mouseup", 1, "sleep", 0.15)

    def files(self, pattern):
        return sorted(self.out.glob(pattern), key=lambda path: path.stat().st_mtime_ns)

    def picture(self):
        """The bytes of a picture by Ctrl-P; its size is the window's."""
        before = len(self.files("*.png"))
        self.key("Escape", "ctrl+p")
        wait_for("a picture", lambda: len(self.files("*.png")) > before)
        data = self.files("*.png")[-1].read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", data[16:24]) == (width, height), "no picture of the window"
        self.key("Escape")
        return data

    def hunt(self, what, places, condition):
        """Clicks one place after another until the condition holds; a busy machine may show it only a while later."""
        for x, y in [*places, *places]:
            self.click(x, y)
            if condition():
                return
        raise SystemExit(f"FAILED: no place for {what}; the title is '{self.title()}'")

    def close(self):
        xdotool("windowclose", self.window)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise SystemExit("FAILED: the window does not close")


def clipboard():
    """What another program would paste."""
    return subprocess.run(["xclip", "-selection", "clipboard", "-o"], capture_output=True, text=True, timeout=10).stdout


def compared(folder, file):
    """Two results in one window: the line is dragged, a table copied, and nothing is drawn while nothing happens."""
    other, times = Path(folder) / "other.h5", Path(folder) / "times"
    subprocess.run([program, "run", str(source / "scenarios/baseline.toml"), "--scale", "1/64", "--months", "6", "--seed", "7", "--quiet", "--out", str(other)], check=True)
    viewer = Viewer(folder, other, "--base", str(file), "--arrangement", "swipe", "--tab", "table", "--frame-times", str(times))
    before = viewer.picture()
    middle = (272 + width - 496) / 2  # of the map
    viewer.drag(middle, height / 2, middle + 150, height / 2)
    after = viewer.picture()
    assert after != before, "the line of the comparison does not move"
    viewer.drag(middle + 150, height / 2, middle, height / 2)
    viewer.hunt("the button that copies the table", [(width - 420, y) for y in range(86, 126, 6)], lambda: "\t" in clipboard())
    lines = clipboard().splitlines()
    assert len(lines) == 102, f"{len(lines)} lines in the clipboard for 101 blocks"
    assert all(line.count("\t") == lines[0].count("\t") for line in lines), "a line of another width"
    viewer.key("Escape")
    xdotool("mousemove", "--window", viewer.window, int(width * 0.5), height - 8)
    time.sleep(1)
    drawn = len(times.read_text().splitlines())
    time.sleep(2)
    assert len(times.read_text().splitlines()) == drawn, "frames are drawn though nothing happens"
    viewer.key("Right")
    wait_for("a frame after a key", lambda: len(times.read_text().splitlines()) > drawn)
    viewer.close()


def results(folder):
    file = Path(folder) / "run.h5"
    subprocess.run([program, "run", str(source / "scenarios/baseline.toml"), "--scale", "1/64", "--months", "6", "--quiet", "--out", str(file)], check=True)
    viewer = Viewer(folder, file)
    viewer.key("2", "Home", "Right", "Right")
    wait_for("the month chosen by keys", lambda: "2017-08" in viewer.title())
    english = viewer.picture()
    assert viewer.files("baseline-2017-08-jobs.png"), "the picture is not named after run, month and layer"
    viewer.key("Tab", "Tab", "Tab", "l")
    chinese = viewer.picture()
    assert chinese != english, "language and panel do not change by key"
    viewer.key("l", "ctrl+plus", "1")
    assert viewer.picture() not in (english, chinese)
    assert viewer.files("baseline-2017-08-population.png"), "the keyboard does not reach the window any more"
    viewer.hunt("the button of tables", [(x, 20) for x in range(int(width * 0.6), width, 12)], lambda: viewer.files("*.csv"))
    # The menu of pictures, to the left of it: the map alone is its second entry.
    def map_alone(x):
        for y in (66, 72):
            viewer.click(width * 0.5, height - 6)  # whatever is open closes
            viewer.click(x, 20)
            time.sleep(0.5)  # a menu that opens is there a few frames later
            viewer.click(x + 20, y)
            time.sleep(0.3)
            if viewer.files("*-map.png"):
                return True
        return False

    assert any(map_alone(x) for x in range(int(width * 0.66), width, 16)), "no place for pictures of the map"
    wait_for("the picture of the map by mouse", lambda: viewer.files("*-map.png"))
    viewer.key("Escape", "Escape")
    lines = viewer.files("*.csv")[0].read_text(encoding="utf-8").splitlines()
    assert len(lines) == 102, f"a table of {len(lines)} lines for 101 blocks"
    # An error does not close the window: the folder of pictures is gone.
    shutil.rmtree(viewer.out)
    viewer.key("Escape", "ctrl+p")
    time.sleep(0.5)
    viewer.alive()
    viewer.out.mkdir()
    viewer.picture()
    # The report: the button next to the one of tables.
    viewer.hunt("the button of reports", [(x, 20) for x in range(int(width * 0.6), width, 12)], lambda: viewer.files("*-report.html"))
    assert viewer.files("*-report.html")[0].stat().st_size > 100000
    viewer.close()
    compared(folder, file)


def saved(viewer):
    """A scenario saved with the state hash of its end."""

    def once():
        before = len(viewer.files("*.toml"))
        viewer.key("Escape", "ctrl+s")
        wait_for("a saved scenario", lambda: len(viewer.files("*.toml")) > before)
        newest = viewer.files("*.toml")[-1]
        found = re.match(r"# .*state hash at the end: ([0-9a-f]{16})", newest.read_text(encoding="utf-8"))
        return found and (newest, found[1])

    return wait_for("the end of the future", once)


def check_run(file, expected):
    run = subprocess.run([program, "--lang", "en", "run", str(file), "--out", str(file) + ".h5"], capture_output=True, text=True)
    found = re.search(r"state hash ([0-9a-f]{16})", run.stdout + run.stderr)
    assert found, f"hutong run {file} does not run: {run.stdout}{run.stderr}"
    assert found[1] == expected, f"{file.read_text(encoding='utf-8')}\nhutong run: {found[1]}, the viewer: {expected}"


def scenario(folder):
    viewer = Viewer(folder, source / "scenarios/baseline.toml", "--scale", "1/64", "--months", "18", "--tab", "levers")
    wait_for("the first future", lambda: saved(viewer)[1])
    viewer.key("space")  # it plays from the start
    viewer.key("Home", *["Right"] * 6)
    wait_for("the month chosen by keys", lambda: "2017-12" in viewer.title())
    before = viewer.picture()

    # A lever: groups of levers open by clicks, then sliders and switches come under the mouse.
    x = width - 0.28 * width * 0.75
    viewer.hunt("a lever", [(x, y) for y in range(300, height - 110, 9)], lambda: " = " in viewer.title())
    file, lever_hash = saved(viewer)
    assert "[[change]]\nmonth = \"2018-01\"" in file.read_text(encoding="utf-8"), file.read_text(encoding="utf-8")
    check_run(file, lever_hash)
    viewer.key("End")
    assert viewer.picture() != before, "nothing is drawn anew"
    viewer.key("ctrl+z")
    wait_for("the base after Ctrl-Z", lambda: " = " not in viewer.title())

    # A space on the map, then a use among those it may have.
    viewer.key("Home", *["Right"] * 6)
    places = [(x, y) for y in range(250, height - 150, 23) for x in range(int(width * 0.33), int(width * 0.55), 9)]
    wait_for("the month again", lambda: "2017-12" in viewer.title())

    def decided():
        if not re.search(r", [a-z][-a-z0-9]*$", viewer.title()):  # blocks have numbers
            return False
        panel = [(width - 45, y) for y in range(200, height - 110, 8)]
        for place in panel:
            viewer.click(*place)
            if re.match(r"Hutong: [-a-z0-9]+: [a-z_]+, ", viewer.title()):
                return True
        return False

    viewer.hunt("a space with a use to choose", places, decided)
    file, decision_hash = saved(viewer)
    text = file.read_text(encoding="utf-8")
    assert "[[decision]]\nspace = " in text and "decided = \"2018-01\"" in text, text
    check_run(file, decision_hash)

    # What is shown of the future, as picture and table; and its report, made in the background.
    viewer.picture()
    bar = [(x, 20) for x in range(int(width * 0.55), width, 12)]
    viewer.hunt("the button of tables", bar, lambda: viewer.files("*.csv"))
    viewer.key("Escape")
    viewer.hunt("the button of reports", bar, lambda: viewer.files("*-report.html"))
    report = viewer.files("*-report.html")[0].read_text(encoding="utf-8")
    assert len(report) > 100000 and "</html>" in report
    viewer.close()


with tempfile.TemporaryDirectory() as work:
    os.environ["XDG_CONFIG_HOME"] = work + "/config"
    {"results": results, "scenario": scenario}[part](work)
print(f"end to end, {part}: done")
