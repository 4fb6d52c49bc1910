"""Words of authors: plain text, with ``$...$`` as math."""

import html
import re

#: What keeps MathJax out.
NO_MATH = "tex2jax_ignore mathjax_ignore"


def words(source: str) -> str:
    r"""Text as HTML, with ``$...$`` as math; ``\$`` is a dollar.

    Examples
    --------
    >>> words("Is $a < b$ & not <b>bold</b>?")
    'Is \\(a &lt; b\\) &amp; not &lt;b&gt;bold&lt;/b&gt;?'
    """
    parts = re.split(r"(?<!\\)\$(.+?)(?<!\\)\$", source, flags=re.DOTALL)
    return "".join(f"\\({html.escape(part)}\\)" if n % 2 else _outside_math(part) for n, part in enumerate(parts))


def _outside_math(part: str) -> str:
    # JupyterLab would take two dollars, or a bracket with a backslash, for math.
    escaped = html.escape(part)
    return re.sub(r"\\?\$|\\[()\[\]]", lambda found: f'<span class="{NO_MATH}">{found[0][-1]}</span>', escaped)
