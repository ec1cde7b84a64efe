"""Base of every record: frozen, closed, without NaN."""

from typing import Any, ClassVar, Self, get_args

from pydantic import BaseModel, ConfigDict, model_validator


class Frozen(BaseModel):
    """A record that cannot change, refuses unknown fields, and refuses NaN and infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed, validated like a new record.

        Raises
        ------
        pydantic.ValidationError
            If a field is unknown or a value is refused.
        """
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(fields | changes)


class Row(Frozen):
    """A record that is one row of one table; `key` names the columns that identify it."""

    key: ClassVar[tuple[str, ...]] = ("id",)

    def key_values(self) -> tuple[str, ...]:
        """Return the values of the key columns, as text, for sorting and for finding duplicates."""
        return tuple(str(getattr(self, name)) for name in self.key)


class Section(Frozen):
    """A record that holds tables; each is kept sorted by key, so that the order of the rows never matters."""

    @classmethod
    def tables_of(cls) -> dict[str, type[Row]]:
        """Return the record type of every table that is a field of this section, by name."""
        first_args = {name: next(iter(get_args(field.annotation)), None) for name, field in cls.model_fields.items()}
        return {name: arg for name, arg in first_args.items() if isinstance(arg, type) and issubclass(arg, Row)}

    @model_validator(mode="after")
    def _sort(self) -> Self:
        for name in self.tables_of():
            rows: tuple[Row, ...] = getattr(self, name)
            object.__setattr__(self, name, tuple(sorted(rows, key=lambda row: row.key_values())))
        return self
