"""The pages in a real browser: what is seen, what plays, what follows what."""

import functools
import http.server
import os
import pathlib
import struct
import subprocess
import tempfile
import threading
import time
import unittest

import outputs
from browser import Browser
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

PAGES = {
    "overview": "index.html",
    "layer": "left/block_4_add/index.html",
    "unit": "right/block_4_add/7/index.html",
    "unit-with-graph": "left/block_4_add/7/index.html",
    "compare": "gallery/compare.html",
    "last-run": "gallery/nightly.html",
}
UNIT = PAGES["unit"]


def setUpModule():
    global folder, output, night, browser
    folder = tempfile.TemporaryDirectory(prefix="facetreel-browser-")
    output, night = pathlib.Path(folder.name) / "Output", pathlib.Path(folder.name) / "Night"
    output.mkdir()
    night.mkdir()
    outputs.render(output)
    outputs.night(night, sorted(output.glob("right/*/*/film.mp4")))
    browser = Browser()


def tearDownModule():
    browser.quit()
    folder.cleanup()


class CountingHandler(http.server.SimpleHTTPRequestHandler):
    """Python's own server, which knows no ranges of bytes. Films have 8 MB that say nothing at their ends: a browser seeks
    in what it has whole by itself."""

    films = 0

    def do_GET(self):
        if not self.path.endswith("film.mp4"):
            return super().do_GET()
        CountingHandler.films += 1
        padding = 8 << 20
        film = pathlib.Path(self.translate_path(self.path)).read_bytes()
        film += struct.pack(">I4s", padding, b"free") + bytes(padding - 8)
        self.send_response(200)
        self.send_header("Content-Type", "video/mp4")
        self.send_header("Content-Length", str(len(film)))
        self.end_headers()
        try:
            self.wfile.write(film)
        except ConnectionError:
            pass  # the browser has enough of it

    def log_message(self, *arguments):
        pass


class PageTests(unittest.TestCase):
    def setUp(self):
        browser.set(1280)
        browser.errors()

    def tearDown(self):
        self.assertEqual(browser.errors(), [], "the console has nothing to say")

    def test_every_page_renders_at_every_width(self):
        for scheme in ("dark", "light"):
            for width in (390, 1280, 2560):
                browser.set(width, scheme)
                for name, page in PAGES.items():
                    with self.subTest(page=name, width=width, scheme=scheme):
                        browser.open(output, page)
                        self.assertTrue(browser.one("h1").is_displayed())
                        self.assertLessEqual(browser.overflow(), 0, "nothing sticks out at the side")
                        if scheme == "dark" or width == 1280:
                            browser.screenshot(f"{name}-{width}-{scheme}")
                        broken = browser.run(
                            "return [...document.images].filter((i) => i.complete && !i.naturalWidth).map((i) => i.src)"
                        )
                        self.assertEqual(broken, [])

    def test_nothing_serious_for_those_who_do_not_see_or_point(self):
        for width, scheme in ((1280, "dark"), (1280, "light"), (390, "dark")):
            browser.set(width, scheme)
            for name, page in PAGES.items():
                with self.subTest(page=name, width=width, scheme=scheme):
                    browser.open(output, page)
                    browser.run("for (const d of document.querySelectorAll('details')) d.open = true")
                    found = browser.violations()
                    print(f"  axe-core, {name}, {width} px, {scheme}: {len(found)} findings")
                    for finding in found:
                        print(f"    {finding}")
                    self.assertEqual([one for one in found if one[0] in ("serious", "critical")], [])

    def test_the_focus_can_be_seen(self):
        browser.open(output, UNIT)
        for _ in range(14):
            ActionChains(browser.driver).send_keys(Keys.TAB).perform()
            name, width, style = browser.run(
                "const e = document.activeElement, s = getComputedStyle(e);"
                "return [e.outerHTML.slice(0, 80), parseFloat(s.outlineWidth), s.outlineStyle]"
            )
            self.assertTrue(width >= 1 and style != "none" or "<video" in name, f"{name}: {width} {style}")

    def test_a_page_without_scripts_is_whole(self):
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            browser.open(output, UNIT)
            self.assertTrue(browser.one("#curve path.line").get_attribute("d").startswith("M0.0 "))
            self.assertTrue(browser.one("video").get_attribute("controls"))
            self.assertEqual(len(browser.all("#curve ~ details tbody tr")), 71)
        finally:
            browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


