"""Datasets of values in words."""

from policies.datasets import datasets
from tests.unit.policies.given import logged


def test_each_dataset_is_named_once_with_the_beginning_of_its_digest() -> None:
    values = [logged(1, "0123456789"), logged(2, "d2"), logged(3, "0123456789"), logged(4, None)]
    assert datasets(values) == ("holdout-0123456789 01234567 and holdout-d2 d2 and an unnamed one")
