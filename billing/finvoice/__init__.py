"""Finvoice 3.0, the Finnish e-invoice: a frozen document in, XML out, alone or in the frame of an operator or bank.

Source: Finvoice 3.0 implementation guide and schema (Finance Finland). The schema takes wrong totals, references and
account numbers; `problems` names what ours must not have. Transport is no business of the register.
"""

from billing.finvoice.frames import Route, for_bank, for_operator
from billing.finvoice.writing import CannotWrite, Problem, problems, write

__all__ = ["CannotWrite", "Problem", "Route", "for_bank", "for_operator", "problems", "write"]
