"""The written site, made light: icons drawn, scripts shared, styles joined. The look of a page stays."""

from pathlib import Path

from sphinx.application import Sphinx

from lossnotes import assets
from lossnotes.sphinxext import fonts, icons, pictures, scripts, styles
from lossnotes.sphinxext.links import pages_of

#: Styles that outputs carry with them, because a notebook has no other place for them.
_OUTPUTS = [assets.text(f"{name}.css") for name in ("figure", "exercise", "derivation", "verify", "loss")]


def finish_site(app: Sphinx, exception: Exception | None) -> None:
    """Write each page again, without what it does not need."""
    if exception is None and app.builder.name == "html":
        lighten(Path(app.outdir))


def lighten(site: Path) -> None:
    """Draw icons, share scripts, move pictures into files, join styles, cut fonts."""
    static = site / "_static"
    (static / scripts.SHARED).write_text(scripts.shared(), encoding="utf-8")
    before = {path: path.read_text(encoding="utf-8") for path in pages_of(site)}
    pages = {path: _lighter(page, path, static) for path, page in before.items()}
    sources = dict.fromkeys(sheet for path, page in before.items() for sheet in styles.sheets(page, path))
    texts = scripts.of(pages.values(), static)
    source = "".join([icons.STYLE, *(styles.read(source, static) for source in sources), *_OUTPUTS])
    sheet = styles.Sheet(source, pages.values())
    used = {word for text in texts for word in styles.words_of_script(text)}
    for path, page in pages.items():
        words = styles.words_of_page(page)
        used |= words
        finished = styles.link(page, _root(path, site), sheet.for_first_picture(words))
        path.write_text(finished, encoding="utf-8")
    joined = sheet.for_words(used)
    (static / styles.JOINED).write_text(joined, encoding="utf-8")
    fonts.cut(static / "math" / "fonts", joined)


def _lighter(markup: str, path: Path, static: Path) -> str:
    for style in _OUTPUTS:
        markup = markup.replace(f"<style>{style}</style>", "")
    markup = icons.draw(markup, static / "scripts" / "fontawesome.js")
    markup = pictures.move(markup, _root(path, static.parent), static.parent)
    return scripts.lighten(scripts.share(markup, _root(path, static.parent)), static)


def _root(path: Path, site: Path) -> str:
    """What leads from a page to the site's top."""
    return "../" * len(path.relative_to(site).parent.parts)
