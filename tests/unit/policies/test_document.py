"""YAML read strictly, with places."""

from decimal import Decimal

import pytest

from policies.document import MAX_BYTES, MAX_DEPTH, DocumentError, read_document
from policies.findings import Position

CHECK = "Check indentation, brackets and quotes around here"
WRITE_OUT = "Write the value out where it is used; put text that begins with * or & in quotes"


def value_of(text: str) -> object:
    return read_document("p.yml", text.encode()).value


def refusal(content: bytes) -> str:
    with pytest.raises(DocumentError) as refused:
        read_document("p.yml", content)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("text", "text"),
        ("'5'", "5"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("12", 12),
        ("-3", -3),
        ("0.80", Decimal("0.80")),
        ("-1.5e3", Decimal(-1500)),
        ("1e3", Decimal(1000)),
        ("1٢", "1٢"),
        ("0.٤", "0.٤"),
        ("1e٣", "1e٣"),
        ("|\n  two\n  lines", "two\nlines"),
    ],
)
def test_plain_words_become_text_numbers_and_truth_values(text: str, value: object) -> None:
    assert value_of(f"a: {text}") == {"a": value}


@pytest.mark.parametrize(
    "trap",
    [
        "no",
        "No",
        "off",
        "yes",
        "on",
        "y",
        "1:30",
        "1:30:00",
        "0777",
        "0o17",
        "0x1F",
        "2026-01-01",
        "2026-01-01T10:00:00Z",
        "1_000",
        ".inf",
        ".nan",
        "+1",
        "1.",
        ".5",
        "True",
        "=",
    ],
)
def test_what_yaml_1_1_would_turn_into_something_else_stays_text(trap: str) -> None:
    assert value_of(f"a: {trap}") == {"a": trap}


def test_number_keeps_every_digit() -> None:
    assert str(value_of("0.1000000000000000055511")) == "0.1000000000000000055511"


def test_keys_are_text_whatever_they_look_like() -> None:
    assert value_of("1: a\nno: b\n") == {"1": "a", "no": "b"}


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\ufeff"])
def test_empty_file_holds_nothing(text: str) -> None:
    document = read_document("p.yml", text.encode())
    assert document.value is None
    assert document.at(("metrics", "f1")) == Position(line=1, column=1)


def test_byte_order_mark_is_skipped() -> None:
    assert value_of("\ufeffa: 1") == {"a": 1}


def test_every_key_and_value_has_its_place() -> None:
    document = read_document("p.yml", b"a:\n  - b: 1\n    c: {d: 2}\n")
    assert document.at(("a", 0, "b")) == Position(line=2, column=8)
    assert document.at_key(("a", 0, "b")) == Position(line=2, column=5)
    assert document.at_key(("a", 0, "c", "d")) == Position(line=3, column=9)


def test_place_of_what_is_not_there_is_that_of_what_is_around_it() -> None:
    document = read_document("p.yml", b"a:\n  - b: 1\n")
    assert document.at(("a", 0, "x", "y")) == Position(line=2, column=5)
    assert document.at_key(("a", 0)) == Position(line=2, column=5)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"a: 1\nb: 2\na: 3\n",
            "p.yml:3:1: `a` is here twice, first in line 1. Keep one of them",
        ),
        (
            b"a: &x 1\n",
            (
                "p.yml:1:4: `&x` is an anchor. "
                "Write the value out where it is used; put text that begins with * or & in quotes"
            ),
        ),
        (
            b"a: *x\n",
            (
                "p.yml:1:4: `*x` refers to an anchor. "
                "Write the value out where it is used; put text that begins with * or & in quotes"
            ),
        ),
        (b"&x a: 1\n", f"p.yml:1:1: `&x` is an anchor. {WRITE_OUT}"),
        (
            b"a: !!int '3'\n",
            "p.yml:1:4: a tag (`int`) stands before this value. Remove it, or use quotes",
        ),
        (
            b"a: !mine 3\n",
            "p.yml:1:4: a tag (`!mine`) stands before this value. Remove it, or use quotes",
        ),
        (b"? [a]\n: 1\n", "p.yml:1:3: a key has to be text. Write `name: value`"),
        (
            b"a: 1\n---\nb: 1\n",
            "p.yml:2:1: a second document begins here. Put it in its own file",
        ),
        (
            b"models: [*]\n",
            (
                "p.yml:1:11: this is not YAML: "
                "did not find expected alphabetic or numeric character. "
                "Put text that begins with * in quotes"
            ),
        ),
        (
            b"a: b: c\n",
            (
                "p.yml:1:5: this is not YAML: "
                f"mapping values are not allowed in this context. {CHECK}"
            ),
        ),
        (
            b"a:\n\tb: 1\n",
            "p.yml:2:1: a tab stands before this line. Indent with blanks",
        ),
        (b"a: [1\n", "Check indentation, brackets and quotes around here"),
        (b"a: 'x", f"p.yml:1:6: this is not YAML: found unexpected end of stream. {CHECK}"),
        (
            b"%YAML 9.9\n--- a",
            f"p.yml:1:1: this is not YAML: found incompatible YAML document. {CHECK}",
        ),
        (b"a: 1\nb: 2\nc: x\x01", "p.yml:3:5: a character that YAML does not allow. Remove it"),
        (b"a: 1\nb: \xff\n", "p.yml:2:4: this is not UTF-8. Store the file as UTF-8"),
        (b"a: 1\nb: 2\n\xff", "p.yml:3:1: this is not UTF-8. Store the file as UTF-8"),
        (b"\n\xff", "p.yml:2:1: this is not UTF-8. Store the file as UTF-8"),
        (b"\xff", "p.yml:1:1: this is not UTF-8. Store the file as UTF-8"),
        (
            b"[" * (MAX_DEPTH + 2),
            f"p.yml:1:{MAX_DEPTH + 2}: this is nested too deeply. Write it flat",
        ),
        (
            b"#" * (MAX_BYTES + 1),
            "p.yml: the file is larger than 1000 kB. Split it into several files",
        ),
    ],
)
def test_file_that_is_no_plain_document_is_refused_in_its_place(content: bytes, said: str) -> None:
    assert refusal(content).endswith(said)


def test_file_of_the_greatest_size_is_read() -> None:
    assert read_document("p.yml", b"a: 1\n".ljust(MAX_BYTES, b"#")).value == {"a": 1}
