"""Makes results, writes every format of the report in both languages, and reads each with a program that is not ours.

    report_formats.py HUTONG SCENARIOS_FOLDER [FORMAT...]
"""
import csv
import html.parser
import math
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile

sys.dont_write_bytecode = True
from given_results import FORMULA, HOSTILE, Figures, Given, near, need, run, texts  # noqa: E402

HERE = pathlib.Path(__file__).parent
LANGUAGES = ("zh", "en")


def report(given, language, target, *options, **how):
    return run(given.program, "--lang", language, "report", given.base, given.other, *given.companions(), "--out", target, *options, **how)


def whole(value):
    return f"{math.floor(float(value) + 0.5):,}"


def shares(figures):
    """Self-containment at the end, as both languages write it."""
    share = figures.district("self_containment")[-1] * 100
    return {"zh": f"{share:.1f}%", "en": f"{share:.1f} %"}


def counts(figures):
    return whole(figures.district("population")[-1])


def subdistrict_counts(figures):
    values = figures.file["summary/subdistrict"][0, figures.names.index("population"), -1]
    return [whole(v) for v in values]


def check_words(given, words, language, what):
    """The figures of the file and the hostile name stand in the text of a document."""
    figures = Figures(given.base)
    # Converters break lines where they like.
    bare = re.sub(r"\s+", "", words)
    for figure in [counts(figures), shares(figures)[language], *subdistrict_counts(figures)]:
        need(figure.replace(" ", "") in bare, f"{what}, {language}: the figure {figure} is missing")
    need(re.sub(r"\s+", "", HOSTILE) in bare, f"{what}, {language}: the hostile name is missing")
    for said in {"zh": ("各指标的主要影响参数", "生育率系数", "差值下限（95%，配对）"), "en": ("Mainparametersbyindicator", "Factoronbirthrates", "95%,paired")}[language]:
        need(said in bare, f"{what}, {language}: '{said}' of sensitivity or comparison is missing")
    mark = {"zh": "街区为示意", "en": "schematicblocks"}[language]
    need(mark in bare, f"{what}, {language}: the mark is missing")


class Words(html.parser.HTMLParser):
    """The text of a page without its scripts and styles."""

    def __init__(self):
        super().__init__()
        self.words, self.hidden, self.tags = [], 0, []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.hidden += tag in ("script", "style")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


def check_html(given):
    for language in LANGUAGES:
        page = given.folder / f"report_{language}.html"
        report(given, language, page)
        need(page.stat().st_size < 5_000_000, page.stat().st_size)
        text = page.read_text()
        need('"unsure":[[' in text, "no layer of the map says which blocks cannot be told from zero")
        words = Words()
        words.feed(text)
        check_words(given, "".join(words.words), language, "HTML")
        need(words.tags.count("script") == 3, "a script more than the page's own")
        said = subprocess.run(["tidy", "-quiet", "-errors", "-utf8", page], capture_output=True, text=True, check=False)
        bad = [line for line in said.stderr.splitlines() if "Error" in line or "Warning" in line]
        need(said.returncode == 0 and not bad, f"the page is not valid HTML: {bad[:5]}")
        run(sys.executable, HERE / "report_page.py", page, language)


def check_md(given):
    for language in LANGUAGES:
        target = given.folder / f"report_{language}.md"
        report(given, language, target)
        words = target.read_text()
        need("<script" not in words, "markup from data")
        check_words(given, re.sub(r"\\(.)", r"\1", words).replace("&lt;", "<").replace("&gt;", ">"), language, "Markdown")


