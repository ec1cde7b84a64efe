"""Folders broken in one or many ways: one error that names every problem, and nothing else."""

from pathlib import Path

import pytest

from gst_opt.core.errors import DataError
from gst_opt.io import read, read_folder
from gst_opt.text import Lang
from tests.io.tiny import TINY, Change, edit, folder_instead, link, put, recode, remove, rename, write_tiny

F, S = "facilities.csv", "staff.csv"
Place = tuple[str, int, str]

ONE_FAULT: list[tuple[str, Change, list[Place]]] = [
    # files
    ("no grouping.csv", remove("grouping.csv"), [("grouping.csv", 0, "")]),
    ("no facilities.csv", remove(F), [(F, 0, "")]),
    ("stray table", put("people.csv", "id\n"), [("people.csv", 0, "")]),
    ("misspelt file", rename("skills.csv", "skill.csv"), [("skill.csv", 0, "")]),
    ("upper-case file", rename("zones.csv", "Zones.CSV"), [("Zones.CSV", 0, "")]),
    ("empty file", put(S, ""), [(S, 0, "")]),
    ("only blank lines", put(S, "\n\n \n"), [(S, 0, "")]),
    ("empty facilities", put(F, b"\xef\xbb\xbf"), [(F, 0, "")]),
    ("folder in place of a file", folder_instead(F), [(F, 0, "")]),
    ("link out of the folder", link(S, "/etc/hostname"), [(S, 0, "")]),
    ("link to nothing", link(S, "nowhere.txt"), [(S, 0, "")]),
    ("link to itself", link("skills.csv", "skills.csv"), [("skills.csv", 0, "")]),
    ("link to a device", link(S, "/dev/zero"), [(S, 0, "")]),
    # bytes
    ("latin-1", recode(F, "latin-1"), [(F, 2, "")]),
    ("utf-16", recode(F, "utf-16"), [(F, 1, "")]),
    ("utf-16 without mark", recode(F, "utf-16-le"), [(F, 1, "")]),
    ("spreadsheet renamed", put(F, b"PK\x03\x04\x14\x00\x08\xff\x00\n\x00\xfe\n"), [(F, 1, "")]),
    ("nul byte", edit(F, "Centre Nord", "Centre\0Nord"), [(F, 3, "")]),
    ("nul byte in the header", edit(F, "commune", "com\0mune"), [(F, 1, "")]),
    ("10 MB line", edit(F, "Centre Nord", "C" * 10_000_000), [(F, 3, "")]),
    ("10 MB header", put(S, "facility" * 1_250_000), [(S, 1, "")]),
    (
        "10 MB without line end",
        put("zones.csv", "id,name,commune,province,urban\n" + "Z" * 10_000_000),
        [("zones.csv", 2, "")],
    ),
    ("quote not closed", edit(F, "Centre Nord", '"Centre Nord'), [(F, 3, "")]),
    ("quote not closed on the last row", edit(S, "C1,gp,1", 'C1,gp,"1'), [(S, 4, "")]),
    ("quote not closed in the header", edit(F, "name", '"name'), [(F, 1, "")]),
    ("text after a quote", edit(F, "Centre Nord", '"Centre" Nord'), [(F, 3, "")]),
    # header
    ("unknown column", put(S, "facility,skill,heads,note\nH1,nurse,3,x\n"), [(S, 1, "note")]),
    ("misspelt optional column", edit(F, "latitude", "lattitude"), [(F, 1, "lattitude")]),
    ("missing column", edit(F, "level", "kind_of"), [(F, 1, "kind_of"), (F, 1, "level")]),
    ("column twice", put(S, "facility,skill,heads,heads\nH1,nurse,3,4\n"), [(S, 1, "heads")]),
    ("column without name", put(S, "facility,skill,heads,\nH1,nurse,3,\n"), [(S, 1, "")]),
    (
        "no header",
        put(S, "H1,nurse,30\n"),
        [(S, 1, "30"), (S, 1, "H1"), (S, 1, "facility"), (S, 1, "heads"), (S, 1, "nurse"), (S, 1, "skill")],
    ),
    (
        "names of people",
        put("persons.csv", "id,facility,skill,Nom,Prénom\np1,H1,nurse,A,B\n"),
        [("persons.csv", 1, "Nom"), ("persons.csv", 1, "Prénom")],
    ),
    (
        "birth dates",
        put("persons.csv", "id,facility,skill,date_naissance\np1,H1,nurse,1980-01-01\n"),
        [("persons.csv", 1, "date_naissance")],
    ),
    (
        "contacts of people",
        put(S, "facility,skill,heads,e-mail,téléphone,CIN\nH1,nurse,3,a@b,06,X\n"),
        [(S, 1, "CIN"), (S, 1, "e-mail"), (S, 1, "téléphone")],
    ),
    # rows
    ("a cell too many", edit(F, "Centre Nord,", "Centre,Nord,"), [(F, 3, "")]),
    ("a cell too few", edit(S, "C1,nurse,2", "C1,nurse"), [(S, 3, "")]),
    ("empty required cell", edit(F, "C1,Centre Nord", "C1,"), [(F, 3, "name")]),
    ("empty id", edit("skills.csv", "gp,Gén", ",Gén"), [("skills.csv", 3, "id")]),
    ("id with a space", edit(F, "C2,", "C 2,"), [(F, 4, "id")]),
    ("id too long", edit(F, "C2,", "C" * 65 + ","), [(F, 4, "id")]),
    ("name too long", edit(F, "Centre Sud", "C" * 201), [(F, 4, "name")]),
    ("formula", edit(F, "Centre Sud", "=HYPERLINK(0)"), [(F, 4, "name")]),
    ("formula for a number", edit(S, "C1,gp,1", "C1,gp,=1+1"), [(S, 4, "heads")]),
    ("word for a number", edit(S, "C1,gp,1", "C1,gp,one"), [(S, 4, "heads")]),
    ("fraction of a head", edit(S, "C1,gp,1", "C1,gp,1.5"), [(S, 4, "heads")]),
    ("negative heads", edit(S, "C1,gp,1", "C1,gp,-1"), [(S, 4, "heads")]),
    ("negative FTE", edit("staffing_norms.csv", "28", "-28"), [("staffing_norms.csv", 2, "fte")]),
    ("FTE above one", edit("persons.csv", "0.5", "1.5"), [("persons.csv", 3, "fte")]),
    ("not a number", edit("roads.csv", "2.5", "NaN"), [("roads.csv", 2, "km")]),
    ("infinity", edit("roads.csv", "2.5", "inf"), [("roads.csv", 2, "km")]),
    ("overflow", edit("roads.csv", "2.5", "1e999"), [("roads.csv", 2, "km")]),
    ("endless number", edit("roads.csv", "2.5", "9" * 5000), [("roads.csv", 2, "km")]),
    ("decimal comma between commas", edit("roads.csv", "2.5", '"2,5"'), [("roads.csv", 2, "km")]),
    ("thousands separator", edit("populations.csv", "1200", "1 200"), [("populations.csv", 2, "inhabitants")]),
    ("other digits", edit("populations.csv", "1200", "١٢٠٠"), [("populations.csv", 2, "inhabitants")]),
    ("latitude of 135", edit(F, "35.71", "135.71"), [(F, 3, "latitude")]),
    ("unknown level", edit(F, "CSU-1", "CSU-9"), [(F, 3, "level")]),
    ("maybe", edit("zones.csv", "false", "maybe"), [("zones.csv", 3, "urban")]),
    ("French date", edit("periods.csv", "2026-03-31", "31/03/2026"), [("periods.csv", 2, "end")]),
    ("30 February", edit("periods.csv", "2026-03-31", "2026-02-30"), [("periods.csv", 2, "end")]),
    ("date as a number", edit("periods.csv", "2026-03-31", "46112"), [("periods.csv", 2, "end")]),
    # the row of grouping.csv
    ("newer format", edit("grouping.csv", "1,tiny", "2,tiny"), [("grouping.csv", 2, "format_version")]),
    ("grouping without row", put("grouping.csv", "format_version,id,name\n"), [("grouping.csv", 0, "")]),
    ("two groupings", edit("grouping.csv", "Tiny grouping\n", "A\n1,b,B\n"), [("grouping.csv", 3, "")]),
    # rows that contradict one another
    ("duplicate id", edit(F, "C2,", "C1,"), [(F, 4, "id")]),
    ("duplicate key", edit(S, "C1,gp,1", "C1,nurse,1"), [(S, 4, "facility, skill")]),
    ("unknown facility", edit(S, "C1,gp,1", "C9,gp,1"), [(S, 4, "facility")]),
    ("unknown place", edit("roads.csv", "Z1,Z2", "Z1,Z9"), [("roads.csv", 3, "destination")]),
    ("unknown province", edit(F, "Sud,North", "Sud,Nowhere"), [(F, 4, "province")]),
    ("half a position", edit(F, "35.71,-5.91", "35.71,"), [(F, 3, "latitude")]),
    ("hole in the calendar", edit("periods.csv", "2026-04-01", "2026-04-02"), [("periods.csv", 3, "start")]),
    ("end of time", edit("periods.csv", "2026-03-31", "9999-12-31"), [("periods.csv", 2, "end")]),
    ("source of no table", edit("sources.csv", "staff,", "staffs,"), [("sources.csv", 2, "table")]),
    # standards that contradict one another
    (
        "no day left to work",
        put("working_times.csv", "skill,days_per_week,hours_per_day,annual_leave,source\ngp,1,8,52,law\n"),
        [("working_times.csv", 2, "annual_leave")],
    ),
    (
        "standards without working time, unit time or rate",
        put("activity_standards.csv", "service,skill,minutes_per_act,acts_per_hour,source\nconsult,gp,,,law\n"),
        [("activity_standards.csv", 2, "minutes_per_act"), ("activity_standards.csv", 2, "skill")],
    ),
    (
        "a share in percent",
        put("category_allowances.csv", "skill,activity,amount,unit,source\n\ngp,meetings,10,share,law\n"),
        [("category_allowances.csv", 3, "amount")],
    ),
    (
        "more ages than heads, and no age of retirement",
        put("staff_ages.csv", "facility,skill,age,heads\nC1,nurse,50,1\nC1,nurse,40,1\nC1,nurse,30,1\n"),
        [("staff_ages.csv", 2, "heads"), ("staff_ages.csv", 4, "skill")],
    ),
    (
        "more protected than heads",
        put(S, "facility,skill,heads,protected\nH1,nurse,3,4\nC1,gp,1,1\n"),
        [(S, 2, "protected")],
    ),
    (
        "a skill that replaces itself",
        put("task_shifts.csv", "skill,substitute,efficiency,source\ngp,gp,0,law\n"),
        [("task_shifts.csv", 2, "efficiency"), ("task_shifts.csv", 2, "substitute")],
    ),
    (
        "targets for nobody and nowhere",
        put(
            "staffing_targets.csv",
            "year,province,profession,per_1000,source\n2030,*,*,3,law\n2025,South,doctor,1,law\n",
        ),
        [("staffing_targets.csv", 3, "profession"), ("staffing_targets.csv", 3, "province")],
    ),
    # refused rows and files are not called unknown by those that refer to them
    ("refused facility", edit(F, "C1,Centre Nord,Nord,North,CSU-1", "C1,Centre Nord,Nord,North,XX"), [(F, 3, "level")]),
    ("refused zone", edit("zones.csv", "Z1,Nord,Nord,North,true", "Z1,Nord,Nord,North,2"), [("zones.csv", 2, "urban")]),
    ("refused period", edit("periods.csv", "2026-04-01", "April"), [("periods.csv", 3, "start")]),
    ("unreadable skills", recode("skills.csv", "utf-16"), [("skills.csv", 1, "")]),
    ("unreadable zones", put("zones.csv", ""), [("zones.csv", 0, "")]),
    ("refused heads", edit(S, "C1,nurse,2", "C1,nurse,two"), [(S, 3, "heads")]),
]

