"""Rows inserted in plain SQL, made ready once for each model: a fraction of the time that `save` takes.

For the two places where every mail waits for it: the door, whose sender waits, and the line.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, ForeignKey, Model


class Insert:
    """The INSERT of a row of `model`, with the SQL `ending`. Called with values by attribute name, as for the model.

    What is not given gets the field's default, as in the model; nothing is checked but by the database.
    returns  the row that `ending` returns, None when it returns none
    """

    def __init__(self, model: type[Model], ending: str = "") -> None:
        self._model, self._ending = model, ending

    @cached_property
    def _fields(self) -> tuple[Field[Any, Any], ...]:
        return tuple(field for field in self._model._meta.local_concrete_fields if not isinstance(field, AutoField))

    @cached_property
    def _sql(self) -> str:
        names = ", ".join(f'"{field.column}"' for field in self._fields)
        marks = ", ".join(["%s"] * len(self._fields))
        return f'INSERT INTO "{self._model._meta.db_table}" ({names}) VALUES ({marks}) {self._ending}'

    @cached_property
    def _fixed(self) -> dict[str, Any]:
        """Defaults that are the same for every row, as the database takes them."""
        fixed = (field for field in self._fields if not callable(field.default))
        return {field.attname: self._ready(field, field.get_default()) for field in fixed}

    def __call__(self, **values: Any) -> Any:
        row = [
            self._ready(field, values.pop(field.attname))
            if field.attname in values
            else self._fixed[field.attname]
            if field.attname in self._fixed
            else self._ready(field, field.get_default())
            for field in self._fields
        ]
        if values:
            raise TypeError(f"{self._model.__name__} has no {', '.join(values)}")
        with connection.cursor() as cursor:
            cursor.execute(self._sql, row)
            return cursor.fetchone() if "RETURNING" in self._ending else None

    def keep(self, row: Model) -> None:
        """Insert `row`, new and whole; it knows its key then. The SQL has to end with RETURNING id.

        A row that it points to may have got its key since it was told of it.
        """
        for field in self._fields:
            if isinstance(field, ForeignKey) and field.is_cached(row):
                row_there = field.get_cached_value(row)
                setattr(row, field.attname, row_there and row_there.pk)
        (row.pk,) = self(**{field.attname: getattr(row, field.attname) for field in self._fields})
        row._state.adding, row._state.db = False, connection.alias

    @staticmethod
    def _ready(field: Field[Any, Any], value: Any) -> Any:
        return field.get_db_prep_save(value, connection)
