"""Where the files are. The macro published_path() knows the same rule."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Paths:
    """The database that dbt builds, and what people open."""

    build: Path
    # None: what is built is published nowhere, and knows no history.
    published: Path | None = None
    contact: Path | None = None

    @property
    def kept(self) -> Path:
        """The folder of the published files that were replaced."""
        return self.build.parent / "kept"

    @property
    def before(self) -> Path:
        """Where the file of a release goes that published all it had."""
        return self.build.parent / "before_0.7.0.duckdb"

    @property
    def lock(self) -> Path:
        """The file that whoever builds or publishes holds locked."""
        return self.build.with_suffix(".lock")


def read_paths(environment: Mapping[str, str] = os.environ) -> Paths:
    """The paths that the environment says, from the project's root."""
    build = PROJECT / environment.get("CST_DUCKDB_PATH", "build/cst.duckdb")
    name = environment.get(
        "CST_PUBLISHED_PATH",
        "" if environment.get("CST_DUCKDB_PATH") else "cst.duckdb",
    )
    if not name:
        return Paths(build)
    published = PROJECT / name
    contact = environment.get("CST_CONTACT_PATH") or published.with_name(
        f"{published.stem}_contacts{published.suffix}"
    )
    return Paths(build, published, PROJECT / contact)
