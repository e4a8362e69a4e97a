"""A location of pydantic is found again in the document and in the form."""

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from policies.spots import Spot, spot_of


class Leaf(BaseModel):
    type: Literal["leaf"]
    green: bool = True


class Branch(BaseModel):
    type: Literal["branch"]
    leaves: list[Leaf] | None = None


class Tree(BaseModel):
    parts: list[Annotated[Leaf | Branch, Field(discriminator="type")]] = Field(default_factory=list)
    names: dict[str, Leaf] = Field(default_factory=dict)
    fruit: Literal["none"] | list[Leaf] | None = None
    height_m: Annotated[int, Field(alias="height")] = 1


@pytest.mark.parametrize(
    ("location", "spot"),
    [
        ((), Spot(trail=())),
        (("heigth",), Spot(trail=("heigth",), keys=("parts", "names", "fruit", "height"))),
        (
            ("fruit", "literal['none']"),
            Spot(
                trail=("fruit",),
                keys=("parts", "names", "fruit", "height"),
                choice=(("fruit",), "literal['none']"),
            ),
        ),
        (
            ("fruit", "list[Leaf]", 0, "x"),
            Spot(
                trail=("fruit", 0, "x"),
                keys=("type", "green"),
                choice=(("fruit",), "list[Leaf]"),
            ),
        ),
        (("height", "int"), Spot(trail=("height", "int"))),
        (("parts", 0), Spot(trail=("parts", 0), kinds=("leaf", "branch"))),
        (("parts", 0, "leaf", "x"), Spot(trail=("parts", 0, "x"), keys=("type", "green"))),
        (
            ("parts", 0, "branch", "leaves", 1, "x"),
            Spot(trail=("parts", 0, "leaves", 1, "x"), keys=("type", "green")),
        ),
        (("names", "oak", "x"), Spot(trail=("names", "oak", "x"), keys=("type", "green"))),
        (("names", "oak", "[key]"), Spot(trail=("names", "oak"))),
    ],
)
def test_location_becomes_a_place_in_the_file(location: tuple[str | int, ...], spot: Spot) -> None:
    assert spot_of(location, Tree) == spot
