"""The pages as a site, in Chromium: on a wide screen and on a phone, and its search."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.e2e.chromium import waiting
from tests.site.built_site import SEARCHES, SITE, site_file, written_pages

pytestmark = pytest.mark.browser

RUNS_OUT = """
const wide = [...document.querySelectorAll("pre")].filter(each => each.scrollWidth > each.clientWidth);
return wide.map(each => each.innerText);
"""
IS_WIDER = "return document.documentElement.scrollWidth > innerWidth"
FIRST_RESULT = (By.CSS_SELECTOR, "#search-results ul.search > li > a")
COPY = (By.CSS_SELECTOR, ".highlight button.copybtn")


def asked(driver: webdriver.Chrome, script: str) -> object:
    """Run a script in the page."""
    return cast("object", driver.execute_script(script))  # pyright: ignore[reportUnknownMemberType]  selenium's *args


def resize(driver: webdriver.Chrome, width: int) -> None:
    """Make the page as wide as a screen; a window of Chromium cannot be as narrow as a phone."""
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)  # pyright: ignore[reportUnknownMemberType]  selenium's dict


def test_no_code_runs_out_of_its_box(driver: webdriver.Chrome) -> None:
    """On no page is a line of code cut off, or the page wider than the screen, of a desk or of a phone."""
    faults: dict[tuple[str, int], object] = {}
    for page in written_pages():
        driver.get(page.as_uri())
        for width in (1400, 390):
            resize(driver, width)
            if (runs_out := asked(driver, RUNS_OUT)) or asked(driver, IS_WIDER):
                faults[str(page.relative_to(SITE)), width] = runs_out
    assert faults == {}


@pytest.mark.parametrize(("words", "page"), SEARCHES.items())
def test_the_first_result_of_a_search_is_the_page_about_it(driver: webdriver.Chrome, words: str, page: str) -> None:
    """Who searches is led to the page about it, before all that only use the words."""
    resize(driver, 1400)
    driver.get(f"{site_file('search.html').as_uri()}?q={words}")
    waiting(driver).until(lambda driver: driver.find_elements(*FIRST_RESULT))
    href = driver.find_element(*FIRST_RESULT).get_attribute("href")
    assert href is not None
    assert Path(href.partition("#")[0]).stem == page.rpartition("/")[2]


def test_each_block_of_code_has_a_copy_button(driver: webdriver.Chrome) -> None:
    """A block of code can be copied by one button."""
    driver.get(site_file("tutorial/first-app.html").as_uri())
    blocks = len(driver.find_elements(By.CSS_SELECTOR, ".highlight > pre"))
    waiting(driver).until(lambda driver: len(driver.find_elements(*COPY)) == blocks)
    assert blocks > 5
