"""Make the folders of the samples again from the fact tables: ``python -m gst_opt.samples.build``."""

from pathlib import Path

from gst_opt.io import write_folder
from gst_opt.samples.province import province
from gst_opt.samples.tanger import tanger
from gst_opt.samples.two_towns import two_towns


def build(folder: Path) -> None:
    """Write every sample, each in a folder of its name."""
    whole = tanger()
    for grouping in (whole, province(whole), two_towns()):
        write_folder(grouping, folder / grouping.id)


if __name__ == "__main__":
    build(Path(__file__).parent / "data")