MANY_FAULTS: list[tuple[str, list[Change], list[Place]]] = [
    (
        "one row broken in every column",
        [put(S, "facility,skill,heads\nC9,dentist,-1\nH1,nurse,1\nH1,nurse,x\n")],
        [(S, 2, "facility"), (S, 2, "heads"), (S, 2, "skill"), (S, 4, "facility, skill"), (S, 4, "heads")],
    ),
    (
        "a refused working time, career and heads that others need",
        [
            put("working_times.csv", "skill,days_per_week,hours_per_day,source\ngp,8,8,law\n"),
            put(
                "individual_allowances.csv",
                "facility,skill,activity,heads,hours_per_year,source\nC1,gp,chief,1,9,law\n",
            ),
            edit(S, "C1,nurse,2", "C1,nurse,two"),
            put("staff_ages.csv", "facility,skill,age,heads\nC1,nurse,50,1\n"),
            put("careers.csv", "skill,retirement_age,source\nnurse,soon,law\n"),
        ],
        [("careers.csv", 2, "retirement_age"), (S, 3, "heads"), ("working_times.csv", 2, "days_per_week")],
    ),
    (
        "a broken row before a good one of the same id",
        [put("skills.csv", "id,name_fr,name_en,profession\ngp,,GP,doctor\ngp,G,GP,doctor\ngp,G,GP,d\nnurse,I,N,n\n")],
        [("skills.csv", 2, "name_fr"), ("skills.csv", 3, "id"), ("skills.csv", 4, "id")],
    ),
    (
        "one fault a file",
        [
            edit("grouping.csv", "1,tiny", "0,t y"),
            edit(F, "CSR-2", "csr2"),
            edit("zones.csv", "Z2,", ","),
            edit("populations.csv", "300", "-300"),
            edit("ward_beds.csv", "surgery", "surgeon"),
            edit("roads.csv", "20.5", "20,5"),
            edit("skills.csv", "name_en", "name_fr"),
            edit(S, "30", "thirty"),
            edit("persons.csv", "fte", "Nom"),
            edit("services.csv", "45", "-45"),
            edit("periods.csv", "2026-Q3,quarter", "2026-Q3,month"),
            edit("activity.csv", "900", "NaN"),
            edit("staffing_norms.csv", "HP", "HX"),
            edit("sources.csv", "synthetic", "invented"),
            put("zone.csv", "id\n"),
        ],
        [
            ("activity.csv", 2, "acts"),
            (F, 4, "level"),
            ("grouping.csv", 2, "format_version"),
            ("grouping.csv", 2, "id"),
            ("periods.csv", 4, "grain"),
            ("persons.csv", 1, "Nom"),
            ("populations.csv", 3, "inhabitants"),
            ("roads.csv", 3, ""),
            ("services.csv", 2, "max_travel"),
            ("skills.csv", 1, "name_en"),
            ("skills.csv", 1, "name_fr"),
            ("sources.csv", 2, "label"),
            (S, 2, "heads"),
            ("staffing_norms.csv", 2, "level"),
            ("ward_beds.csv", 2, "ward"),
            ("zone.csv", 0, ""),
            ("zones.csv", 3, "id"),
        ],
    ),
    (
        "a column put in the header alone, at the end",
        [put(S, "facility,skill,heads,phone\nH1,nurse,-3\nC9,nurse,1\nC1,gp,1\n")],
        [(S, 1, "phone"), (S, 2, "heads"), (S, 3, "facility")],
    ),
    (
        "a column put in the header alone, in the middle, and a few rows that have it",
        [put(S, "facility,phone,skill,heads\nH1,nurse,-3\nC1,gp,1\nC9,nurse,1\nC2,06,nurse,x\nC2\n")],
        [(S, 1, "phone"), (S, 2, "heads"), (S, 4, "facility"), (S, 5, "heads"), (S, 6, "")],
    ),
    (
        "three columns put in the header, and one in the rows",
        [put(S, "facility,skill,heads,note,phone,e-mail\nH1,nurse,-3,a\nC1,gp,1,b\n")],
        [(S, 1, "e-mail"), (S, 1, "note"), (S, 1, "phone"), (S, 2, "heads")],
    ),
    (
        "one row shorter than the others and the header",
        [put(S, "facility,skill,heads,phone\nH1,nurse,-3,0\nC1,gp,1,0\nC2,nurse,-1\n")],
        [(S, 1, "phone"), (S, 2, "heads"), (S, 4, "")],
    ),
    (
        "lines counted through cells of several lines, blank lines and bad rows",
        [
            put(S, "\n\nfacility,skill,heads\r\n\r\nH1,nurse,x\n\n;\nC1,nurse,2\n"),
            edit(F, "Hôpital Nord", '"Hôpital\n\nNord"'),
            edit(F, "CSR-2", "0"),
        ],
        [(F, 6, "level"), (S, 5, "heads"), (S, 7, "")],
    ),
    (
        "wrong encoding and more",
        [edit(F, "CSR-2", "0"), edit(F, "latitude", "Lattitude"), recode(F, "latin-1")],
        [(F, 1, "Lattitude"), (F, 2, ""), (F, 4, "level")],
    ),
    (
        "nothing but facilities, and those refer to one another wrongly",
        [
            *(remove(name) for name in TINY if name not in (F, "grouping.csv")),
            edit(F, "HP,,", "HP,C1,"),
            edit(F, "CSU-1,H1", "CSU-1,C1"),
            edit(F, "CSR-2,H1", "CSR-2,H7"),
        ],
        [(F, 2, "reference"), (F, 3, "reference"), (F, 4, "reference")],
    ),
    ("an empty folder", [remove(name) for name in TINY], [(F, 0, ""), ("grouping.csv", 0, "")]),
]

