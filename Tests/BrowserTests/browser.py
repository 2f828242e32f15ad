"""A browser without a window, and what tests ask it."""

import base64
import pathlib
import shutil
import time
import urllib.parse

import axe_playwright_python
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / ".build/screenshots"
AXE = pathlib.Path(axe_playwright_python.__file__).with_name("axe.min.js")
HEIGHTS = {390: 844, 1280: 900, 2560: 1440}


class Browser:
    def __init__(self):
        options = webdriver.ChromeOptions()
        for argument in (
            "--headless=new",
            # In a container nobody but root may be there, whom the sandbox refuses; the pages are our own.
            "--no-sandbox",
            "--disable-dev-shm-usage",
            "--disable-gpu",
            "--hide-scrollbars",
            # A mouse, which a machine without a screen has not.
            "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
        ):
            options.add_argument(argument)
        # Said where they are, so that selenium downloads none.
        options.binary_location = shutil.which("chromium")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        self.set(1280)

    def quit(self):
        self.driver.quit()

    def set(self, width, scheme="dark", motion="no-preference"):
        """Sets width, colours and the wish for motion of the pages to come."""
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {
                "features": [
                    {"name": "prefers-color-scheme", "value": scheme},
                    {"name": "prefers-reduced-motion", "value": motion},
                ]
            },
        )
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": HEIGHTS[width], "deviceScaleFactor": 1, "mobile": width < 500},
        )

    def open(self, output, page):
        """Opens a page of an output folder from the disk, without what the last one remembered."""
        path, _, fragment = page.partition("#")
        self.driver.get("about:blank")
        self.driver.get(
            "file://" + urllib.parse.quote(str(pathlib.Path(output) / path)) + ("#" + fragment if fragment else "")
        )

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def one(self, selector):
        return self.driver.find_element("css selector", selector)

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def wait(self, script, what, seconds=20):
        """Waits until a script's value is true; returns it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.run(script)
            if value:
                return value
            time.sleep(0.03)
        raise AssertionError(f"{what}: {script} stayed {value!r} for {seconds} s")

    def errors(self):
        """What the console said since it was last asked."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def overflow(self):
        """By how many pixels the page is wider than the window."""
        return self.run("return document.documentElement.scrollWidth - innerWidth")

    def screenshot(self, name):
        """The whole page, up to the height that a picture can be looked at, with its pictures loaded."""
        self.run("for (const image of document.images) image.loading = 'eager'")
        self.wait("return [...document.images].every((image) => image.complete)", "pictures load")
        time.sleep(0.3)
        width, height = self.run("return [innerWidth, document.documentElement.scrollHeight]")
        picture = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot",
            {
                "captureBeyondViewport": True,
                "clip": {"x": 0, "y": 0, "width": width, "height": min(height, 4000), "scale": 1},
            },
        )
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        (SCREENSHOTS / f"{name}.png").write_bytes(base64.b64decode(picture["data"]))

    def violations(self):
        """What axe-core finds, as (impact, rule, elements)."""
        self.driver.execute_script(AXE.read_text())
        self.driver.set_script_timeout(60)
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            # Without preload: it would ask for the style by a request, which pages from a disk may not make.
            "axe.run(document, {resultTypes: ['violations'], preload: false}).then((found) => done(found.violations))"
        )
        return [(rule["impact"], rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]
