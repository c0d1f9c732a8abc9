"""Opens an HTML report in headless Chromium through chromedriver and uses it as a reader does.

    report_page.py REPORT.html zh|en [SCREENSHOT.png]

Fails when a chart is empty, the slider does not move the map, a table does not sort, the console shows anything, or a
request leaves the file. Needs chromium and chromium-driver only.
"""
import base64
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

page, language = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
picture = sys.argv[3] if len(sys.argv) > 3 else None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Browser:
    """One session of the W3C WebDriver protocol."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="hutong_page_")
        self.port = free_port()
        self.driver = subprocess.Popen(["chromedriver", f"--port={self.port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        arguments = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--window-size=1500,1100", "--lang=en",
                     "--disable-background-networking", f"--user-data-dir={self.folder}"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        wanted = {"browserName": "chrome", "goog:chromeOptions": {"args": arguments, "binary": shutil.which("chromium")},
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        for attempt in range(100):
            try:
                self.session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
                return
            except OSError:
                time.sleep(0.2)
        sys.exit("chromedriver does not answer")

    def call(self, method, path, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=250) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.read().decode()[:500]}") from error

    def do(self, method, path, body=None):
        return self.call(method, f"/session/{self.session}{path}", body)

    def script(self, text, *args):
        return self.do("POST", "/execute/sync", {"script": text, "args": list(args)})

    def log(self, kind):
        return self.do("POST", "/se/log", {"type": kind})

    def close(self):
        try:
            self.do("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait(20)
            shutil.rmtree(self.folder, ignore_errors=True)


def need(truth, what):
    if not truth:
        raise AssertionError(what)


def until(truth, what):
    """A busy machine draws later, not never."""
    for _ in range(100):
        if truth():
            return
        time.sleep(0.1)
    raise AssertionError(what)


def press(b, *keys):
    """Keys as a reader presses them, wherever the focus is."""
    acts = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
    b.do("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": acts}]})


TAB, ENTER, SPACE, DOWN = "\ue004", "\ue007", " ", "\ue015"


def keyboard(b):
    """Without a mouse: skip link, sorting, folded tables, scrolling; the focus can be seen."""
    b.script("document.activeElement.blur(); window.scrollTo(0, 0); document.querySelector('.skip').focus({focusVisible: true})")
    box = "const r = document.activeElement.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]"
    left, top, width, height = b.script(box)
    need(left >= 0 and top >= 0 and width > 10 and height > 10, "the skip link is not seen when it has the focus")
    press(b, ENTER)
    until(lambda: b.script("return location.hash") == "#content", "the skip link leads nowhere")
    press(b, TAB)
    need(b.script("return document.getElementById('content').contains(document.activeElement)"), "after the skip link the focus is not in the content")
    head = "document.querySelector('#subdistricts_population thead th:nth-child(1) button')"
    b.script(f"{head}.focus({{focusVisible: true}})")
    seen = b.script(f"const s = getComputedStyle({head}); return [s.outlineStyle, s.outlineWidth]")
    need(seen[0] != "none" and seen[1] != "0px", f"the focus cannot be seen: {seen}")
    press(b, ENTER)
    need(b.script(f"return {head}.closest('th').getAttribute('aria-sort')") == "ascending", "Enter does not sort")
    press(b, SPACE)
    need(b.script(f"return {head}.closest('th').getAttribute('aria-sort')") == "descending", "Space does not sort")
    folded = "document.querySelector('#part-spaces details')"
    need(b.script(f"return !{folded}.open"), "the list of spaces is not folded")
    b.script(f"{folded}.querySelector('summary').focus({{focusVisible: true}})")
    press(b, ENTER)
    until(lambda: b.script(f"return {folded}.open"), "Enter does not open a folded table")
    region = f"{folded}.querySelector('.scroll')"
    press(b, TAB)
    need(b.script(f"return document.activeElement === {region}"), "a table that scrolls cannot be reached")
    press(b, DOWN, DOWN, DOWN)
    until(lambda: b.script(f"return {region}.scrollTop") > 0, "the arrow keys do not scroll a table")
    b.script(f"{folded}.open = false")
    play = b.script("const p = document.getElementById('blocks-play'); p.focus(); return p.textContent")
    press(b, SPACE)
    until(lambda: b.script("return document.getElementById('blocks-play').textContent") != play, "Space does not play the map")
    press(b, SPACE)
    until(lambda: b.script("return document.getElementById('blocks-play').textContent") == play, "Space does not stop the map")
    b.script("const s = document.getElementById('blocks-month'); s.value = s.max; s.dispatchEvent(new Event('input'))")


def screen_reader(b):
    """What the browser tells assistive software: names of pictures, tables and regions, headings without a gap."""
    nodes = b.do("POST", "/goog/cdp/execute", {"cmd": "Accessibility.getFullAXTree", "params": {}})["nodes"]
    told = [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes if not n.get("ignored") and "role" in n]
    for role in ("image", "table", "region", "button", "slider", "combobox", "columnheader", "rowheader", "navigation"):
        names = [name for kind, name in told if kind == role or (role == "image" and kind == "img")]
        need(names, f"no {role} is told")
        empty = [name for name in names if not name.strip()]
        # A row without a name of its own (a change, say) has an empty first cell, and that is no header.
        need(not empty, f"{len(empty)} of {len(names)} {role} without a name")
    levels = b.script("return Array.from(document.querySelectorAll('h1, h2, h3, h4')).map(h => Number(h.tagName[1]))")
    need(levels.count(1) == 1 and all(after - before <= 1 for before, after in zip(levels, levels[1:])), "headings leave a level out")
    need(b.script("return document.getElementById('blocks-shown').tagName") == "OUTPUT", "the month of the map is not announced")


def grey(b):
    """Blocks whose difference cannot be told from zero are grey, as many as the data say, with a legend that names the interval."""
    found = b.script("""
        const map = JSON.parse(document.getElementById('report-data').textContent).maps[0], chart = window.reportCharts[map.id];
        const choose = document.getElementById('blocks-indicator'), out = [];
        map.layers.forEach(function (layer, k) {
          choose.value = String(k);
          choose.dispatchEvent(new Event('change'));
          chart.getZr().flush();
          const legend = document.getElementById('blocks-grey');
          const painted = Array.from(document.querySelectorAll('#blocks-plot path')).filter(p => p.getAttribute('fill') === '#9a9a9a').length;
          const words = JSON.parse(document.getElementById('report-data').textContent).words;
          const rows = Array.from(document.querySelectorAll('#blocks-figures tbody tr'));
          const last = layer.unsure.length > 0 ? layer.unsure[layer.unsure.length - 1] : [];
          out.push([last.length > 0, last.filter(mark => mark === 1).length, painted, legend.hidden, legend.textContent,
                    rows.filter(row => row.cells.length === 3 && row.cells[2].textContent === words.no).length]);
        });
        choose.value = '0';
        choose.dispatchEvent(new Event('change'));
        return out""")
    marked = [one for one in found if one[0]]
    need(marked and any(one[1] > 0 for one in marked), f"no layer of differences has a grey block: {found}")
    word = {"zh": "随机", "en": "chance"}[language]
    for has, wanted, painted, hidden, words, rows in found:
        need(hidden != has, "the legend of the grey blocks stands where there are none, or is missing")
        need(rows == (wanted if has else 0), f"{rows} rows of the figures are said to be unsure, not {wanted}")
        need((painted == wanted) if has else painted == 0, f"{painted} blocks are grey, not {wanted}")
        need(not has or word in words, f"the legend does not name the interval: {words}")


def paper(b):
    """Printed: everything open, no controls, nothing blank, wide enough."""
    shut = b.script("return document.querySelectorAll('main details:not([open])').length")
    made = b.do("POST", "/goog/cdp/execute", {"cmd": "Page.printToPDF", "params": {"preferCSSPageSize": True, "printBackground": False}})
    pdf = pathlib.Path(b.folder) / "print.pdf"
    pdf.write_bytes(base64.b64decode(made["data"]))
    if picture:
        shutil.copy(pdf, pathlib.Path(picture).with_suffix(".pdf"))
    words = "".join(subprocess.run(["pdftotext", "-raw", pdf, "-"], capture_output=True, text=True, check=True).stdout.split())
    last = b.script("return Array.from(document.querySelectorAll('#spaces tbody tr:last-child > *')).slice(0, 2).map(c => c.textContent)")
    for said in (*last, *b.script("return Array.from(document.querySelectorAll('h2, h3, figcaption')).map(h => h.textContent)")):
        need("".join(said.split()) in words, f"not on paper: {said}")
    # The list of spaces goes over many pages: each repeats the heads of its columns.
    heads = "".join(b.script("return Array.from(document.querySelectorAll('#spaces thead th')).slice(0, 3).map(h => h.textContent)"))
    need(words.count("".join(heads.split())) >= 5, "the heads of a long table are not repeated on paper")
    b.do("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {"media": "print"}})
    shown = b.script("return ['#blocks-play', 'nav', '.skip'].filter(s => getComputedStyle(document.querySelector(s)).display !== 'none')")
    b.do("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {"media": ""}})
    need(not shown, f"on paper: {shown}")
    need(b.script("return document.querySelectorAll('main details:not([open])').length") == shut, "what was folded stays open after printing")
    about = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    need("841.89 x 595.28" in about or "842 x 595" in about or "A4" in about, about)


def look(b):
    b.do("POST", "/url", {"url": page.as_uri()})
    for _ in range(100):
        if b.script("return document.documentElement.dataset.ready") == "yes":
            break
        time.sleep(0.1)
    need(b.script("return document.documentElement.dataset.ready") == "yes", "the page's script did not end")
    need(b.script("return document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[language], "language of the page")

    # Every chart has lines with points, and so has the map.
    charts = b.script("return Object.keys(reportCharts)")
    need(len(charts) >= 10, f"{len(charts)} charts")
    for name in charts:
        points = b.script("""const o = reportCharts[arguments[0]].getOption();
            return o.series.map(s => (s.data || []).filter(v => v !== null && v !== '-').length)""", name)
        need(points and min(points) > 0, f"chart {name} has an empty series: {points}")
        drawn = b.script("return document.querySelectorAll('#' + arguments[0] + '-plot svg path').length", name)
        need(drawn > 3, f"chart {name} draws nothing")

    # The slider moves the map, by script and by key; the select changes the indicator.
    fills = "return Array.from(document.querySelectorAll('#blocks-plot svg path')).map(p => p.getAttribute('fill')).join()"
    last = b.script(fills)
    months = b.script("return Number(document.getElementById('blocks-month').max)")
    need(months >= 1, "the slider has one position only")
    b.script("const s = document.getElementById('blocks-month'); s.value = 0; s.dispatchEvent(new Event('input'))")
    until(lambda: b.script(fills) != last, "the slider does not move the map")
    shown = b.script("return document.getElementById('blocks-shown').textContent")
    slider = b.do("POST", "/element", {"using": "css selector", "value": "#blocks-month"})
    element = list(slider.values())[0]
    b.do("POST", f"/element/{element}/value", {"text": "\ue014"})  # arrow right
    need(b.script("return document.getElementById('blocks-shown').textContent") != shown, "the arrow key does not move the slider")
    # In the last month: at the start two scenarios are the same, and so are their maps.
    b.script("const s = document.getElementById('blocks-month'); s.value = s.max; s.dispatchEvent(new Event('input'))")
    until(lambda: b.script(fills) == last, "the map of the last month does not come back")
    b.script("const s = document.getElementById('blocks-indicator'); s.value = 1; s.dispatchEvent(new Event('change'))")
    until(lambda: b.script(fills) != last, "the indicator does not change the map")
    need(b.script("return document.querySelectorAll('#blocks-figures tbody tr').length") ==
         b.script("return JSON.parse(document.getElementById('report-data').textContent).maps[0].blocks.length"), "table of the map")

    # A click on a head sorts the table, another one turns it round.
    column = "return Array.from(document.querySelectorAll('#subdistricts_population tbody tr')).map(r => Number(r.cells[2].dataset.v))"
    head = b.do("POST", "/element", {"using": "css selector", "value": "#subdistricts_population thead th:nth-child(3) button"})
    head = list(head.values())[0]
    b.script("document.getElementById('subdistricts_population').scrollIntoView({block: 'center'})")
    b.do("POST", f"/element/{head}/click", {})
    need(b.script(column) == sorted(b.script(column)), "the table is not sorted")
    need(b.script("return document.querySelector('#subdistricts_population thead th:nth-child(3)').getAttribute('aria-sort')") == "ascending",
         "the sorting is not announced")
    b.do("POST", f"/element/{head}/click", {})
    need(b.script(column) == sorted(b.script(column), reverse=True), "the table does not turn round")

    # Names: everything that can be operated or looked at has one; ids are unique.
    nameless = b.script("""return Array.from(document.querySelectorAll('button, select, input, [role=img], [role=region]')).filter(e =>
        !(e.textContent.trim() || e.getAttribute('aria-label') || (e.labels && e.labels.length) ||
          (e.getAttribute('aria-labelledby') && document.getElementById(e.getAttribute('aria-labelledby'))))).map(e => e.outerHTML.slice(0, 80))""")
    need(not nameless, f"without a name: {nameless}")
    twice = b.script("""const seen = new Set(), twice = []; document.querySelectorAll('[id]').forEach(e => { if (seen.has(e.id)) twice.push(e.id);
        seen.add(e.id); }); return twice""")
    twice = [name for name in twice if not name.startswith("zr")]
    need(not twice, f"ids used twice: {twice}")
    need(not b.script("return document.querySelectorAll('main script, main img, main [onclick]').length"), "foreign elements in the content")

    if b.script("return JSON.parse(document.getElementById('report-data').textContent).maps[0].layers.some(l => l.unsure.length > 0)"):
        grey(b)
    keyboard(b)
    screen_reader(b)
    paper(b)

    if picture:
        b.script("window.scrollTo(0, 0)")
        height = b.script("return document.documentElement.scrollHeight")
        shot = b.do("POST", "/goog/cdp/execute", {"cmd": "Page.captureScreenshot", "params": {
            "captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": 1500, "height": min(height, 16000), "scale": 0.7}}})
        pathlib.Path(picture).write_bytes(base64.b64decode(shot["data"]))

    messages = [m["message"] for m in b.log("browser") if m["level"] != "DEBUG"]
    need(not messages, f"the console says: {messages}")
    asked = [json.loads(m["message"])["message"] for m in b.log("performance")]
    # The browser's own start page asks for its parts; only what the report's document asks for counts.
    urls = [m["params"]["request"]["url"] for m in asked
            if m["method"] == "Network.requestWillBeSent" and m["params"].get("documentURL", "").startswith(page.as_uri())]
    foreign = [u for u in urls if not u.startswith(("data:", "about:", page.as_uri()))]
    need(urls and not foreign, f"requests: {foreign or urls}")


browser = Browser()
try:
    look(browser)
finally:
    browser.close()
print("sound")
