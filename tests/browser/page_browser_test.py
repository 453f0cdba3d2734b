"""The page of `dangbo report` in headless Chromium: drawn, folded, filtered, read and compared.

page_browser_test.py COMMAND SOURCE_FOLDER WORK_FOLDER [unittest arguments]
"""

import base64
import csv
import io
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

try:
    from selenium import webdriver
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By
    from selenium.webdriver.chrome.service import Service
except ImportError:
    print("skipped: python3-selenium is not installed")
    sys.exit(77)

COMMAND, SOURCE, WORK = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
KHOI = SOURCE / "examples" / "khoi_2020"
DAY = "2020-11-30"
CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")


def dangbo(*arguments):
    """What the command prints. Fails with its complaint."""
    done = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"dangbo {' '.join(map(str, arguments))}: {done.stderr}")
    return done.stdout


def rows(*arguments):
    return list(csv.DictReader(io.StringIO(dangbo(*arguments, "--format", "csv"))))


def number(text):
    """2712 from "2.712" or "2,712"."""
    return int("".join(digit for digit in text if digit.isdigit()))


def open_browser(profile):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--window-size=1280,1600", f"--user-data-dir={profile}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service(DRIVER), options=options)


class Browser(unittest.TestCase):
    """One browser for all pages."""

    @classmethod
    def setUpClass(cls):
        cls.profile = tempfile.TemporaryDirectory()
        cls.browser = open_browser(cls.profile.name)

    @classmethod
    def tearDownClass(cls):
        cls.browser.quit()
        cls.profile.cleanup()

    def show(self, *arguments, name="page.html", data=KHOI):
        page = WORK / name
        dangbo("report", data, "--on", DAY, *arguments, "-o", page)
        self.browser.get(page.as_uri())
        return page

    def all(self, selector, root=None):
        return (root or self.browser).find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector, root=None):
        return (root or self.browser).find_element(By.CSS_SELECTOR, selector)

    def script(self, text, *arguments):
        return self.browser.execute_script(text, *arguments)

    def click(self, node):
        self.script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", node)
        node.click()

    def is_shown(self, node):
        return self.script("return arguments[0].checkVisibility()", node)

    def tearDown(self):
        complaints = [entry for entry in self.browser.get_log("browser") if entry["level"] == "SEVERE"]
        self.assertEqual(complaints, [])