CASES = [(name, [change], places) for name, change, places in ONE_FAULT] + MANY_FAULTS


def refused(path: Path) -> DataError:
    with pytest.raises(DataError) as caught:
        read(path)
    return caught.value


def test_the_folder_that_the_others_are_made_from_is_good(tmp_path: Path) -> None:
    assert len(read_folder(write_tiny(tmp_path)).region.facilities) == 3


@pytest.mark.parametrize(("changes", "places"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_one_error_names_every_problem(changes: list[Change], places: list[Place], tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    for change in changes:
        change(folder)
    error = refused(folder)
    assert [(problem.table, problem.row, problem.column) for problem in error.problems] == places
    for lang in Lang:
        lines = error.text(lang).splitlines()
        assert len(lines) == 1 + len(places)
        assert all(len(line) < 500 and "{" not in line and "ydantic" not in line for line in lines)
    assert all(problem.text(Lang.FR) != problem.text(Lang.EN) for problem in error.problems)


def test_there_are_enough_broken_folders() -> None:
    assert len(ONE_FAULT) >= 40
    assert len({name for name, *_ in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("change", "french", "english"),
    [
        (
            edit(S, "C1,gp,1", "C1,gp,-1"),
            "staff.csv, ligne 4, colonne heads : «-1» ; attendu : un nombre entier d'au moins 0",
            "staff.csv, row 4, column heads: «-1»; expected a whole number of at least 0",
        ),
        (
            edit("persons.csv", "0.5", "1.5"),
            "persons.csv, ligne 3, colonne fte : «1.5» ; attendu : un nombre de 0 à 1, ou rien",
            "persons.csv, row 3, column fte: «1.5»; expected a number from 0 to 1, or nothing",
        ),
        (
            edit("ward_beds.csv", "surgery", "chirurgie"),
            "ward_beds.csv, ligne 2, colonne ward : «chirurgie» ; attendu : une de ces valeurs : medicine, surgery, "
            "mother_and_child, intensive_care, psychiatry, oncology",
            "ward_beds.csv, row 2, column ward: «chirurgie»; expected one of: medicine, surgery, mother_and_child, "
            "intensive_care, psychiatry, oncology",
        ),
        (
            put(S, "facility,skill,head,heads\nH1,nurse,3,3\n"),
            "staff.csv, ligne 1, colonne head : «head» ; attendu : une colonne de cette table "
            "(facility, skill, heads, protected) ; vouliez-vous dire heads ?",
            "staff.csv, row 1, column head: «head»; expected a column of this table (facility, skill, heads, "
            "protected); did you mean heads?",
        ),
        (
            put("persons.csv", "id,facility,skill,Nom\np1,H1,nurse,A\n"),
            "persons.csv, ligne 1, colonne Nom : «Nom» ; attendu : aucune donnée personnelle : la loi 09-08 veut que "
            "les agents restent sous pseudonyme ; retirez cette colonne : chaque ligne est déjà identifiée par id",
            "persons.csv, row 1, column Nom: «Nom»; expected no personal data: law 09-08 wants staff to stay "
            "pseudonymous; remove this column: each row is already identified by id",
        ),
        (
            rename("skills.csv", "skill.csv"),
            "skill.csv : «skill.csv» ; attendu : un fichier qui porte le nom d'une table ; "
            "vouliez-vous dire skills.csv ?",
            "skill.csv: «skill.csv»; expected a file that has the name of a table; did you mean skills.csv?",
        ),
        (
            edit(F, "C2,Centre Sud,Sud,North,CSR-2", "C1,Centre Sud,Sud,North,CSR-2"),
            "facilities.csv, ligne 4, colonne id : «C1» ; attendu : une clé (id) qui n'existe pas déjà dans la table ; "
            "voir ligne 3",
            "facilities.csv, row 4, column id: «C1»; expected a key (id) that the table does not have already; "
            "see row 3",
        ),
    ],
)
def test_sentences(change: Change, french: str, english: str, tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    change(folder)
    (problem,) = refused(folder).problems
    assert problem.text(Lang.FR) == french
    assert problem.text(Lang.EN) == english


def test_a_facility_may_be_called_by_a_name_and_a_zone_by_an_address(tmp_path: Path) -> None:
    folder = write_tiny(tmp_path)
    edit("zones.csv", "id,name", "id,adresse")(folder)
    assert str(refused(folder).problems[0].expected).split(" (")[0] == "a column of this table"


@pytest.mark.parametrize("path", ["nowhere", "tiny.txt", "x" * 5000, "a\0b", "nowhere.json"])
def test_a_path_that_is_no_grouping(path: str, tmp_path: Path) -> None:
    (tmp_path / "tiny.txt").write_text("?")
    (problem,) = refused(tmp_path / path).problems
    assert problem.row == 0
    with pytest.raises(DataError):
        read_folder(tmp_path / path)
