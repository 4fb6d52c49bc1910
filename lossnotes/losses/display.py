"""How a loss shows itself in a notebook: everything printed from its one source."""

import html
from collections.abc import Mapping
from typing import Any

import sympy as sp

from lossnotes.assets import MATH, display_math, style
from lossnotes.losses.checks import Parameter
from lossnotes.printing import latex


class Displayed:
    """Shows name, formulas, domain, parameters and reference of a loss."""

    name: str
    reference: str
    parameters: Mapping[str, Parameter]
    expr: sp.Expr
    short_gradient: sp.Expr | None
    likelihood: sp.Expr | None
    #: What symbols of ``short_gradient`` stand for.
    where: Mapping[sp.Expr, sp.Expr]

    @property
    def gradient_expr(self) -> sp.Expr:
        """The derivative of ``expr`` in the prediction."""
        raise NotImplementedError

    def _formulas(self) -> dict[str, sp.Basic | None]:
        shown = self.gradient_expr if self.short_gradient is None else self.short_gradient
        stands = next((sp.Eq(*pair, evaluate=False) for pair in self.where.items()), None)
        return {"loss": self.expr, "gradient": shown, "where": stands, "likelihood": self.likelihood}

    def _domains(self) -> list[str]:
        raise NotImplementedError

    def _repr_html_(self) -> str:
        formulas = {label: expr for label, expr in self._formulas().items() if expr is not None}
        rows = [_row(label, display_math(latex(expr))) for label, expr in formulas.items()]
        rows.append(_row("domain", ", ".join(f"\\({_escaped(domain)}\\)" for domain in self._domains())))
        rows += [_row("parameter", _described(name, parameter)) for name, parameter in self.parameters.items()]
        rows.append(_row("reference", html.escape(self.reference)))
        return (
            f"{style('loss')}"
            f'<table class="ln-loss {MATH}"><caption>{html.escape(self.name)}</caption>'
            f"{''.join(rows)}</table>"
        )


def _row(label: str, cell: str) -> str:
    return f'<tr><th scope="row">{label}</th><td>{cell}</td></tr>'


def _described(name: str, parameter: Parameter) -> str:
    default = "" if parameter.default is None else f", {parameter.default:g} unless given"
    where = rf"\({_escaped(latex(parameter.symbol))} \in {_escaped(latex(parameter.domain))}\)"
    return f"<code>{html.escape(name)}</code>: {where}{default}"


def _escaped(code: Any) -> str:
    return html.escape(code, quote=False)
