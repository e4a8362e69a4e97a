"""What is found wrong is told with place and remedy, whatever it is."""

from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from policies.document import read_document
from policies.form import Entry
from policies.values import wrong
from policies.wording import findings_of


class Shelf(Entry):
    boards: Annotated[int, Field(multiple_of=2)]


def test_what_has_no_words_here_is_told_in_those_of_pydantic() -> None:
    document = read_document("p.yml", b"boards: 3\n")
    with pytest.raises(ValidationError) as refused:
        Shelf.model_validate(document.value)
    assert [str(each) for each in findings_of(refused.value, document, Shelf)] == [
        "p.yml:1:9: `3` does not do for `boards`. Input should be a multiple of 2"
    ]


def test_an_error_says_by_itself_what_is_wrong() -> None:
    assert wrong("it is late", "Be early").message() == "it is late"
