"""The number desk: what the value says at which a loss stays."""

from lossnotes.desk.desk_widget import KnownValues, NumberDesk, number_desk

__all__ = ["KnownValues", "NumberDesk", "number_desk"]