def check_xlsx(given):
    import openpyxl
    figures = Figures(given.base)
    for language in LANGUAGES:
        target = given.folder / f"report_{language}.xlsx"
        report(given, language, target)
        book = openpyxl.load_workbook(target)
        for sheet in book:
            need(all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), f"a formula in {sheet.title}")
        months = {"zh": "全区逐月", "en": "District by month"}[language]
        years = {"zh": "街区（逐年）", "en": "Blocks by year"}[language]
        charts = {"zh": "图表", "en": "Charts"}[language]
        for name in (months, years, charts):
            need(name in book.sheetnames, f"no sheet {name} in {book.sheetnames}")
        if language == "zh":
            need(not [n for n in book.sheetnames if re.fullmatch(r"[ -~]*", n)], "a sheet without a Chinese name")
        for name in {"zh": ("全区逐月：先到先得", "街区（逐年）：先到先得", "各指标的主要影响参数"), "en": ("Main parameters by indicator",)}[language]:
            need(name in book.sheetnames, f"no sheet {name} in {book.sheetnames}")
        sheet = book[months]
        need(sheet.freeze_panes == "B3", sheet.freeze_panes)
        columns = {cell.value: cell.column for cell in sheet[2] if cell.value}
        need(set(columns) == set(figures.names), "indicators of the district")
        for name in figures.names:
            for row, wanted in enumerate(figures.district(name), start=3):
                need(near(sheet.cell(row, columns[name]).value, wanted), f"{name}, row {row}")
        need(sheet.cell(3, columns["self_containment"]).number_format == "0.0%", "number format of a share")
        # Monthly by district, yearly by block, and no other sheet grows with the months.
        need(book[months].max_row == 2 + len(figures.months), f"rows by month: {book[months].max_row}")
        shown = [m for k, m in enumerate(figures.months) if k in (0, len(figures.months) - 1) or m.endswith("-12")]
        need(book[years].max_row == 2 + len(shown) * len(figures.blocks), f"rows by year: {book[years].max_row}")
        sheet = book[years]
        columns = {cell.value: cell.column for cell in sheet[2] if cell.value}
        need(set(columns) == set(figures.of_blocks), "indicators of the blocks")
        rows = list(sheet.iter_rows(min_row=3, values_only=True))
        for name in figures.of_blocks:
            values = figures.block(name)
            for row in rows:
                wanted = values[figures.months.index(row[0]), figures.blocks.index(row[1])]
                need(near(row[columns[name] - 1], wanted), f"{name}, {row[0]}, {row[1]}")
        names = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell in (HOSTILE, FORMULA)]
        need(HOSTILE in names and FORMULA in names, "the hostile names are missing")
        need(len([n for n in zipfile.ZipFile(target).namelist() if n.startswith("xl/charts/chart")]) >= 10, "native charts")
    # LibreOffice reads it, too.
    run("soffice", "--headless", f"-env:UserInstallation=file://{given.folder}/office", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,3",
        "--outdir", given.folder, target, timeout=300)
    with open(next(given.folder.glob("report_en-*.csv")), encoding="utf-8") as file:
        read = {row[0]: row for row in csv.reader(file)}
    need(near(float(read["Population"][2]), figures.district("population")[-1]), f"LibreOffice reads {read['Population']}")


def not_blank(folder, pdf, first=1, last=10_000):
    """Pages as pictures with enough that is not white."""
    run("pdftoppm", "-r", "30", "-gray", "-f", first, "-l", last, pdf, folder / "page")
    pictures = sorted(folder.glob("page-*.pgm"))
    need(pictures, "no pages")
    for picture in pictures:
        pixels = picture.read_bytes()[20:]
        dark = sum(pixels.count(value) for value in range(200))
        need(dark > 0.002 * len(pixels), f"{picture.name} is blank")
        picture.unlink()
    return len(pictures)


def at_most_300_spaces(given, words, language):
    """The 300 largest spaces stand on paper, the others do not; the reader is told where they are."""
    figures = Figures(given.base)
    codes, areas = texts(figures.file, "spaces/code"), figures.file["spaces/area_m2"][()]
    order = sorted(range(len(codes)), key=lambda at: -areas[at])
    need(len(order) > 400, "the district has too few spaces for this test")
    bare = re.sub(r"\s+", "", words)
    missing = [codes[at] for at in order[:300] if codes[at].replace(" ", "") not in bare]
    # Projects that opened in a space are named by its code as well: those beyond the list may stand in that table.
    beyond = [codes[at] for at in order[300:] if codes[at].replace(" ", "") in bare]
    need(len(missing) == 0, f"of the 300 largest spaces are missing: {missing[:5]}")
    need(len(beyond) < 110, f"{len(beyond)} spaces beyond the 300 largest stand on paper")
    need({"zh": f"{len(codes)}行", "en": f"300of{len(codes)}rows"}[language] in bare.replace(",", ""), "the reader is not told of the rest")