class Page(Browser):
    """The page of the committed body."""

    def setUp(self):
        self.page = self.show("--published", SOURCE / "examples/published/figures.csv",
                              "--body", "003", "--reorganisation", "2020-07-01")

    def test_nothing_comes_from_outside(self):
        self.assertEqual(self.script("return performance.getEntriesByType('resource').length"), 0)
        self.assertNotIn("http://", self.page.read_text().replace("http://www.w3.org/", ""))
        self.assertNotIn("https://", self.page.read_text())
        self.assertEqual(self.one("html").get_attribute("lang"), "vi")

    def test_every_picture_is_drawn(self):
        pictures = self.all("svg[role=img]")
        self.assertGreaterEqual(len(pictures), 8)
        for picture in pictures:
            name = picture.get_attribute("id")
            box = picture.rect
            self.assertGreater(min(box["width"], box["height"]), 10, name)
            shapes = self.script(
                "return [...arguments[0].querySelectorAll('rect,path,polyline,circle,line')]"
                ".map(s => s.getBBox()).filter(b => b.width > 0 || b.height > 0).length", picture)
            self.assertGreater(shapes, 1, name)
            outside = self.script(
                "const v = arguments[0].viewBox.baseVal;"
                "return [...arguments[0].querySelectorAll('rect,text')].map(s => [s.getBBox(), s.textContent])"
                ".filter(([b]) => b.x < v.x - 1 || b.y < v.y - 1 || b.x + b.width > v.width + v.x + 1"
                " || b.y + b.height > v.height + v.y + 1).map(([b, text]) => text)", picture)
            self.assertEqual(outside, [], f"{name}: stands outside the picture")
            self.assertTrue(self.one("title", picture).get_attribute("textContent"))
            tables = self.script(
                "let at = arguments[0]; while (at && !at.querySelector('table')) at = at.parentElement;"
                "return at ? at.querySelectorAll('tbody tr').length : 0", picture)
            self.assertGreater(tables, 0, f"{name}: no table beside the picture")

    def test_units_have_the_members_that_the_tree_says(self):
        expected = {row["unit_id"]: int(row["members_below"])
                    for row in rows("tree", KHOI, "--on", DAY)}
        shown = {}
        for node in self.all("[data-unit]"):
            shown[node.get_attribute("data-unit")] = int(node.get_attribute("data-members"))
        self.assertEqual(shown, expected)
        for node in self.all("#cards > li > details > summary > b, .root > b"):
            unit = self.script("return arguments[0].closest('[data-unit]').dataset.unit", node)
            self.assertEqual(number(node.get_attribute("textContent")), expected[unit])

    def test_headline_figures_are_those_of_queries(self):
        sexes = {row["sex"]: int(row["count"])
                 for row in rows("rollup", KHOI, "--on", DAY, "--by", "sex")}
        standing = {row["standing"]: int(row["count"])
                    for row in rows("rollup", KHOI, "--on", DAY, "--by", "standing")}
        self.assertEqual(number(self.one("#key-members b").text), sum(sexes.values()))
        self.assertEqual(number(self.one("#key-members b").text), 2712)
        self.assertEqual(number(self.one("#key-sex b").text), sexes["female"])
        self.assertEqual(number(self.one("#key-standing b").text), standing["probationary"])

    def test_tables_of_pictures_add_up_to_the_base(self):
        for name in ("standing", "sex"):
            self.click(self.one(f"#composition-{name} details.data > summary"))
            cells = self.all(f"#composition-{name} tbody tr:not(.total) td:nth-child(2)")
            self.assertEqual(sum(number(cell.text) for cell in cells), 2712, name)
            by = {row[name]: int(row["count"])
                  for row in rows("rollup", KHOI, "--on", DAY, "--by", name)}
            self.assertEqual(sorted(number(cell.text) for cell in cells), sorted(by.values()))

    def test_published_stand_beside_computed(self):
        table = self.all("#published-table tbody tr")
        self.assertGreaterEqual(len(table), 9)
        for row in table:
            published, computed = (cell.text for cell in self.all("td", row)[2:4])
            self.assertEqual(number(published), number(computed), row.text)
            self.assertIn("✓", row.text)

    def test_every_picture_says_day_base_and_scope(self):
        for basis in self.all("figcaption .basis"):
            text = basis.get_attribute("textContent")
            self.assertRegex(text, r"\d{4}", text)
            self.assertRegex(text, "cấp dưới|riêng|ngày của từng|Ngày|ngày", text)
        self.assertTrue(self.all("figcaption .basis"))

    def test_folding_by_clicking(self):
        card = self.one("#cards li[data-unit=K01]")
        child = self.one("li[data-unit='K01.1']", card)
        self.assertFalse(self.is_shown(child))
        self.click(self.one("summary", card))
        self.assertTrue(self.is_shown(child))
        self.click(self.one("summary", card))
        self.assertFalse(self.is_shown(child))
        self.click(self.one("#open-all"))
        self.assertTrue(all(self.is_shown(node) for node in self.all("#cards li li")))
        self.click(self.one("#close-all"))
        self.assertFalse(any(self.is_shown(node) for node in self.all("#cards li li")))

    def test_folding_by_keyboard(self):
        summary = self.one("#cards li[data-unit=K01] summary")
        self.script("arguments[0].focus()", summary)
        ActionChains(self.browser).send_keys("\ue007").perform()
        self.assertTrue(self.is_shown(self.one("#cards li[data-unit='K01.1']")))

    def wait_for_count(self):
        for _ in range(50):
            text = self.one("#filter-count").text
            if text:
                return text
            self.browser.implicitly_wait(0)
            ActionChains(self.browser).pause(0.05).perform()
        return ""

    def test_filtering_without_marks_finds_names_with_them(self):
        box = self.one("#filter")
        box.send_keys("so noi vu")
        self.assertIn("1 ", self.wait_for_count())
        shown = [node.get_attribute("data-unit") for node in self.all("#cards > li")
                 if self.is_shown(node)]
        self.assertEqual(shown, ["K01"])
        box.clear()
        box.send_keys("không có đâu")
        for _ in range(50):
            if self.one("#filter-count").text.startswith("không"):
                break
            ActionChains(self.browser).pause(0.05).perform()
        self.assertFalse(any(self.is_shown(node) for node in self.all("#cards > li")))

    def test_pointing_at_a_box_tells_what_it_is(self):
        tip = self.one("#tip")
        self.assertFalse(tip.is_displayed())
        box = self.one("#treemap-svg rect[data-tip]")
        ActionChains(self.browser).move_to_element(box).perform()
        self.assertTrue(tip.is_displayed())
        self.assertEqual(tip.text, box.get_attribute("data-tip"))

    def test_the_mark_of_invented_data(self):
        self.assertTrue(self.one("#synthetic").is_displayed())
        for picture in self.all("svg[role=img]"):
            self.assertIn("mô phỏng", picture.get_attribute("textContent").lower())

    def test_before_and_after_the_reorganisation(self):
        text = self.one("#reorganisation").text
        for unit, before, after in (("K01", 138, 102), ("K02", 45, 81)):
            for on, expected in (("2020-06-30", before), ("2020-07-01", after)):
                [row] = rows("rollup", KHOI, "--on", on, "--unit", unit)
                self.assertEqual(int(row["count"]), expected)
            self.assertIn(str(before), text)
            self.assertIn(str(after), text)

    def test_prints_on_a4(self):
        sheet = self.browser.execute_cdp_cmd(
            "Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
        pdf = base64.b64decode(sheet["data"])
        self.assertTrue(pdf.startswith(b"%PDF"))
        boxes = pdf.count(b"/MediaBox")
        self.assertGreater(boxes, 2)
        self.assertLess(boxes, 40)
        self.assertIn(b"/MediaBox [0 0 59", pdf)  # 595 by 842 points

    def test_fits_a_telephone(self):
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True})
        try:
            self.browser.refresh()
            width = self.script("return document.documentElement.scrollWidth")
            self.assertLessEqual(width, 391)
        finally:
            self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