class UnitTests(unittest.TestCase):
    FRAMES = "return Number(document.getElementById('curve').getAttribute('aria-valuenow'))"
    POINT = "return parseFloat(document.getElementById('now').style.left)"
    TIME = "return document.getElementById('film').currentTime"

    def setUp(self):
        browser.set(1280)
        browser.errors()
        browser.open(output, UNIT)
        self.last = int(browser.one("#curve").get_attribute("aria-valuemax"))

    def tearDown(self):
        self.assertEqual(browser.errors(), [], "the console has nothing to say")

    def test_nothing_is_loaded_or_starts_by_itself(self):
        time.sleep(0.5)
        state = browser.run("const f = document.getElementById('film'); return [f.paused, f.readyState, f.preload]")
        self.assertEqual(state, [True, 0, "none"])

    def test_the_film_plays_and_the_point_follows(self):
        browser.run("return document.getElementById('film').play()")
        seen = []
        for _ in range(8):
            frame = browser.wait(f"const f = (() => {{ {self.FRAMES} }})(); return f !== {seen[-1] if seen else 0} && f",
                                 "the film goes on")
            seen.append(frame)
        self.assertGreater(len(set(seen)), 4, seen)
        browser.run("document.getElementById('film').pause()")
        time.sleep(0.3)
        frame, place, at = (browser.run(script) for script in (self.FRAMES, self.POINT, self.TIME))
        self.assertGreater(browser.run("return document.getElementById('film').getVideoPlaybackQuality().totalVideoFrames"), 5)
        print(f"  frames seen: {seen}; paused at {at:.3f} s, frame {frame}, point at {place:.1f} %")
        self.assertLessEqual(abs(at * 30 - frame), 1.5)
        self.assertAlmostEqual(place, 100 * frame / self.last, delta=0.01)

    def test_a_click_on_the_curve_seeks(self):
        plot = browser.one("#curve")
        for part in (0.5, 0.25, 0.9):
            offset = round((part - 0.5) * plot.size["width"])
            ActionChains(browser.driver).move_to_element_with_offset(plot, offset, 10).click().perform()
            wanted = round(part * self.last)
            browser.wait(f"return Math.abs({self.TIME.removeprefix('return ')} * 30 - {wanted}) < 2", "the film seeks")
            self.assertAlmostEqual(browser.run(self.POINT), 100 * part, delta=1.5)

    def test_a_click_seeks_also_where_the_server_knows_no_ranges(self):
        # Python's own server is the one that people start.
        handler = functools.partial(CountingHandler, directory=str(output))
        asked = []
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                browser.driver.get(f"http://127.0.0.1:{server.server_port}/{UNIT}")
                plot = browser.one("#curve")
                for part in (0.5, 0.25, 0.9):
                    offset = round((part - 0.5) * plot.size["width"])
                    ActionChains(browser.driver).move_to_element_with_offset(plot, offset, 10).click().perform()
                    wanted = round(part * self.last)
                    browser.wait(
                        f"return Math.abs({self.TIME.removeprefix('return ')} * 30 - {wanted}) < 2", "the film seeks"
                    )
                    self.assertAlmostEqual(browser.run(self.POINT), 100 * part, delta=1.5)
                    asked.append(CountingHandler.films)
                self.assertEqual(len(set(asked)), 1, f"once it is whole, the film is not asked for again: {asked}")
            finally:
                server.shutdown()

    def test_a_drag_along_the_curve_seeks(self):
        plot = browser.one("#curve")
        width = plot.size["width"]
        ActionChains(browser.driver).move_to_element_with_offset(plot, -width // 4, 0).click_and_hold().move_by_offset(
            width // 2, 0
        ).release().perform()
        self.assertAlmostEqual(browser.run(self.POINT), 75, delta=2)

    def test_keys_in_the_curve_move_in_the_film_and_turn_no_page(self):
        plot = browser.one("#curve")
        address = browser.driver.current_url
        frames = []
        for key in (Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.PAGE_UP, Keys.END, Keys.PAGE_DOWN, Keys.HOME):
            plot.send_keys(key)
            frames.append(browser.run(self.FRAMES))
        facet = self.last // 2
        self.assertEqual(frames, [1, 2, 1, facet, self.last, facet, 0])
        self.assertEqual(browser.driver.current_url, address)
        self.assertIn("facet naive", plot.get_attribute("aria-valuetext"))
        browser.wait("return document.getElementById('film').readyState > 1", "the film was loaded to seek in it")

    def test_arrow_keys_turn_pages(self):
        body = browser.one("body")
        body.send_keys(Keys.ARROW_RIGHT)
        browser.wait("return location.pathname.includes('/block_4_add/8/')", "the next unit")
        browser.one("body").send_keys(Keys.ARROW_LEFT)
        browser.wait("return location.pathname.includes('/block_4_add/7/')", "the previous unit")
        browser.one("body").send_keys(Keys.ARROW_LEFT)
        browser.wait("return location.pathname.includes('/block_4_add/6/')", "the first unit")
        browser.one("body").send_keys(Keys.ARROW_LEFT)
        time.sleep(0.3)
        self.assertIn("/block_4_add/6/", browser.driver.current_url)

    def test_the_command_makes_the_same_film(self):
        with tempfile.TemporaryDirectory(prefix="facetreel-again-") as place:
            (pathlib.Path(place) / "Weights").symlink_to(outputs.NETWORKS)
            command = browser.run("return document.getElementById('command').textContent")
            environment = os.environ | {"PATH": f"{outputs.PROGRAM.parent}:{os.environ['PATH']}"}
            subprocess.run(["sh", "-ec", command], cwd=place, env=environment, check=True, capture_output=True)
            again = pathlib.Path(place) / "Again/right/block_4_add/7"
            for name in ("film.mp4", "poster.png", "facets/03-fourier.png"):
                first = (output / "right/block_4_add/7" / name).read_bytes()
                self.assertEqual(first, (again / name).read_bytes(), f"{name} differs")

    def test_the_pause_button_stops_every_film_and_is_remembered(self):
        browser.run("return document.getElementById('film').play()")
        browser.one("#pause").click()
        self.assertTrue(browser.run("return document.getElementById('film').paused"))
        browser.open(output, PAGES["layer"])
        self.assertEqual(browser.one("#pause").get_attribute("aria-pressed"), "true")
        browser.one("#pause").click()


