"""All style sheets in one, without the rules that no page can use.

The theme, its neighbours and MathJax bring 800 KB of styles for every page that there
could be. A rule stays when the pages or their scripts hold each class, id and tag that it
speaks of. Measured with gzip: 31 KB in place of 117; with these, the heaviest lesson would
be 420 KB. A test in a browser holds this to account.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import tinycss2
from tinycss2 import ast

#: The file that takes the place of all others.
JOINED = "book.css"
_LINK = re.compile(r'[ \t]*<link[^>]*? href="([^"]+\.css)(?:\?[^"]*)?"[^>]*>\n?')
_ADDRESS = re.compile(r"url\([\"']?(?!data:|#|/)([^\"'()]+)[\"']?\)")
_IMPORT = re.compile(r'@import "([^"]+)";')
_WORD = re.compile(r"[\w-]+")
_NAMED = re.compile(r'\b(?:class|id)="([^"]*)"')
_TAG = re.compile(r"<([a-zA-Z][\w-]*)")
#: Rules that hold rules.
_NESTING = {"media", "supports", "layer", "container"}
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`")


def sheets(markup: str, page: Path) -> list[Path]:
    """The style sheets that a page links to, in their order; those of another page for one that links from the root."""
    paths = [(page.parent / address).resolve() for address in _LINK.findall(markup)]
    return [path for path in paths if path.is_file()]


def link(markup: str, root: str) -> str:
    """Markup that links to the joined sheet; ``root`` leads from the page to the site's top."""
    found = _LINK.search(markup)
    if found is None:
        return markup
    joined = f'<link rel="stylesheet" href="{root}_static/{JOINED}" />\n'
    return markup[: found.start()] + joined + _LINK.sub("", markup[found.end() :])


@dataclass(frozen=True)
class Rule:
    """Selectors with the names that each needs, and what they declare; or a rule that holds rules."""

    head: str
    selectors: tuple[tuple[frozenset[str], str], ...] = ()
    body: str = ""
    rules: tuple["Rule", ...] = ()

    def met_by(self, words: set[str]) -> str:
        """The text of what can match where these words are; nothing where that is nothing."""
        if self.rules:
            inside = "".join(rule.met_by(words) for rule in self.rules)
            return f"{self.head}{{{inside}}}" if inside else ""
        if self.selectors:
            met = ",".join(text for names, text in self.selectors if names <= words)
            return f"{met}{{{self.body}}}" if met else ""
        return f"{self.head}{{{self.body}}}"


def for_words(source: str, words: set[str]) -> str:
    """A style sheet with only those of its rules that these words can meet."""
    rules = _parsed(tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True))
    return "\n".join(text for rule in rules if (text := rule.met_by(words)))


def words_of_page(markup: str) -> set[str]:
    """Classes, ids and tags of a page, with the tag that a browser adds to each table."""
    names = (name for value in _NAMED.findall(markup) for name in value.split())
    return {*names, "tbody", *(tag.lower() for tag in _TAG.findall(markup))}


def words_of_script(source: str) -> set[str]:
    """Every word that a script holds in quotes: it may be a class."""
    return {word for text in _QUOTED.findall(source) for word in _WORD.findall(text)}


def read(path: Path, static: Path) -> str:
    """The text of a sheet and of those that it imports, with addresses as seen from ``static``."""
    folder = Path(os.path.relpath(path.parent, static.resolve()))
    text = path.read_text(encoding="utf-8")
    moved = _ADDRESS.sub(lambda found: f"url({(folder / found[1]).as_posix()})", text)
    return _IMPORT.sub(lambda found: read((path.parent / found[1]).resolve(), static), moved)


def _parsed(rules: Iterable[ast.Node]) -> Iterator[Rule]:
    for rule in rules:
        if isinstance(rule, ast.QualifiedRule):
            selectors = [(_names(part), _text(part)) for part in _split(rule.prelude)]
            yield Rule("", tuple(selectors), _declarations(rule))
        elif isinstance(rule, ast.AtRule) and rule.content is not None:
            head = f"@{rule.lower_at_keyword} {_text(rule.prelude)}"
            if rule.lower_at_keyword in _NESTING:
                inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                yield Rule(head, rules=tuple(_parsed(inside)))
            else:
                yield Rule(head, body=_text(rule.content))


def _split(prelude: list[ast.Node]) -> Iterator[list[ast.Node]]:
    part: list[ast.Node] = []
    for piece in prelude:
        if piece == ",":
            yield part
            part = []
        else:
            part.append(piece)
    yield part


def _names(selector: list[ast.Node]) -> frozenset[str]:
    """Classes, ids and tags without which a selector matches nothing. What stands in brackets is not asked."""
    found, before = set(), None
    for token in selector:
        if isinstance(token, ast.HashToken) or (isinstance(token, ast.IdentToken) and before == "."):
            found.add(token.value)
        elif isinstance(token, ast.IdentToken) and before != ":":
            found.add(token.lower_value)
        before = token
    return frozenset(found)


def _declarations(rule: ast.QualifiedRule) -> str:
    parts = tinycss2.parse_declaration_list(rule.content, skip_comments=True, skip_whitespace=True)
    return ";".join(_declaration(part) for part in parts if isinstance(part, ast.Declaration))


def _declaration(part: ast.Declaration) -> str:
    return f"{part.name}:{_text(part.value)}{'!important' if part.important else ''}"


def _text(tokens: list[ast.Node]) -> str:
    tokens = [token for token in tokens if not isinstance(token, ast.Comment)]
    return "".join(" " if isinstance(token, ast.WhitespaceToken) else token.serialize() for token in tokens).strip()