def check_pdf(given):
    for language in LANGUAGES:
        target = given.folder / f"report_{language}.pdf"
        report(given, language, target)
        check_words(given, run("pdftotext", "-raw", target, "-"), language, "PDF")
        need(not_blank(given.folder, target) >= 20, "pages")
        at_most_300_spaces(given, run("pdftotext", "-raw", target, "-"), language)
        said = run("pdfinfo", target)
        need("A4" in said and "JavaScript:      no" in said, said)
        fonts = run("pdffonts", target).splitlines()[2:]
        need(fonts and all(re.search(r" yes (yes|no ) (yes|no )", font) for font in fonts), f"fonts that are not in the file: {fonts[:3]}")


def check_docx(given):
    for language in LANGUAGES:
        target = given.folder / f"report_{language}.docx"
        report(given, language, target)
        run("soffice", "--headless", f"-env:UserInstallation=file://{given.folder}/office", "--convert-to", "pdf", "--outdir", given.folder / "docx",
            target, timeout=300)
        made = given.folder / "docx" / f"report_{language}.pdf"
        check_words(given, run("pdftotext", "-raw", made, "-"), language, "DOCX")
        need(not_blank(given.folder, made) >= 20, "pages")
        at_most_300_spaces(given, run("pdftotext", "-raw", made, "-"), language)
        with zipfile.ZipFile(target) as file:
            words = file.read("word/document.xml").decode()
            need("<w:script" not in words and "&lt;script&gt;" in words, "markup from data")
            need(words.count("<w:drawing>") >= 22, "pictures")
            need("w:tblHeader" in words, "heads of tables are not repeated")


def check_refusals(given):
    """One message, nothing written: an existing file, no place, no converter, files that do not belong together."""
    target = given.folder / "there.md"
    target.write_text("mine")
    need("--force" in report(given, "en", target, code=7), "advice")
    need(target.read_text() == "mine", "the file that stood")
    report(given, "en", target, "--force")
    need(target.read_text() != "mine", "--force")
    report(given, "en", given.folder / "nowhere" / "x.md", code=7)
    said = run(given.program, "--lang", "en", "report", given.base, given.base, "--out", given.folder / "x.md", code=2)
    need("same scenario" in said and said.count("\n") == 1, said)
    need("their months differ" in run(given.program, "--lang", "en", "report", given.base, given.single, "--out", given.folder / "x.md", code=2), "months")
    report(given, "en", given.folder / "x.odt", code=2)
    bare = given.folder / "bin"
    bare.mkdir()
    for program, package in (("chromium", "chromium"), ("pandoc", "pandoc"), ("rsvg-convert", "librsvg2-bin")):
        for other in ("chromium", "pandoc", "rsvg-convert"):
            (bare / other).unlink(missing_ok=True)
            if other != program:
                (bare / other).symlink_to(shutil.which(other))
        kind = "pdf" if program == "chromium" else "docx"
        said = report(given, "en", given.folder / f"x.{kind}", code=2, env=dict(os.environ, PATH=str(bare)))
        need(f"apt-get install {package}" in said and said.count("\n") == 1, said)
    # A converter that fails, one that makes something else.
    for script in ("#!/bin/sh\necho broken; exit 3\n", "#!/bin/sh\nexit 0\n"):
        (bare / "chromium").unlink(missing_ok=True)
        (bare / "chromium").write_text(script)
        (bare / "chromium").chmod(0o755)
        said = report(given, "en", given.folder / "x.pdf", code=7, env=dict(os.environ, PATH=f"{bare}:/usr/bin:/bin"))
        need("did not make the report" in said and said.count("\n") == 1, said)
    need(not list(given.folder.glob("x.*")), "something is left behind")


CHECKS = {"html": check_html, "md": check_md, "xlsx": check_xlsx, "pdf": check_pdf, "docx": check_docx, "refusals": check_refusals}

if __name__ == "__main__":
    signal.alarm(880)
    with tempfile.TemporaryDirectory(prefix="hutong_formats_") as name:
        given = Given(sys.argv[1], sys.argv[2], name)
        for wanted in sys.argv[3:] or CHECKS:
            CHECKS[wanted](given)
            print(wanted, "sound", flush=True)
