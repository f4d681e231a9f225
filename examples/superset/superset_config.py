"""What a trial of Superset needs: a secret, and a page in Chinese."""

import os

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
LANGUAGES = {
    "zh": {"flag": "cn", "name": "中文"},
    "en": {"flag": "us", "name": "English"},
}
BABEL_DEFAULT_LOCALE = "zh"
