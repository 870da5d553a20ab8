"""Gathers the words of the pages in one place: the wordbook var/wordbook.pot, from which a translator works.

The words stay where they are read in their sentence, in templates/pages, in web/ and in the catalogue of events; this
finds them there.  The format is that of gettext, which translators' tools open.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import nodes

from web.pages import environment
from workflow.catalogue import CATALOGUE

_TAG = re.compile(r"<[^>]*>|&[a-z]+;")
_WORDS = re.compile(r"[A-Z][^\s]*[a-z].*|[a-z’]+[,.]? [a-z’].*|.*[a-z] [a-z].*", re.DOTALL)
# A name of a class, an address, a header or an attribute is for machines.
_FOR_MACHINES = re.compile(r"\S*(govuk|moj|vc)-.*|/\S*|[A-Za-z]+(-[A-Za-z]+)+|\S+=.*|[A-Z]+|\S+\(.*|[a-z]\w*: .*")

_PART_OF_A_TAG = re.compile(r"""=["']|/>|</|govuk-|vc-|\{\{""")


def wordbook(home: Path) -> str:
    """Every word of the pages with the files in which it stands, as a gettext template."""
    places: dict[str, set[str]] = {}
    for said, place in (*_in_templates(home), *_in_modules(home), *_in_events()):
        places.setdefault(said, set()).add(place)
    parts = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n']
    for said in sorted(places, key=lambda each: (sorted(places[each])[0], each)):
        found = "".join(f"#: {place}\n" for place in sorted(places[said]))
        quoted = said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        parts.append(f'{found}msgid "{quoted}"\nmsgstr ""\n')
    return "\n".join(parts)


def _in_templates(home: Path) -> Iterator[tuple[str, str]]:
    pages = home / "templates" / "pages"
    reads = environment(pages)
    for file in sorted(pages.rglob("*.html")):
        tree = reads.parse(file.read_text(encoding="utf-8"))
        place = file.relative_to(home).as_posix()
        for text in tree.find_all(nodes.TemplateData):
            # A tag may begin in one piece of the text and end in another.
            whole = re.sub(r"^[^<>]*>", "", re.sub(r"<[^<>]*$", "", text.data))
            yield from ((said, place) for said in map(_tidied, _TAG.split(whole)) if _is_said(said))
        for constant in tree.find_all(nodes.Const):
            if isinstance(constant.value, str) and _is_said(said := _tidied(_TAG.sub(" ", constant.value))):
                yield said, place


def _in_modules(home: Path) -> Iterator[tuple[str, str]]:
    for file in sorted((home / "web").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        # A text that is a statement by itself explains the code.
        explains = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
        place = file.relative_to(home).as_posix()
        for each in ast.walk(tree):
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in explains:
                said = _tidied(each.value)
                if file.stem != "wordbook" and _is_said(said):
                    yield said, place


def _in_events() -> Iterator[tuple[str, str]]:
    for kind in CATALOGUE.values():
        for said in (kind.label, kind.meaning, *(part for each in kind.fields for part in (each.label, each.hint))):
            if said:
                yield said, "workflow/catalogue"


def _tidied(text: str) -> str:
    return " ".join(text.split())


def _is_said(text: str) -> bool:
    return bool(_WORDS.fullmatch(text)) and not _FOR_MACHINES.fullmatch(text) and not _PART_OF_A_TAG.search(text)


def main() -> None:
    """Print the wordbook."""
    print(wordbook(Path(__file__).resolve().parents[1]), end="")


if __name__ == "__main__":
    main()
