"""Widgets that are plain HTML where there is no kernel."""

from typing import Any

import anywidget
import traitlets

from lossnotes import assets


class PageWidget(anywidget.AnyWidget):
    """A widget that brings its page along: an output holds the live view and what stands without it."""

    _esm = assets.bundle("widget.js", module=True)
    _css = assets.sheet(*assets.SHEETS)
    markup = traitlets.Unicode().tag(sync=True)
    #: What the script needs to know: numbers, words and trees of formulas.
    data = traitlets.Dict().tag(sync=True)

    def _without_kernel(self) -> dict[str, Any]:
        """What is shown without a kernel, by MIME type."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = super()._repr_mimebundle_(**kwargs) or ({}, {})
        data, metadata = live if isinstance(live, tuple) else (live, {})
        return {**data, **self._without_kernel()}, metadata