class TrustTests(unittest.TestCase):
    OPACITIES = "return [...document.getElementById('importance').children].map((mask) => Number(mask.style.opacity))"

    def setUp(self):
        browser.set(1280)
        browser.errors()
        browser.open(output, PAGES["unit-with-graph"])

    def tearDown(self):
        self.assertEqual(browser.errors(), [], "the console has nothing to say")

    def choose(self, place):
        """Shows what matters, and goes to a part of the way from the first facet to the second."""
        browser.one("#matters").click()
        browser.wait("return !document.getElementById('importance').hidden", "what matters is shown")
        facets = browser.run("return JSON.parse(document.getElementById('data').textContent).facets.map((one) => one.frame)")
        for _ in range(round(place * facets[1])):
            browser.one("#curve").send_keys(Keys.ARROW_RIGHT)
        time.sleep(0.3)
        return browser.run(self.OPACITIES), round(place * facets[1]) / facets[1]

    def test_what_matters_follows_the_film_and_lies_upon_its_picture(self):
        above = "return document.querySelector('.curve').getBoundingClientRect().top"
        before = browser.run(above)
        opacities, part = self.choose(0.3)
        self.assertEqual(opacities[0], 1)
        self.assertAlmostEqual(opacities[1], part, 3)
        self.assertEqual(opacities[2:], [0] * (len(opacities) - 2))
        self.assertEqual(browser.run(above), before, "nothing moves")
        browser.screenshot("unit-what-matters")
        browser.one("#matters").click()
        self.assertFalse(browser.one("#importance").is_displayed())

    def test_what_matters_is_the_nearer_facets_where_motion_is_unwelcome(self):
        browser.set(1280, motion="reduce")
        browser.open(output, PAGES["unit-with-graph"])
        self.assertEqual(self.choose(0.3)[0][1], 0)

    def test_switches_show_what_matters_in_facets_and_hide_outlines(self):
        for switch, seen in (("#facets ~ .switch .matters", ".facets .importance"), (".outlines", ".cut svg")):
            before = browser.one(seen).is_displayed()
            browser.one(switch).click()
            self.assertNotEqual(browser.one(seen).is_displayed(), before, switch)

    def test_without_scripts_only_what_works_is_offered(self):
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            browser.open(output, PAGES["unit-with-graph"])
            self.assertFalse(browser.one("#matters").is_displayed())
            browser.one(".facets").location_once_scrolled_into_view
            browser.one("#facets ~ .switch .matters").click()
            self.assertTrue(browser.one(".facets .importance").is_displayed())
        finally:
            browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    def test_a_layer_is_sorted_and_filtered_by_grade(self):
        browser.open(output, PAGES["layer"])
        letters = "return [...document.querySelectorAll('#grid > li:not([hidden])')].map((card) => card.dataset.letter)"
        browser.one("#flagged").click()
        choose = "const [id, value] = arguments, s = document.getElementById(id); s.value = value; s.dispatchEvent(new Event('input'))"
        browser.run(choose, "sort", "grade")
        found = browser.run(letters)
        self.assertTrue({"A", "C"} <= set(found), found)
        self.assertEqual(found, sorted(found, reverse=True))
        for letter in "ABCD":
            browser.run(choose, "letter", letter)
            self.assertEqual(browser.run(letters), [letter] * found.count(letter))


