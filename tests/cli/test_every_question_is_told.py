"""Every question that can be asked on the command line can be told, with a story of its own or its proof alone."""

import pytest

import gst_opt as gst
from gst_opt.api import PILLARS, Question
from gst_opt.report.summary import result_text
from gst_opt.text import Lang


@pytest.mark.parametrize("lang", Lang)
@pytest.mark.parametrize("question", PILLARS, ids=lambda question: question.name)
def test_the_result_of_every_question_can_be_told(question: Question, lang: Lang) -> None:
    grouping = gst.load_sample("two_towns")
    problem = question.of(grouping)
    assert result_text(grouping, problem, gst.solve(problem), lang)
