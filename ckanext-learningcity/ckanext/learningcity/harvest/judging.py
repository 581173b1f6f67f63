"""CKAN's validation (`navl`) of many datasets by one schema.

For each dataset CKAN's `validate` works out anew which validators its fields get and in which
order, and that takes longer than the validators do. It depends on which fields there are, not on
their values; so here it is worked out once for all datasets with the same fields. The validators
are called as CKAN calls them, in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ckan.lib.navl.dictization_functions import (
    Invalid,
    StopOnError,
    flatten_dict,
    flatten_schema,
    flattened_order_key,
    get_all_key_combinations,
    make_full_schema,
    missing,
    unflatten,
    validate,
)
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

Fields = dict[str, Any]

#: A validator and the number of its arguments.
_Validator = tuple[Callable[..., Any], int]

#: Different sets of fields that are remembered.
_KEPT = 500
#: Numbers of arguments by which CKAN knows validators: those that change the data themselves, and
#: those that take the context beside the value.
_WHOLE, _BOTH = 4, 2


@dataclass(frozen=True)
class _Plan:
    """What is done with datasets that have the same fields."""

    fields: tuple[FlattenKey, ...]  # what the schema knows
    missing: tuple[FlattenKey, ...]  # those that are not given
    elsewhere: tuple[tuple[FlattenKey, FlattenKey], ...]  # what goes to extras or junk instead
    lists: tuple[FlattenKey, ...]  # where only lists of mappings may be
    steps: tuple[tuple[FlattenKey, tuple[_Validator, ...]], ...]


class Judge:
    """A schema that is applied to one dataset after the other."""

    def __init__(self, schema: Fields) -> None:
        """Take a complete schema; see `rules.prepared`."""
        self._schema = schema
        self._flat = flatten_schema(schema)
        self._plans: dict[frozenset[FlattenKey], _Plan] = {}

    def judged(self, data: Fields, context: Context) -> tuple[Fields, bool]:
        """Return a dataset as CKAN's `validate` does, and whether all validators pass it."""
        flat = flatten_dict(data, schema=self._schema)
        plan = self._plan(flat)
        if any(flat[key] != [] for key in plan.lists):
            converted, errors = validate(data, self._schema, context)
            return converted, not errors
        found, errors = _run(plan, flat, Context({**context, "schema_keys": list(self._schema)}))
        converted = unflatten(found)
        for key, value in data.items():
            if value == []:
                converted.setdefault(key, [])
        return converted, not any(errors.values())

    def errors(self, data: Fields, context: Context) -> Fields:
        """Return what is wrong with a dataset, by field."""
        return validate(data, self._schema, context)[1]

    def _plan(self, flat: FlattenDataDict) -> _Plan:
        shape = frozenset(flat)
        if shape not in self._plans:
            if len(self._plans) >= _KEPT:
                self._plans.clear()
            self._plans[shape] = self._made_plan(flat)
        return self._plans[shape]

    def _made_plan(self, flat: FlattenDataDict) -> _Plan:
        full = make_full_schema(flat, self._schema)
        groups = get_all_key_combinations(flat, self._flat)
        unknown = [key for key in flat if key not in full]
        begins = {known[: len(key[::2])] for key in unknown for known in self._flat}
        names = [key for key in full if not key[-1].startswith("__")]
        return _Plan(
            fields=tuple(full),
            missing=tuple(key for key in names if key not in flat),
            elsewhere=tuple(
                (key, (*key[:-1], "__extras") if key[:-1] in groups else ("__junk",))
                for key in unknown
            ),
            lists=tuple(key for key in unknown if key[::2] in begins),
            steps=tuple((key, tuple(map(_with_arguments, full[key]))) for key in _order(full)),
        )


def _order(full: Mapping[FlattenKey, Any]) -> list[FlattenKey]:
    """Return the keys of a schema in the order in which CKAN's `validate` runs them."""
    keys: list[FlattenKey] = sorted(full, key=flattened_order_key)
    ends = ("__before", None, "__extras", "__after")
    phases = [[key for key in keys if _phase(key) == end] for end in ends]
    phases[-1].reverse()
    junk: list[FlattenKey] = [("__junk",)] if ("__junk",) in full else []
    return [*(key for phase in phases for key in phase), *junk]


def _phase(key: FlattenKey) -> str | None:
    return key[-1] if key[-1].startswith("__") else None


def _with_arguments(validator: Callable[..., Any]) -> _Validator:
    return validator, validator.__code__.co_argcount


def _run(
    plan: _Plan, flat: FlattenDataDict, context: Context
) -> tuple[FlattenDataDict, FlattenErrorDict]:
    found = dict(flat)
    aside: FlattenDataDict = {}
    for key, to in plan.elsewhere:
        aside.setdefault(to, {})[key if to == ("__junk",) else key[-1]] = found.pop(key)
    found.update(aside)
    found.update(dict.fromkeys(plan.missing, missing))
    errors: FlattenErrorDict = {key: [] for key in plan.fields}
    for key, validators in plan.steps:
        _apply(validators, key, found, errors, context)
    return found, errors


def _apply(
    validators: Iterable[_Validator],
    key: FlattenKey,
    found: FlattenDataDict,
    errors: FlattenErrorDict,
    context: Context,
) -> None:
    for validator, arguments in validators:
        try:
            if arguments == _WHOLE:
                validator(key, found, errors, context)
            elif arguments == _BOTH:
                found[key] = validator(found.get(key), context)
            else:
                found[key] = validator(found.get(key))
        except Invalid as error:  # noqa: PERF203 - the next validator is asked all the same
            errors[key].append(error.error)
        except StopOnError:
            return