class LayerTests(unittest.TestCase):
    SHOWN = "return [...document.querySelectorAll('#grid > li:not([hidden])')].map((card) => Number(card.dataset.{}))"

    def setUp(self):
        browser.set(1280)
        browser.errors()
        browser.open(night, "projection-layers/block_16_project_BN/index.html")

    def tearDown(self):
        self.assertEqual(browser.errors(), [], "the console has nothing to say")

    def choose(self, value):
        browser.run(
            "const s = document.getElementById('sort'); s.value = arguments[0]; s.dispatchEvent(new Event('input'))", value
        )

    def test_cards_sort_by_each_measure(self):
        browser.one("#flagged").click()
        self.assertEqual(browser.run(self.SHOWN.format("order")), list(range(320)))
        for value, falls in (("activation", True), ("robust", False), ("flicker", True)):
            self.choose(value)
            values = browser.run(self.SHOWN.format(value))
            self.assertEqual(values, sorted(values, reverse=falls), value)

    def test_flagged_films_come_first_unless_they_are_asked_not_to(self):
        flags = "return [...document.querySelectorAll('#grid li')].map((card) => card.dataset.flag)"
        worst = browser.run(self.SHOWN.format("robust"))
        count = sum(flag != "" for flag in browser.run(flags))
        self.assertGreater(count, 10)
        self.assertEqual(browser.run(flags), [str(place) for place in range(count)] + [""] * (320 - count))
        self.assertEqual(worst[:count], sorted(worst[:count]))
        self.assertTrue(all(value < 0.95 for value in worst[:count]) and all(value >= 0.95 for value in worst[count:]))
        self.assertEqual(len(browser.run("return [...document.querySelectorAll('#grid .badge')]")), count)
        browser.screenshot("night-layer-1280-flagged")
        # Within the flagged ones another order holds, and without the mark everywhere.
        self.choose("flicker")
        flicker = browser.run(self.SHOWN.format("flicker"))
        self.assertEqual(flicker[:count], sorted(flicker[:count], reverse=True))
        browser.one("#flagged").click()
        self.choose("unit")
        self.assertEqual(browser.run(self.SHOWN.format("order")), list(range(320)))

    def test_a_text_filters(self):
        browser.one("#filter").send_keys("33")
        self.assertEqual(browser.run(self.SHOWN.format("order")), [33])
        self.assertEqual(browser.one("#shown").text, "1 of 320 shown")
        browser.one("#filter").send_keys(Keys.ENTER)
        self.assertIn("block_16_project_BN", browser.driver.current_url)

    def test_pictures_load_when_they_are_near(self):
        time.sleep(1)
        loaded = browser.run("return [...document.images].filter((image) => image.complete && image.naturalWidth).length")
        print(f"  {loaded} of 320 pictures were loaded for the first screen")
        self.assertTrue(10 <= loaded <= 160, loaded)

    def test_a_film_plays_where_the_pointer_rests_unless_motion_is_unwelcome(self):
        playing = "const v = document.querySelector('#grid video'); return v !== null && !v.paused && v.currentTime > 0"

        def rest():
            ActionChains(browser.driver).move_to_element(browser.one("#grid li:nth-child(2) .picture")).perform()

        rest()
        browser.wait(playing, "a preview plays")
        ActionChains(browser.driver).move_to_element(browser.one("h1")).perform()
        self.assertEqual(browser.all("#grid video"), [])
        browser.one("#pause").click()
        rest()
        time.sleep(0.8)
        self.assertEqual(browser.all("#grid video"), [])
        browser.one("#pause").click()
        browser.set(1280, motion="reduce")
        rest()
        time.sleep(0.8)
        self.assertEqual(browser.all("#grid video"), [])