class Trends(Browser):
    """The direct units under the trend."""

    FROM = "2019-12-31"

    def test_unfolds_to_the_direct_units(self):
        self.show("--trend", "2019-12-01", name="trends.html")
        fold = self.one("#unit-trends")
        table = self.one("table", fold)
        self.assertFalse(self.is_shown(table))
        self.click(self.one("summary", fold))
        self.assertTrue(self.is_shown(table))
        # What the lines begin and end with is what the trees of those days say.
        first, last = ({row["name"]: int(row["members_below"]) for row in rows("tree", KHOI, "--on", day)
                        if row["level"] == "1"} for day in (self.FROM, DAY))
        lines = self.all("tbody tr", table)
        self.assertEqual(len(lines), len(last))
        for line in lines:
            cells = [cell.text for cell in self.all("th,td", line)]
            self.assertEqual(number(cells[3]), last[cells[0]], cells)
            if cells[0] in first:
                self.assertEqual(number(cells[2]), first[cells[0]], cells)
            drawn = self.one("svg.spark", line).rect
            self.assertGreater(min(drawn["width"], drawn["height"]), 20, cells)

    def test_folded_it_is_not_printed(self):
        self.show("--trend", "2019-12-01", name="trends.html")
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        try:
            fold = self.one("#unit-trends")
            self.assertFalse(self.is_shown(fold))
            self.script("arguments[0].open = true", fold)
            self.assertTrue(self.is_shown(self.one("table", fold)))
        finally:
            self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})

    def test_unfolded_it_fits_a_telephone(self):
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True})
        try:
            self.show("--trend", "2019-12-01", name="trends.html")
            self.script("document.querySelector('#unit-trends').open = true")
            self.assertLessEqual(self.script("return document.documentElement.scrollWidth"), 391)
        finally:
            self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


class Audiences(Browser):
    """What is withheld, from whom."""

    SENSITIVE = "#composition-ethnicity, #composition-religion, #units-sensitive"

    def small_counts(self):
        """Counts from 1 to 4 in tables of ethnicity and religion; how many are not recorded is no secret."""
        cells = self.script(
            "return [...document.querySelectorAll(arguments[0])].flatMap(at => "
            "[...at.querySelectorAll('table')].flatMap(table => {"
            " const heads = [...table.querySelectorAll('thead th')].map(head => head.textContent);"
            " return [...table.querySelectorAll('tbody tr')].flatMap(row => [...row.cells].map("
            "  (cell, at) => [heads[at], row.cells[0].textContent, cell.textContent.trim()])); }))",
            self.SENSITIVE)
        self.assertGreater(len(cells), 20)
        return [cell for cell in cells if cell[2] in ("1", "2", "3", "4")
                and not any(word.endswith("không ghi") for word in cell[:2])]

    def test_small_groups_are_for_the_internal_audience(self):
        self.show("--audience", "internal", name="internal.html")
        self.assertTrue(self.small_counts(), "the example has small groups")
        self.show(name="public.html")
        self.assertEqual(self.small_counts(), [])
        self.assertTrue(self.one("#left-out").text)


class Languages(Browser):
    """English, and names that bite."""

    def test_english(self):
        self.show("--lang", "en", name="english.html")
        self.assertEqual(self.one("html").get_attribute("lang"), "en")
        self.assertEqual(number(self.one("#key-members b").text), 2712)
        self.assertIn("synthetic", self.one("#synthetic").text.lower())

    def test_hostile_names_are_names(self):
        folder = WORK / "hostile"
        folder.mkdir(exist_ok=True)
        names = ["<script>document.title='taken'</script>", "<img src=x onerror=document.title='taken'>",
                 "\"'><b>đậm</b>", "a\u202etừ phải\u2066 sang", "&amp;lt; ]]> </style>", "Đ" * 10000]
        lines = ["unit_id,from,parent_id,kind,class,name", "R,2000-01-01,,KHOI,CTCS,Gốc"]
        for index, name in enumerate(names):
            quoted = '"' + name.replace('"', '""') + '"'
            lines.append(f"U{index},2000-01-01,R,CBCS,TCCS,{quoted}")
        (folder / "units.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.show(name="hostile.html", data=folder)
        self.assertNotEqual(self.browser.title, "taken")
        self.assertEqual(self.all("#cards script, #cards img"), [])
        texts = [node.get_attribute("textContent") for node in self.all("#cards .nm")]
        self.assertEqual(len(texts), len(names))
        self.assertIn(names[0], texts)
        self.assertLess(max(map(len, texts)), 2000)
        self.assertTrue(self.one("#missing").text)


if __name__ == "__main__":
    if CHROMIUM is None or DRIVER is None:
        print("skipped: chromium and chromium-driver are not installed")
        sys.exit(77)
    WORK.mkdir(parents=True, exist_ok=True)
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
