"""Rows read one by one become a grouping, or one error that names everything wrong with them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from gst_opt.core import crosscheck
from gst_opt.core.errors import DataError, DataProblem
from gst_opt.core.grouping import Grouping, grouping_tables
from gst_opt.core.units import reference_of
from gst_opt.io.draft import Draft
from gst_opt.text import Message


def assemble(head: Draft, drafts: Iterable[Draft], others: Iterable[DataProblem]) -> Grouping:
    """Return the grouping that the drafts hold; `others` are problems of no draft.

    Raises
    ------
    DataError
        Listing the problems of every draft, and what the rows contradict in one another.
    """
    by_name = {draft.table.name: draft for draft in drafts}
    for draft in by_name.values():
        draft.good.sort(key=lambda entry: entry[1].key_values())
    for problem in [*_contradictions(by_name), *_broken_rows(by_name)]:
        by_name[problem.table].findings.add(problem.row, problem.column, problem.value, problem.expected)
    problems = [*others, *(problem for draft in (head, *by_name.values()) for problem in draft.findings.problems)]
    if problems:
        raise DataError(problems)
    return _grouping(head, by_name)


def _contradictions(drafts: Mapping[str, Draft]) -> Iterator[DataProblem]:
    """Cross-check the good rows; positions become lines."""
    tables = {name: tuple(row for _, row in draft.good) for name, draft in drafts.items()}
    refused = {
        name: {"", *draft.ids(), *_references_to(name, drafts)} if draft.opaque else {"", *draft.ids()}
        for name, draft in drafts.items()
        if draft.incomplete
    }
    lines = {name: [line for line, _ in draft.good] for name, draft in drafts.items()}
    return (_located(problem, lines[problem.table]) for problem in crosscheck.problems(tables, refused))


def _located(problem: DataProblem, lines: list[int]) -> DataProblem:
    """Turn positions into lines of the file, also where the sentence names another row."""
    values = dict(problem.expected.values)
    if isinstance(position := values.get("row"), int):
        values["row"] = lines[position - 1]
    return replace(problem, row=lines[problem.row - 1], expected=replace(problem.expected, values=values))


def _broken_rows(drafts: Mapping[str, Draft]) -> Iterator[DataProblem]:
    """Check the references and keys of rows that are broken in another column."""
    ids = {name: draft.ids() for name, draft in drafts.items()}
    for draft in drafts.values():
        yield from _repeated_keys(draft)
        for column, targets in _references(draft).items():
            if any(drafts[target].opaque for target in targets):
                continue
            known = set().union(*(ids[target] for target in targets))
            for line, values in draft.broken:
                value = values.get(column)
                if value is not None and value not in known:
                    target = reference_of(draft.table.row.model_fields[column])
                    expected = Message("core.unknown_reference", {"table": target})
                    yield DataProblem(draft.table.name, line, column, str(value), expected)


def _repeated_keys(draft: Draft) -> Iterator[DataProblem]:
    """Report the keys that a broken row shares with another row."""
    first: dict[tuple[str, ...], int] = {}
    good_keys: set[tuple[str, ...]] = set()
    for line, key, good in sorted(draft.keys(), key=lambda entry: entry[0]) if draft.broken else ():
        if first.setdefault(key, line) != line and not (good and key in good_keys):
            columns = ", ".join(draft.table.row.key)
            expected = Message("core.duplicate", {"columns": columns, "row": first[key]})
            yield DataProblem(draft.table.name, line, columns, ", ".join(key), expected)
        if good:
            good_keys.add(key)


def _references(draft: Draft) -> dict[str, tuple[str, ...]]:
    """Return the columns that refer to other tables, each with the tables that hold the ids."""
    targets = {name: reference_of(field) for name, field in draft.table.row.model_fields.items()}
    return {
        name: ("facilities", "zones") if target == "places" else (target,) for name, target in targets.items() if target
    }


def _references_to(table: str, drafts: Mapping[str, Draft]) -> set[str]:
    """Return every id by which good rows refer to a table."""
    return {
        str(getattr(row, column))
        for draft in drafts.values()
        for column, targets in _references(draft).items()
        if table in targets
        for _, row in draft.good
    }


def _grouping(head: Draft, drafts: Mapping[str, Draft]) -> Grouping:
    """Put the tables in their sections."""
    content: dict[str, object] = head.good[0][1].model_dump(exclude={"format_version"})
    for table in grouping_tables():
        rows = tuple(row for _, row in drafts[table.name].good)
        if table.section:
            section = content.setdefault(table.section, {})
            assert isinstance(section, dict)
            section[table.name] = rows
        else:
            content[table.name] = rows
    return Grouping.model_validate(content)
