"""Shows: the styles, scripts and pictures of the pages, prepared from the installed front-end packages.

`python -m web.assets` fills `web/static/vendor/`. The GDS font, the crown and the crest are left behind: only a GOV.UK
service may use them, and this is not one.
"""

import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "web" / "static" / "vendor"
ADDRESS = "/static/vendor/"

GOVUK = PACKAGES / "govuk-frontend"
MOJ = PACKAGES / "@ministryofjustice" / "frontend"
HTMX = PACKAGES / "htmx.org"

STYLES = (
    GOVUK / "dist" / "govuk" / "govuk-frontend.min.css",
    MOJ / "moj" / "moj-frontend.min.css",
)
SCRIPTS = (
    GOVUK / "dist" / "govuk" / "govuk-frontend.min.js",
    MOJ / "moj" / "moj-frontend.min.js",
    HTMX / "dist" / "htmx.min.js",
)

# The maps are not copied, and a browser would report each one as missing.
SOURCE_MAP = re.compile(r"\s*(?:/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
FONT = re.compile(r"GDS Transport,\s*arial", re.IGNORECASE)
EMBLEM = re.compile(r"url\(/assets/images/[^)]*(?:crest|crown|logotype)[^)]*\)")
PICTURE = re.compile(rf"url\({re.escape(ADDRESS)}(images/[^)]+)\)")
NOT_OURS = re.compile(r"GDS Transport|@font-face|/assets/|images/[^)]*(?:crest|crown|logotype)", re.IGNORECASE)


class AssetsNotPrepared(Exception):
    """The front-end packages are missing, or hold something that the pages may not show."""


def prepared_style(css: str) -> str:
    """Return a prebuilt style sheet with Arial for the GDS font, no emblem, and the addresses of our own pictures."""
    css = SOURCE_MAP.sub("", css)
    css = FONT_FACE.sub("", css)
    css = FONT.sub("Arial", css)
    css = EMBLEM.sub("none", css)
    css = css.replace("/assets/", ADDRESS)
    if left := NOT_OURS.search(css):
        raise AssetsNotPrepared(f"A style sheet still holds '{left[0]}', which this service may not use.")
    return css


def prepared_script(javascript: str) -> str:
    """Return a prebuilt script without the pointer to its map."""
    return SOURCE_MAP.sub("", javascript)


def prepare() -> list[str]:
    """Fill the vendor folder afresh and return its file names; raise AssetsNotPrepared when that cannot be done."""
    missing = [package for package in (GOVUK, MOJ, HTMX) if not (package / "package.json").is_file()]
    if missing:
        names = " and ".join(package.relative_to(PACKAGES).as_posix() for package in missing)
        raise AssetsNotPrepared(f"The front-end packages are not installed ({names}): run `make setup` or `npm ci`.")

    styles = {path.name: prepared_style(path.read_text("utf-8")) for path in STYLES}
    scripts = {path.name: prepared_script(path.read_text("utf-8")) for path in SCRIPTS}
    versions = {
        package.relative_to(PACKAGES).as_posix(): json.loads((package / "package.json").read_text("utf-8"))["version"]
        for package in (GOVUK, MOJ, HTMX)
    }
    texts = styles | scripts
    pictures = sorted({name for css in styles.values() for name in PICTURE.findall(css)})

    shutil.rmtree(VENDOR, ignore_errors=True)
    (VENDOR / "images").mkdir(parents=True)
    for name, text in texts.items():
        (VENDOR / name).write_text(text, "utf-8")
    for name in pictures:
        shutil.copyfile(MOJ / "moj" / "assets" / name, VENDOR / name)
    # Last, because the Makefile takes it as the sign that the folder is complete.
    (VENDOR / "versions.json").write_text(json.dumps(versions, indent=2) + "\n", "utf-8")
    return sorted([*texts, *pictures, "versions.json"])


if __name__ == "__main__":
    try:
        names = prepare()
    except AssetsNotPrepared as problem:
        sys.exit(str(problem))
    print(f"{len(names)} front-end files are ready in {VENDOR.relative_to(ROOT)}.")
