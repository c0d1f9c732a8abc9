"""Exports every format from a results file and reads it with a program that is not ours: csv, ogrinfo, sqlite, psql.

    export_formats.py HUTONG SCENARIOS_FOLDER [FORMAT...]
"""
import csv
import json
import os
import pathlib
import pwd
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import h5py

sys.dont_write_bytecode = True
from given_results import FORMULA, HOSTILE, Figures, Given, column, near, need, run  # noqa: E402

SOME = ("population", "coverage.kindergarten", "green_per_resident", "reused_area")


def check_csv(given):
    target = given.folder / "spaces.csv"
    given.export(given.base, target, "--table", "spaces")
    need(target.read_bytes().startswith(b"\xef\xbb\xbf"), "no byte-order mark")
    with open(target, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    figures = Figures(given.base)
    need(len(rows) == figures.replicates * len(figures.file["spaces/code"]), "rows of the spaces")
    named = {row["space"]: row["name_zh"] for row in rows}
    need(named[given.hostile] == HOSTILE, named[given.hostile])
    need(named[given.formula] == "'" + FORMULA, f"a formula is not disarmed: {named[given.formula]}")

    target = given.folder / "months.csv"
    given.export(given.base, target, "--table", "block_month")
    with open(target, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    need(len(rows) == len(figures.months) * len(figures.blocks), "rows of block_month")
    for name in figures.of_blocks:
        values = figures.block(name)
        for at, row in enumerate(rows):
            shown = row[column(name)]
            wanted = values[at // len(figures.blocks), at % len(figures.blocks)]
            need(near(float(shown) if shown else None, wanted), f"{name} in row {at}: {shown}, not {wanted}")
    given.export(given.base, given.folder / "district.csv")
    with open(given.folder / "district.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for name in figures.names:
        for row, wanted in zip(rows, figures.district(name), strict=True):
            need(near(float(row[column(name)]) if row[column(name)] else None, wanted), name)
    run(given.program, "--lang", "zh", "export", given.base, "--to", given.folder / "words.csv", "--labels")
    need("常住人口" in (given.folder / "words.csv").read_text("utf-8-sig").split("\n")[0].split(","), "no Chinese heads")


def check_difference(given):
    """Differences of a comparison in every format that takes one: figures, the name of the interval, sure yes or no, as the file has them."""
    comparison = given.folder / "difference.h5"
    run(given.program, "compare", given.base, given.other, "--quiet", "--out", comparison)
    figures = Figures(given.base)
    file = h5py.File(comparison)
    data, marks = file["alternative_1/block/population"][()], file["alternative_1/block_sure/population"][()]
    word = {0: "no", 1: "yes", 2: ""}

    target = given.folder / "difference.csv"
    given.export(given.base, target, "--comparison", comparison, "--table", "block_year_difference")
    with open(target, encoding="utf-8-sig", newline="") as text:
        rows = [row for row in csv.DictReader(text) if row["indicator"] == "population"]
    years = [k for k, m in enumerate(figures.months) if k in (0, len(figures.months) - 1) or m.endswith("-12")]
    need(len(rows) == len(years) * len(figures.blocks), f"{len(rows)} rows of the population")
    need({word[mark] for mark in marks[years].reshape(-1)} == {"yes", "no"}, "the file tells nothing apart")
    for row, (month, block) in zip(rows, ((m, b) for m in years for b in range(len(figures.blocks))), strict=True):
        need((row["month"], row["block"]) == (figures.months[month], figures.blocks[block]), row)
        for k, name in enumerate(("base", "other", "difference", "difference_low", "difference_high")):
            need(near(float(row[name]), float(data[k, month, block])), f"{name} in {row}")
        need(row["sure"] == word[marks[month, block]], f"sure in {row}")
        need(row["interval"] == "chance" and row["alternative"] == "first-come", row)

    target = given.folder / "difference.geojson"
    given.export(given.base, target, "--comparison", comparison, "--table", "block_difference")
    features = json.loads(target.read_text())["features"]
    need([f["properties"]["block"] for f in features] == figures.blocks, "blocks of the differences")
    for b, one in enumerate(features):
        told = one["properties"]
        need(near(told["population_difference"], float(data[2, -1, b])), told["population_difference"])
        need(near(told["population_low"], float(data[3, -1, b])) and near(told["population_high"], float(data[4, -1, b])), "interval")
        need((told["population_sure"], told["interval"]) == (word[marks[-1, b]], "chance"), f"{told['population_sure']} {told['interval']}")
        need(one["geometry"]["type"].endswith("Polygon"), "shapes")

    target = given.folder / "difference.gpkg"
    given.export(given.base, target, "--comparison", comparison)
    base = sqlite3.connect(target)
    need(base.execute("SELECT population_sure, interval FROM block_difference ORDER BY fid").fetchall()
         == [(word[mark], "chance") for mark in marks[-1]], "marks in the GeoPackage")
    need(base.execute("SELECT count(*) FROM block_year_difference WHERE indicator = 'population'").fetchone() == (len(rows),), "rows of the years")
    style = xml.etree.ElementTree.fromstring(base.execute("SELECT styleQML FROM layer_styles WHERE f_table_name = 'block_difference'").fetchone()[0])
    rule = style.find(".//rule[@symbol='0']")
    need(rule.get("filter") == "population_sure = 'no'" and "chance" in rule.get("label"), "QGIS does not grey what is not sure")
    base.close()
    need("block_difference (Multi Polygon)" in run("ogrinfo", "-so", target), "no layer of differences")

    # Without a comparison, or with one of another base, nothing is written.
    need("--comparison" in given.export(given.base, given.folder / "none.csv", "--table", "block_difference", code=2), "the advice")
    given.export(given.other, given.folder / "none.csv", "--comparison", comparison, code=2)
    given.export(given.base, given.folder / "none.csv", "--comparison", given.base, code=6)
    need("hutong report" in given.export(given.base, given.folder / "none.xlsx", "--comparison", comparison, code=2), "the advice")
    need(not list(given.folder.glob("none.*")), "a file is left behind")


def corners_of(nested):
    return [nested] if isinstance(nested[0], float) else [p for one in nested for p in corners_of(one)]


def limited():
    """A limit on the size of files stops writing in the middle, as a full disk does."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, 64 * 1024))


def check_full_disk(given):
    """A full disk: one message, nothing half-written, and what stood there stays."""
    for name, options in (("months.csv", ("--table", "block_month")), ("blocks.geojson", ()), ("monitor.gpkg", ()), ("blocks.shp", ())):
        folder = given.folder / ("full_" + name)
        folder.mkdir()
        (folder / name).write_text("mine")
        said = given.export(given.base, folder / name, "--force", *options, code=7, preexec_fn=limited, restore_signals=False)
        need(said.count("\n") == 1, said)
        need([f.name for f in folder.iterdir()] == [name] and (folder / name).read_text() == "mine", f"left behind: {list(folder.iterdir())}")


def check_geojson(given):
    target = given.folder / "blocks.geojson"
    given.export(given.base, target)
    figures = Figures(given.base)
    features = json.loads(target.read_text())["features"]
    need([f["properties"]["block"] for f in features] == figures.blocks, "blocks")
    for name in figures.of_blocks:
        for feature, wanted in zip(features, figures.block(name)[-1], strict=True):
            need(near(feature["properties"][column(name)], wanted), name)
    need(features[0]["properties"]["name_zh"] == HOSTILE, "the hostile name of a block")
    spaces = given.folder / "spaces.geojson"
    given.export(given.base, spaces, "--table", "spaces")
    named = {f["properties"]["space"]: f["properties"]["name_zh"] for f in json.loads(spaces.read_text())["features"]}
    need(named[given.hostile] == HOSTILE and named[given.formula] == FORMULA, "names of the spaces")
    need("no layer" in given.export(given.base, given.folder / "none.geojson", "--table", "events", code=2), "a table without shapes")
    need(not (given.folder / "none.geojson").exists(), "a file is left behind")
    corners = [p for f in features for p in corners_of(f["geometry"]["coordinates"])]
    need(len(corners) > 4 * len(features), "corners")
    need(all(116 < x < 117 and 39 < y < 40.2 for x, y in corners), "coordinates are no longitude and latitude")
    said = run("ogrinfo", "-so", "-al", target)
    need(f"Feature Count: {len(figures.blocks)}" in said, said)


def check_shp(given):
    target = given.folder / "blocks.shp"
    given.export(given.base, target)
    figures = Figures(given.base)
    run("ogr2ogr", "-f", "GeoJSON", given.folder / "shape.json", target)
    features = json.loads((given.folder / "shape.json").read_text())["features"]
    names = texts_of(figures, "blocks/name_zh")
    for feature, name, wanted in zip(features, names, figures.block("population")[-1], strict=True):
        need(feature["properties"]["name_zh"] == name, "Chinese names")
        need(near(feature["properties"]["population"], wanted), "population")
    need(names[0] == HOSTILE, "the hostile name of a block")
    run(given.program, "export", given.base, "--to", given.folder / "spaces.shp", "--table", "spaces")
    run("ogr2ogr", "-f", "GeoJSON", given.folder / "points.json", given.folder / "spaces.shp")
    points = json.loads((given.folder / "points.json").read_text())["features"]
    named = {f["properties"]["space"]: f["properties"]["name_zh"] for f in points}
    need(named[given.hostile] == HOSTILE, "hostile name in the Shapefile")
    need("already" not in given.export(given.base, target, "--force"), "with --force")
    (given.folder / "two.dbf").write_text("mine")
    given.export(given.base, given.folder / "two.shp", code=7)
    need((given.folder / "two.dbf").read_text() == "mine" and not (given.folder / "two.shp").exists(), "a companion is replaced")


def texts_of(figures, path):
    return [t.decode() for t in figures.file[path][()]]


def check_gpkg(given):
    target = given.folder / "monitor.gpkg"
    given.export(given.base, target)
    figures = Figures(given.base)
    layers = run("ogrinfo", "-so", target)
    for layer in ("blocks (Multi Polygon)", "spaces (Point)", "block_month_map (Multi Polygon)", "block_month (None)", "events (None)",
                  "projects (None)", "block_year_interval (None)", "monitor_population (None)", "monitor_space_use (None)",
                  "monitor_industry (None)"):
        need(layer in layers, f"{layer} is missing in {layers}")
    said = run("ogrinfo", "-so", target, "block_month_map")
    need(f"Feature Count: {len(figures.months) * len(figures.blocks)}" in said, said)
    said = run("ogrinfo", target, "spaces", "-fid", "1")
    need("POINT (116." in said, said)
    base = sqlite3.connect(target)
    ask = lambda sql, *values: base.execute(sql, values).fetchall()  # noqa: E731
    need(ask("PRAGMA integrity_check") == [("ok",)], "integrity")
    need(ask("SELECT count(*) FROM block_month") == [(len(figures.months) * len(figures.blocks),)], "rows of block_month")
    for name in figures.of_blocks:
        values = figures.block(name)
        rows = ask(f'SELECT "{column(name)}" FROM block_month ORDER BY fid')
        need(all(near(row[0], wanted) for row, wanted in zip(rows, values.reshape(-1), strict=True)), name)
    low = figures.file["summary/block"][2, figures.names.index("population")]
    december = figures.months.index("2018-12")
    rows = ask("SELECT population_p05 FROM block_year_interval WHERE month = '2018-12' ORDER BY fid")
    need(all(near(row[0], wanted) for row, wanted in zip(rows, low[december], strict=True)), "intervals")
    # One row a block and month with the means; shapes once, joined by the view; intervals in the yearly table only.
    columns = [row[1] for row in ask("PRAGMA table_info(block_month)")]
    need("geom" not in columns and not [c for c in columns if c.endswith(("_p05", "_p95"))], "block_month holds shapes or intervals")
    need(ask("SELECT count(*) FROM (SELECT DISTINCT scenario_hash, replicate, month, block FROM block_month)") == ask("SELECT count(*) FROM block_month"), "keys")
    need(ask("SELECT count(*), count(geom) FROM blocks") == [(len(figures.blocks), len(figures.blocks))], "shapes of the blocks")
    need(ask("SELECT count(geom) FROM block_month_map") == ask("SELECT count(*) FROM block_month"), "the view joins the shapes")
    shown = [m for k, m in enumerate(figures.months) if k in (0, len(figures.months) - 1) or m.endswith("-12")]
    need(ask("SELECT DISTINCT month FROM block_year_interval ORDER BY month") == [(m,) for m in shown], "months of the intervals")
    for view, of in (("monitor_population", "population"), ("monitor_space_use", "vacated_area"), ("monitor_industry", "jobs")):
        place = "block" if of in figures.of_blocks else None
        need(place is None or ask(f"SELECT count({of}) FROM {view}")[0][0] > 0, view)
        need(ask(f"SELECT count(*) FROM {view}") == ask("SELECT count(*) FROM block_month"), view)
    need(ask("SELECT name_zh, name_en FROM spaces WHERE replicate = 0 AND space = ?", given.hostile) == [(HOSTILE, HOSTILE)], "hostile name")
    need(ask("SELECT name_zh FROM blocks WHERE block = ?", given.hostile_block) == [(HOSTILE,)], "hostile name of a block")
    need(ask("SELECT DISTINCT name_zh FROM monitor_population WHERE block = ?", given.hostile_block) == [(HOSTILE,)], "hostile name in a view")
    need(ask("SELECT count(*) FROM events") == [(len(figures.file["events/month"]),)], "events")
    need(ask("SELECT count(*) FROM projects") == [(len(figures.file["projects/month"]),)], "projects")
    need(ask("SELECT count(*) FROM layer_styles WHERE styleQML LIKE '<!DOCTYPE qgis>%' AND useAsDefault = 1") == [(3,)], "styles")
    style = ask("SELECT styleQML FROM layer_styles WHERE f_table_name = 'block_month_map'")[0][0]
    need(xml.etree.ElementTree.fromstring(style).find("aliases/alias[@field='population']").get("name") == "Population", "labels of columns")
    key = "scenario_hash, replicate, month, block"
    try:
        base.execute(f"INSERT INTO block_month ({key}) SELECT {key} FROM block_month LIMIT 1")
        raise AssertionError("the key of block_month is not unique")
    except sqlite3.IntegrityError:
        pass
    base.close()
    # A file that stands is kept without --force, and so it is when the target cannot be written.
    before = target.read_bytes()
    need("--force" in given.export(given.base, target, code=7), "the advice")
    need(target.read_bytes() == before, "the file changed")
    given.export(given.base, given.folder / "nowhere" / "x.gpkg", code=7)
    given.export(given.base, given.folder / "x.parquet", code=2)
    given.export(given.base, given.folder / "x.csv", "--table", "nothing", code=2)
    given.export(given.base, given.folder / "x.gpkg", "--table", "spaces", code=2)
    need(not [f.name for f in given.folder.iterdir() if f.name.startswith(".") or f.name in ("x.parquet", "x.csv")], "something is left behind")


class Server:
    """A PostgreSQL server of its own on loopback, in a temporary folder; never as root."""

    def __init__(self, folder):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hutong_pg_"))
        found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        need(found, "PostgreSQL is not installed (packages/test-heavy.txt)")
        self.bin = found[-1].parent
        self.user = []
        if os.geteuid() == 0:
            self.user = ["runuser", "-u", "postgres", "--"]
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.data = self.folder / "data"
        self.sockets = self.folder
        run(*self.user, self.bin / "initdb", "-D", self.data, "-U", "owner", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
            cwd="/")
        self.start()

    def start(self):
        run(*self.user, self.bin / "pg_ctl", "-D", self.data, "-w", "-o",
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.sockets} -c fsync=off", "-l",
            self.folder / "log", "start", cwd="/")

    def stop(self):
        run(*self.user, self.bin / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", cwd="/")

    def sql(self, text, database="monitor", user="owner"):
        out = run("psql", "-X", "-h", "127.0.0.1", "-p", self.port, "-U", user, "-d", database, "-AtF", "|", "-v", "ON_ERROR_STOP=1", "-c", text)
        return [tuple(line.split("|")) for line in out.splitlines()]

    def target(self, database="monitor", user="owner"):
        return f"PG:host=127.0.0.1 port={self.port} dbname={database} user={user}"

    def close(self):
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def check_postgis(given):
    server = Server(given.folder)
    try:
        use_postgis(given, server)
    finally:
        server.close()


def use_postgis(given, server):
    server.sql("CREATE DATABASE monitor", "postgres")
    # A role that may not make tables: one message, nothing made.
    server.sql("CREATE ROLE reader LOGIN")
    said = given.export(given.shorter, server.target(user="reader"), code=7)
    need(said.count("\n") == 1, said)
    need(server.sql("SELECT count(*) FROM pg_class WHERE relname LIKE 'hutong%'") == [("0",)], "something was written")

    months = lambda: server.sql("SELECT count(*), count(DISTINCT month), count(DISTINCT scenario_hash), count(DISTINCT replicate) "  # noqa: E731
                                "FROM hutong_block_month")[0]
    short, longer = Figures(given.shorter), Figures(given.single)
    n = len(short.blocks)
    given.export(given.shorter, server.target())
    need(months() == (str(15 * n), "15", "1", "1"), months())
    given.export(given.shorter, server.target())
    need(months() == (str(15 * n), "15", "1", "1"), f"the same months twice: {months()}")
    # A longer run of the same scenario: its months are appended, the first ones replaced.
    server.sql("UPDATE hutong_block_month SET population = -1 WHERE month = '2018-01'")
    given.export(given.single, server.target())
    need(months() == (str(21 * n), "21", "1", "1"), f"months of the longer run: {months()}")
    compare(server, longer, "replicate = 0")
    # Another scenario stands beside it; what stood stays as it was.
    before = server.sql("SELECT md5(string_agg(m::text, '' ORDER BY ogc_fid)) FROM hutong_block_month m WHERE replicate = 0")
    given.export(given.base, server.target())
    compare(server, Figures(given.base), "replicate = -1")
    need(server.sql("SELECT md5(string_agg(m::text, '' ORDER BY ogc_fid)) FROM hutong_block_month m WHERE replicate = 0") == before,
         "another scenario's months changed")
    need(server.sql("SELECT count(*) FROM hutong_scenarios") == [("2",)], "scenarios")
    need(server.sql("SELECT count(*) FROM hutong_blocks") == [(str(n),)], "blocks stand once")
    for view in ("hutong_monitor_population", "hutong_monitor_space_use", "hutong_monitor_industry", "hutong_block_month_map"):
        need(server.sql(f"SELECT count(*) FROM {view}") == server.sql("SELECT count(*) FROM hutong_block_month"), view)
    need(server.sql("SELECT DISTINCT ST_SRID(geom), ST_IsValid(geom) FROM hutong_block_month_map") == [("4326", "t")], "shapes")
    need(server.sql("SELECT count(*) FROM hutong_spaces WHERE name_zh = $$" + HOSTILE + "$$") == [("2",)], "hostile name")
    need(server.sql("SELECT count(*) FROM hutong_blocks WHERE name_zh = $$" + HOSTILE + "$$") == [("1",)], "hostile name of a block")
    given.export(given.base, server.target())
    need(server.sql("SELECT count(*) FROM hutong_spaces WHERE name_zh = $$" + HOSTILE + "$$") == [("2",)], "spaces twice")
    try:
        server.sql("INSERT INTO hutong_block_month (scenario_hash, replicate, month, block) "
                   "SELECT scenario_hash, replicate, month, block FROM hutong_block_month LIMIT 1")
        raise RuntimeError("the key of hutong_block_month is not unique")
    except AssertionError as error:
        need("hutong_block_month_key" in str(error), str(error))
    # An older database lacks a column: it is added.
    server.sql("ALTER TABLE hutong_block_month DROP COLUMN jobs CASCADE")
    given.export(given.single, server.target())
    need(server.sql("SELECT count(jobs) FROM hutong_monitor_industry WHERE replicate = 0") == [(str(21 * n),)], "the column that was missing")

    # A database that refuses in the middle: nothing of the export stays.
    everything = "SELECT (SELECT md5(string_agg(m::text, '' ORDER BY ogc_fid)) FROM hutong_block_month m), (SELECT count(*) FROM hutong_events)"
    before = server.sql(everything)
    server.sql("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no more'; END $$; "
               "CREATE TRIGGER refuse BEFORE INSERT ON hutong_block_month FOR EACH ROW WHEN (NEW.month = '2018-06') EXECUTE FUNCTION refuse()")
    said = given.export(given.other, server.target(), code=7)
    need(said.count("\n") == 1 and "no more" in said, said)
    need(server.sql(everything) == before, "a refused export left something")
    server.sql("DROP TRIGGER refuse ON hutong_block_month")

    # No database, no server, a password on the command line.
    need("nothing_here" in given.export(given.single, server.target("nothing_here"), code=7), "name of the database")
    said = given.export(given.single, server.target() + " password=secret7", code=2)
    need("secret7" not in said and "PGPASSWORD" in said, said)
    said = given.export(given.single, "postgresql://owner:secret7@127.0.0.1/monitor", code=2)
    need("secret7" not in said, said)
    server.stop()
    said = given.export(given.single, server.target(), code=7)
    need(said.count("\n") == 1, said)
    server.start()
    need(server.sql(everything) == before, "after the server came back")


def compare(server, figures, where):
    for name in SOME:
        rows = server.sql(f"SELECT {column(name)} FROM hutong_block_month WHERE {where} ORDER BY month, block COLLATE \"C\"")
        order = sorted(range(len(figures.blocks)), key=lambda b: figures.blocks[b])
        wanted = figures.block(name)[:, order].reshape(-1)
        need(len(rows) == len(wanted), f"{name}: {len(rows)} rows")
        need(all(near(float(row[0]) if row[0] else None, value) for row, value in zip(rows, wanted, strict=True)), name)


CHECKS = {"csv": check_csv, "difference": check_difference, "geojson": check_geojson, "shp": check_shp, "gpkg": check_gpkg, "full_disk": check_full_disk, "postgis": check_postgis}

if __name__ == "__main__":
    signal.alarm(550)
    with tempfile.TemporaryDirectory(prefix="hutong_exports_") as name:
        given = Given(sys.argv[1], sys.argv[2], name)
        for wanted in sys.argv[3:] or CHECKS:
            CHECKS[wanted](given)
            print(wanted, "sound", flush=True)
