"""What would be otherwise: a problem changed in one place, under a name."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from gst_opt.model.problem import Problem
from gst_opt.text import Lang, Message

ProblemT = TypeVar("ProblemT", bound=Problem[Any], covariant=True)


@dataclass(frozen=True)
class Change(Generic[ProblemT]):
    """A question with one thing changed.

    Attributes
    ----------
    label
        What is changed, as it will be printed.
    problem
        The changed question.
    relaxes
        Whether every plan of the question is one of the changed question too, no worse in its first goal: then the
        first goal cannot become worse.
    """

    label: Message | str
    problem: ProblemT
    relaxes: bool = False

    def text(self, lang: Lang = Lang.EN) -> str:
        """Say what is changed; a label of the user's own stays as it was written."""
        return self.label.text(lang) if isinstance(self.label, Message) else self.label
