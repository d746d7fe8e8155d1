import pytest

from shared.rules.limits import NegativeChildren, TooManyChildren, check_party


@pytest.mark.parametrize(("children", "most"), [(0, 0), (0, 3), (3, 3)])
def test_up_to_the_most_may_come_along(children, most):
    check_party(children=children, most=most)


@pytest.mark.parametrize(("children", "most"), [(1, 0), (4, 3)])
def test_more_than_the_most_may_not(children, most):
    with pytest.raises(TooManyChildren) as refused:
        check_party(children=children, most=most)
    assert refused.value.code == "too_many_children"


def test_fewer_than_none_may_not():
    with pytest.raises(NegativeChildren) as refused:
        check_party(children=-1, most=3)
    assert refused.value.code == "negative_children"
