"""A good folder that fits on a page, and the ways in which tests spoil it."""

from collections.abc import Callable
from pathlib import Path

TINY = {
    "grouping.csv": "format_version,id,name\n1,tiny,Tiny grouping\n",
    "facilities.csv": (
        "id,name,commune,province,level,reference,latitude,longitude\n"
        "H1,Hôpital Nord,Nord,North,HP,,35.7,-5.9\n"
        "C1,Centre Nord,Nord,North,CSU-1,H1,35.71,-5.91\n"
        "C2,Centre Sud,Sud,North,CSR-2,H1,,\n"
    ),
    "zones.csv": "id,name,commune,province,urban\nZ1,Nord,Nord,North,true\nZ2,Sud,Sud,North,false\n",
    "populations.csv": "zone,age_group,inhabitants\nZ1,all,1200\nZ2,all,300\n",
    "ward_beds.csv": "facility,ward,beds\nH1,surgery,40\n",
    "roads.csv": "origin,destination,km,minutes\nH1,Z1,2.5,6\nZ1,Z2,12,20.5\n",
    "skills.csv": "id,name_fr,name_en,profession\nnurse,Infirmier,Nurse,nurse\ngp,Généraliste,GP,physician\n",
    "staff.csv": "facility,skill,heads\nH1,nurse,30\nC1,nurse,2\nC1,gp,1\n",
    "persons.csv": "id,facility,skill,fte\np1,H1,nurse,1\np2,C1,gp,0.5\n",
    "services.csv": "id,name_fr,name_en,max_travel\nconsult,Consultation,Visit,45\n",
    "periods.csv": (
        "id,grain,start,end\n"
        "2026-Q1,quarter,2026-01-01,2026-03-31\n"
        "2026-Q2,quarter,2026-04-01,2026-06-30\n"
        "2026-Q3,quarter,2026-07-01,2026-09-30\n"
    ),
    "activity.csv": "facility,service,period,acts\nC1,consult,2026-Q1,900\n",
    "staffing_norms.csv": "level,skill,fte,source\nHP,nurse,28,estimate\nCSU-1,gp,2,estimate\n",
    "sources.csv": "table,column,label,source\nstaff,heads,synthetic,made for tests\n",
}

Change = Callable[[Path], object]


def write_tiny(folder: Path, separator: str = ",") -> Path:
    """Write the good folder; no cell of it holds a separator."""
    folder.mkdir(exist_ok=True)
    for name, text in TINY.items():
        (folder / name).write_text(text.replace(",", separator), encoding="utf-8")
    return folder


def edit(file: str, old: str, new: str) -> Change:
    """Change one passage of a file."""

    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {file}"
        (folder / file).write_text(text.replace(old, new), encoding="utf-8", newline="")

    return change


def put(file: str, content: str | bytes) -> Change:
    """Write a whole file."""
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / file).write_bytes(data)


def recode(file: str, encoding: str) -> Change:
    """Write a file again in another encoding."""
    return lambda folder: (folder / file).write_bytes((folder / file).read_text(encoding="utf-8").encode(encoding))


def remove(file: str) -> Change:
    """Remove a file."""
    return lambda folder: (folder / file).unlink()


def rename(file: str, other: str) -> Change:
    """Rename a file."""
    return lambda folder: (folder / file).rename(folder / other)


def folder_instead(file: str) -> Change:
    """Put a folder where a file should be."""

    def change(folder: Path) -> None:
        (folder / file).unlink()
        (folder / file).mkdir()

    return change


def link(file: str, target: str) -> Change:
    """Put a symbolic link where a file should be."""

    def change(folder: Path) -> None:
        (folder / file).unlink()
        (folder / file).symlink_to(target)

    return change
