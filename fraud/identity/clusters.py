"""Who is who: the numbers that stand for one person, as judged by a moment."""

from collections.abc import Callable, Iterable
from itertools import product

from fraud.identity.judgement import Judgement, Verdict, standing
from fraud.records import PersonKey


class People:
    """People known under several MyKad numbers, as judged so far; false when there are none.

    Two numbers stand for one person when they are judged the same, or when others between them
    are. Two that are judged different never do: the later judgement that would join them is
    `refused`, and stays so until one of the two is taken back. A person's key is that of the
    number that was judged first, and stays when further numbers are added.
    """

    def __init__(
        self, judgements: Iterable[Judgement], person_key: Callable[[str], PersonKey]
    ) -> None:
        self.refused: list[Judgement] = []
        """Judgements of *same* that would join numbers judged to be different people."""
        self._numbers: dict[str, list[str]] = {}
        self._keys: dict[PersonKey, PersonKey] = {}
        self._together: dict[PersonKey, tuple[PersonKey, ...]] = {}
        made = standing(judgements).values()
        apart = {one.pair for one in made if one.verdict is Verdict.DIFFERENT}
        for one in made:
            if one.verdict is Verdict.SAME:
                self._join(one, apart)
        for number, numbers in self._numbers.items():
            keys = [person_key(each) for each in numbers]
            own = person_key(number)
            self._keys[own] = keys[0]
            self._together[own] = (own, *(key for key in keys if key != own))

    def _join(self, judged: Judgement, apart: set[frozenset[str]]) -> None:
        one, other = (self._numbers.get(number, [number]) for number in (judged.one, judged.other))
        if one is other:
            return
        if any(frozenset(pair) in apart for pair in product(one, other)):
            self.refused.append(judged)
            return
        order = {number: place for place, number in enumerate(self._numbers)}
        if order.get(other[0], len(order)) < order.get(one[0], len(order)):
            one, other = other, one
        one += other
        for number in one:
            self._numbers[number] = one

    def __bool__(self) -> bool:
        return bool(self._numbers)

    def key(self, person: PersonKey) -> PersonKey:
        """The key of the person behind a pseudonym: itself where nothing is judged."""
        return self._keys.get(person, person)

    def together(self, person: PersonKey) -> tuple[PersonKey, ...]:
        """Every pseudonym of the person behind one, that one first."""
        return self._together.get(person, (person,))

    def other_numbers(self, mykad: str) -> tuple[str, ...]:
        """The other MyKad numbers of the person behind one, first judged first."""
        return tuple(number for number in self._numbers.get(mykad, ()) if number != mykad)


UNJUDGED = People((), PersonKey)
"""Nothing is judged: every number is a person of its own."""
