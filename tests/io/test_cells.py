from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gst_opt.core.errors import GstOptError
from gst_opt.io import write_rows
from gst_opt.io.header import is_personal
from gst_opt.io.values import neutralise, restore


@given(st.text(st.sampled_from("='+-@\t\rA1"), max_size=6))
def test_restore_undoes_neutralise(text: str) -> None:
    assert restore(neutralise(text)) == text
    assert neutralise(text)[:1] not in tuple("=+-@\t\r")


def test_rows_of_all_sorts(tmp_path: Path) -> None:
    write_rows(
        tmp_path / "plan.csv",
        ("facility", "moves", "fte", "open", "note"),
        [("C1", -5, -5.9, True, None), ("=A1", 10**20, 1e-7, False, 'say "a", then\nb'), ("-", 0, 3.0, True, "-5.9")],
    )
    assert (tmp_path / "plan.csv").read_bytes().decode() == (
        "facility,moves,fte,open,note\n"
        "C1,-5,-5.9,true,\n"
        '\'=A1,100000000000000000000,1e-07,false,"say ""a"", then\nb"\n'
        "'-,0,3.0,true,'-5.9\n"
    )


def test_a_lone_empty_cell_is_still_a_row(tmp_path: Path) -> None:
    write_rows(tmp_path / "one.csv", ("note",), [(None,), ("x",)])
    assert (tmp_path / "one.csv").read_text() == 'note\n""\nx\n'


def test_rows_that_fail_half_way_leave_the_file_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "plan.csv"
    write_rows(target, ("a",), [(1,)])

    def rows() -> list[tuple[int]]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_rows(target, ("a",), (row for _ in (1, 2) for row in rows()))
    assert target.read_text() == "a\n1\n"
    assert list(tmp_path.iterdir()) == [target]
    with pytest.raises(GstOptError):
        write_rows(tmp_path / "nowhere" / "plan.csv", ("a",), [])


@pytest.mark.parametrize(
    "name",
    [
        *[
            "nom",
            "Prénom",
            "NAME",
            "first_name",
            "Last Name",
            "fullName",
            "birth_date",
            "date_naissance",
            "DateNaissance",
        ],
        *[
            "cin",
            "N° CIN",
            "phone",
            "Téléphone",
            "tel.",
            "e-mail",
            "EMAIL",
            "adresse",
            "matricule",
            "الاسم",
            "رقم الهاتف",
        ],
    ],
)
def test_personal_columns(name: str) -> None:
    assert is_personal(name)


@pytest.mark.parametrize(
    "name", ["id", "facility", "skill", "fte", "heads", "nominal", "telework", "renamed", "grade", ""]
)
def test_columns_that_are_not_personal(name: str) -> None:
    assert not is_personal(name)
