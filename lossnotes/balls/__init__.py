"""SymPy expressions as functions of exact numbers, with a bound on every rounding.

Rational numbers stay exact. Everything else is a ball of Arb (F. Johansson, "Arb: efficient
arbitrary-precision midpoint-radius interval arithmetic", 2017): a midpoint and a radius that
covers all rounding so far, so that two balls that do not meet prove two values different.
"""