class CompareTests(unittest.TestCase):
    PARTS = "return ['film-a', 'film-b'].map((id) => document.getElementById(id)).map((f) => f.currentTime / f.duration)"

    def setUp(self):
        browser.set(1280)
        browser.errors()
        browser.open(output, "gallery/compare.html#a=right%2Fblock_4_add%2F7&b=left%2Fblock_4_add%2F7")

    def tearDown(self):
        self.assertEqual(browser.errors(), [], "the console has nothing to say")

    def test_the_address_says_which_two(self):
        self.assertIn("right", browser.one("#link-a").text)
        self.assertIn("left", browser.one("#link-b").text)
        self.assertTrue(browser.one("#link-a").get_attribute("href").endswith("/right/block_4_add/7/index.html"))
        browser.run("const s = document.getElementById('unit'); s.value = 2; s.dispatchEvent(new Event('input'))")
        self.assertIn("block_4_add%2F8", browser.driver.current_url)
        self.assertIn("right", browser.one("#link-a").text)

    def test_both_films_play_and_seek_together(self):
        browser.one("#play").click()
        browser.wait("return document.getElementById('film-a').currentTime > 0.4", "the left film plays")
        browser.wait("return document.getElementById('film-b').currentTime > 0.2", "the right film plays")
        browser.one("#play").click()
        time.sleep(0.3)
        played = browser.run(self.PARTS)
        plot = browser.one("#curve")
        ActionChains(browser.driver).move_to_element_with_offset(plot, round(plot.size["width"] / 4), 0).click().perform()
        time.sleep(0.8)
        sought = browser.run(self.PARTS)
        print(f"  played to {played}, sought to {sought}")
        self.assertAlmostEqual(played[0], played[1], delta=0.06)
        for part in sought:
            self.assertAlmostEqual(part, 0.75, delta=0.02)
        browser.screenshot("compare-1280-paused")


class NightTests(unittest.TestCase):
    def test_the_overview_of_1504_units_paints_at_once(self):
        size = (night / "index.html").stat().st_size
        browser.set(1280)
        paints = []
        for _ in range(3):
            browser.open(night, "index.html")
            paints.append(
                browser.wait(
                    "const p = performance.getEntriesByName('first-contentful-paint')[0]; return p && p.startTime", "paint"
                )
            )
        print(f"  overview of 1,504 units: {size} bytes, first contentful paint after {[round(p) for p in paints]} ms")
        self.assertLess(size, 300_000)
        self.assertEqual(len(browser.all(".tile")), 17)
        for width in (390, 1280, 2560):
            browser.set(width)
            browser.open(night, "index.html")
            self.assertLessEqual(browser.overflow(), 0)
            browser.screenshot(f"night-overview-{width}")


if __name__ == "__main__":
    unittest.main()
