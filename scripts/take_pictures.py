"""Take the pictures of docs/ from the boards and the documentation page.

    .venv-board/bin/python scripts/take_pictures.py

After `make board` and `make docs`, of the sample. Look at each before it is
committed: at three quarters of the size, words can still be read.
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
TARGET = PROJECT / "target"
CHROMIUM = "/usr/bin/chromium"
LINEAGE = "static_index.html#!/overview?g_v=1&g_i=1%2Btag:board"
# Each page, its picture, and what is taken of the middle of the window: left, top,
# width, height and scale.
PICTURES = [
    ("boards/zh/monthly_review.html", "board_monthly_review_zh.png",
     (0, 0, 1280, 1270, 0.75)),
    ("boards/en/monthly_review.html", "board_monthly_review_en.png",
     (0, 0, 1280, 1150, 0.75)),
    ("boards/zh/effect.html", "board_effect_zh.png", (0, 0, 1280, 1310, 0.75)),
    ("boards/en/effect.html", "board_effect_en.png", (0, 0, 1280, 1150, 0.75)),
    (LINEAGE, "lineage.png", (195, 95, 810, 810, 1)),
]


def main():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        for name, picture, (left, top, width, height, scale) in PICTURES:
            page = browser.new_page(
                viewport={"width": 2 * left + width, "height": 2 * top + height},
                device_scale_factor=scale,
            )
            page.goto(f"{TARGET.as_uri()}/{name}")
            # the graph moves until it stands
            page.wait_for_timeout(12000 if name == LINEAGE else 1000)
            file = PROJECT / "docs" / picture
            page.screenshot(
                path=file,
                clip={"x": left, "y": top, "width": width, "height": height},
            )
            print(picture, file.stat().st_size)
        browser.close()


if __name__ == "__main__":
    main()
