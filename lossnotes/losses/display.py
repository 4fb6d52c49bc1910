"""How a loss shows itself in a notebook: everything printed from its one source."""

import html

import sympy as sp

from lossnotes.assets import text


class Displayed:
    """Shows name, formulas, domain and reference of a loss."""

    name: str
    reference: str

    def _formulas(self) -> dict[str, sp.Expr | None]:
        raise NotImplementedError

    def _domains(self) -> str:
        return ""

    def _repr_html_(self) -> str:
        rows = [
            (label, f"\\[{html.escape(sp.latex(expr, ln_notation=True), quote=False)}\\]")
            for label, expr in self._formulas().items()
            if expr is not None
        ]
        if self._domains():
            rows.append(("domain", self._domains()))
        rows.append(("reference", html.escape(self.reference)))
        body = "".join(f'<tr><th scope="row">{label}</th><td>{cell}</td></tr>' for label, cell in rows)
        return (
            f"<style>{text('loss.css')}</style>"
            f'<table class="ln-loss tex2jax_process mathjax_process"><caption>{self.name}</caption>{body}</table>'
        )
