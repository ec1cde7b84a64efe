"""The catalogue of sentences: one TOML file a room, both languages side by side."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Lang(StrEnum):
    """A language that gst_opt speaks."""

    FR = "fr"
    EN = "en"


@cache
def catalogue() -> Mapping[str, Mapping[Lang, str]]:
    """Read every sentence, by key (``room.name``) and language."""
    sentences: dict[str, Mapping[Lang, str]] = {}
    for source in sorted(files(__package__).joinpath("catalogue").iterdir(), key=lambda entry: entry.name):
        room = source.name.removesuffix(".toml")
        entries = tomllib.loads(source.read_text(encoding="utf-8"))
        for name, by_lang in entries.items():
            sentences[f"{room}.{name}"] = {Lang(code): sentence for code, sentence in by_lang.items()}
    return sentences


def say(key: str, lang: Lang, values: Mapping[str, object] | None = None) -> str:
    """Return the sentence `key` in `lang`, its ``{places}`` filled from `values`.

    A value that is itself a `Message` is said in the same language.

    Raises
    ------
    KeyError
        If the catalogue has no such key, or the sentence has a place that `values` does not fill.

    Examples
    --------
    >>> say("core.unknown_reference", Lang.EN, {"table": "facilities"})
    'an id that the table facilities has'
    """
    spoken = {name: value.text(lang) if isinstance(value, Message) else value for name, value in (values or {}).items()}
    return catalogue()[key][lang].format_map(spoken)


@dataclass(frozen=True)
class Message:
    """A sentence not yet said: its key and the values of its places, so that either language can say it."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say it."""
        return say(self.key, lang, self.values)

    def __str__(self) -> str:
        return self.text()
