"""Open pages in Chromium with the network cut, and print what is seen.

    python tests/python/open_pages.py PAGE ...

By the environment of `make board`, which has Playwright. One line of JSON for
each page: its text, what it asked for, what failed, and what the console says.
"""

import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"


def seen(browser, path):
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    found = {"requests": [], "failed": [], "console": [], "dialogs": []}
    page.on("request", lambda request: found["requests"].append(request.url))
    page.on(
        "requestfailed", lambda request: found["failed"].append(request.url)
    )
    page.on("console", lambda message: found["console"].append(message.text))
    page.on("pageerror", lambda error: found["console"].append(str(error)))

    def refuse(dialog):
        found["dialogs"].append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    page.goto(path.resolve().as_uri(), wait_until="networkidle")
    # also what is behind the first page of a table
    found["text"] = page.evaluate(
        "[...document.querySelectorAll('h1,text,p,li,td,th,a')]"
        ".map(e => e.textContent.trim())"
    )
    found["links"] = page.evaluate(
        "[...document.querySelectorAll('a')].map(a => a.href.baseVal || a.href)"
    )
    found["scripts"] = page.evaluate("document.scripts.length")
    context.close()
    return found


def main(paths):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        for path in paths:
            print(json.dumps(seen(browser, Path(path))))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
