"""The simulated region: people, employers, clinics and go-betweens with unmistakably fake numbers.

MyKad numbers carry the place code 00, which no authority issues; Singapore numbers carry a wrong
check letter. Names are put together from invented syllables in the three common forms.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from random import Random

import numpy as np
from numpy.typing import NDArray

from fraud.records import Account, Address
from fraud.simulator.chance import dice, key, uniform
from fraud.simulator.settings import RegionSettings

Ints = NDArray[np.int64]


class Work(IntEnum):
    """Who pays a person, and where the work is done."""

    LOCAL = 0
    """Employed and working in Johor."""
    ACROSS = 1
    """On a Malaysian payroll, working in Singapore."""
    SINGAPORE = 2
    """Employed by a Singapore firm; pays into the commuter scheme."""


class Rhythm(IntEnum):
    """How a person crosses when nothing is the matter."""

    VISITOR = 0
    DAY = 1
    NIGHT = 2
    WEEKLY = 3
    PART = 4
    BETWEEN = 5


@dataclass
class Employer:
    """A Malaysian employer as the register knows it."""

    code: str
    name: str
    registered_on: date
    staff: int
    directors: tuple[str, ...]
    phone: str
    address: Address
    bureau: str | None
    trade: int
    pays_late: bool = False
    reimbursed_to: Account | None = None
    """Where benefits go when the employer kept paying wages during leave."""


@dataclass(frozen=True)
class Clinic:
    """A facility and the practitioners who sign there."""

    facility: str
    practitioners: tuple[str, ...]
    kind: str
    start_serial: int


@dataclass(frozen=True)
class Career:
    """Where somebody worked: employer, first and last month (months before or after day one)."""

    employer: int
    first_month: int
    last_month: int
    wage_sen: int


@dataclass
class Region:
    """Everything that is there before anything happens."""

    settings: RegionSettings
    mykads: list[str]
    birth: list[date]
    work: Ints
    rhythm: Ints
    employer: Ints
    wage_sen: Ints
    household: Ints
    crowded_home: NDArray[np.bool_]
    employers: list[Employer]
    clinics: list[Clinic]
    hospital: Clinic
    night_clinic: Clinic
    bone_unit: Clinic
    singapore_hospital: Clinic
    runners: list[str]
    helpers: list[str]
    """Union and welfare officers, who bring many claims without a fee."""
    care_home: Account
    hazardous_plant: int
    staff_of: dict[int, list[int]] = field(default_factory=dict)

    def dice(self, *words: int | str) -> Random:
        """Draws for one subject of this region."""
        return dice(self.settings.seed, *words)

    def day(self, number: int) -> date:
        """The date of a day counted from the first day of the window."""
        return self.settings.first_day + timedelta(days=number)


def old_firms(region: Region) -> int:
    """How many of the listed employers were there from the beginning (ghost firms come after)."""
    return _firm_count(region.settings)


def _firm_count(settings: RegionSettings) -> int:
    return max(20, settings.people // 14)


def words(text: str) -> list[str]:
    """A list written as one line."""
    return text.split()


MEDIAN_WAGE = 2_900
"""Ringgit a month: employees of the formal sector in December 2023 (Department of Statistics
Malaysia, 31 May 2024). The spread around it is an assumption."""
_MALAY = words(
    "Azra Belin Camar Darwi Eqbal Fadlin Ghaira Hazwi Ilmira Jazlan Khairel Luqmar Mazwin Nadhir "
    "Orlan Putrea Qaisra Razwan Syafin Tazmin Ulfira Wazif Yuslan Zaimar"
)
_CHINESE = words(
    "Bian Chuo Deang Fuan Geow Huat Jian Keong Leng Meow Ning Peow Qian Seng Teong Wuan"
)
_CHINESE_FAMILY = words("Ang Beh Chuu Dee Foong Gwee Hiew Koey Loi Mok Ngu Ooi Poey Sae Teoy Yiow")
_TAMIL = words(
    "Arulen Balamu Chandri Devani Elango Ganemu Ilaven Kavira Logesu Manivel Nalini Paramu Ravinu "
    "Selvani Thamiru Vasuki Yogenu"
)
_STREETS = words(
    "Angsana Bakawali Cengal Dahlia Embun Gaharu Jati Kenanga Melur Nibong Pulai Seroja"
)
_TRADES = words(
    "Logistik Pembinaan Elektronik Makanan Perabot Plastik Pembersihan Runcit Kejuruteraan Tekstil"
)
_BANKS = (
    ("Maybank", 12), ("CIMB", 14), ("RHB", 14), ("Public", 10), ("Hong Leong", 11),
    ("AmBank", 13), ("Bank Islam", 14), ("Bank Rakyat", 12), ("Affin", 12), ("UOB", 11),
)  # fmt: skip
_POSTCODES = (79100, 79200, 80000, 80100, 80300, 80400, 81100, 81200, 81300, 81700, 81750, 82000,
              83000, 84000, 86000, 86900)  # fmt: skip
_UEN_WEIGHTS = (10, 8, 6, 4, 9, 7, 5, 3, 1)
_UEN_LETTERS = "ZKCMDNERGWH"


def digits(draw: Random, count: int) -> str:
    """A run of digits that does not begin with zero."""
    return str(draw.randrange(10 ** (count - 1), 10**count))


def an_account(draw: Random) -> Account:
    """A bank account of the right length for its bank."""
    bank, length = draw.choices(_BANKS, weights=(30, 20, 9, 12, 8, 5, 6, 4, 3, 3))[0]
    return Account(bank=bank, number=digits(draw, length))


def an_address(draw: Random) -> Address:
    """A home or office in Johor."""
    line = f"{draw.randrange(1, 180)}, Jalan {draw.choice(_STREETS)} {draw.randrange(1, 60)}"
    postcode = draw.choice(_POSTCODES) + 10 * draw.randrange(0, 9)
    return Address(line=line, postcode=f"{min(postcode, 86999):05d}")


def a_mobile(draw: Random) -> str:
    """A Malaysian mobile number."""
    return f"+601{draw.choice('0123467899')}{digits(draw, 7)}"


def a_fake_uen(draw: Random) -> str:
    """A Singapore company number of the reserved range, its check letter deliberately wrong."""
    body = f"000{draw.randrange(0, 1_000_000):06d}"
    total = sum(int(d) * w for d, w in zip(body, _UEN_WEIGHTS, strict=True))
    return body + _UEN_LETTERS[(total + 1 + draw.randrange(10)) % 11]


def a_name(draw: Random) -> str:
    """A full name of Malay, Chinese or Tamil form."""
    form = draw.random()
    if form < 0.58:
        joint = draw.choice(("bin", "binti"))
        return f"{draw.choice(_MALAY)} {draw.choice(_MALAY)} {joint} {draw.choice(_MALAY)}"
    if form < 0.88:
        return f"{draw.choice(_CHINESE_FAMILY)} {draw.choice(_CHINESE)} {draw.choice(_CHINESE)}"
    return f"{draw.choice(_TAMIL)} {draw.choice(('a/l', 'a/p'))} {draw.choice(_TAMIL)}"


def an_employer_code(draw: Random) -> str:
    """Twelve characters, as on a contribution file."""
    return f"{draw.choice('ABCDEFGHJK')}{digits(draw, 10)}{draw.choice('PQRSTVWXYZ')}"


def build_region(settings: RegionSettings) -> Region:
    """The people, employers and clinics of a simulated region."""
    rows = key(settings.seed, np.arange(settings.people, dtype=np.int64))
    birth, mykads = _identities(settings, rows)
    employers = _employers(settings)
    work = np.searchsorted([0.50, 0.75], uniform(rows, 3), side="right")
    employer = _choose_employers(employers, uniform(rows, 4))
    clinics = [_clinic(settings, number, "panel") for number in range(_clinic_count(settings))]
    region = Region(
        settings=settings,
        mykads=mykads,
        birth=birth,
        work=work.astype(np.int64),
        rhythm=_rhythms(work, uniform(rows, 5)),
        employer=employer,
        wage_sen=_wages(uniform(rows, 6), uniform(rows, 7)),
        household=_households(settings.people),
        crowded_home=uniform(_households_key(settings), 8) < 0.09,
        employers=employers,
        clinics=clinics,
        hospital=_clinic(settings, 900_001, "hospital"),
        night_clinic=_clinic(settings, 900_002, "night"),
        bone_unit=_clinic(settings, 900_003, "bone"),
        singapore_hospital=_clinic(settings, 900_004, "singapore"),
        runners=[a_mobile(dice(settings.seed, "runner", n)) for n in range(_few(settings, 6000))],
        helpers=[a_mobile(dice(settings.seed, "helper", n)) for n in range(_few(settings, 8000))],
        care_home=an_account(dice(settings.seed, "care home")),
        hazardous_plant=max(range(len(employers)), key=lambda n: (employers[n].staff, -n)),
    )
    for person, firm in enumerate(employer.tolist()):
        region.staff_of.setdefault(firm, []).append(person)
    return region


def _few(settings: RegionSettings, per: int) -> int:
    return max(3, settings.people // per)


def _clinic_count(settings: RegionSettings) -> int:
    return max(8, settings.people // 700)


def _identities(settings: RegionSettings, rows: NDArray[np.uint64]) -> tuple[list[date], list[str]]:
    """Birth dates (18 to 60 years old) and unique MyKad numbers of the reserved range."""
    age_days = (18 * 365.25 + uniform(rows, 1) ** 1.3 * 42 * 365.25).astype(np.int64)
    sexes = (uniform(rows, 2) < 0.62).astype(np.int64)
    births, numbers = [], []
    used: dict[tuple[date, int], int] = {}
    for days, male in zip(age_days.tolist(), sexes.tolist(), strict=True):
        born = settings.first_day - timedelta(days=days)
        turn = used.get((born, male), 0)
        used[(born, male)] = turn + 1
        serial = turn * 10 + turn * 7 % 5 * 2 + male
        births.append(born)
        numbers.append(f"{born:%y%m%d}00{serial % 10_000:04d}")
    return births, numbers


def _households(people: int) -> Ints:
    """Neighbours in the list live together, three on average."""
    houses: Ints = np.arange(people, dtype=np.int64) // 3
    return houses


def _households_key(settings: RegionSettings) -> NDArray[np.uint64]:
    return key(settings.seed + 11, np.arange(settings.people // 3 + 1, dtype=np.int64))


def _rhythms(work: NDArray[np.int64], drawn: NDArray[np.float64]) -> Ints:
    commuter = np.searchsorted([0.55, 0.70, 0.85, 0.93], drawn, side="right") + 1
    return np.where(work == Work.LOCAL, int(Rhythm.VISITOR), commuter)


def _wages(first: NDArray[np.float64], second: NDArray[np.float64]) -> Ints:
    bell = np.sqrt(-2 * np.log(1 - first)) * np.cos(2 * np.pi * second)
    ringgit = np.round(np.clip(MEDIAN_WAGE * np.exp(0.42 * bell), 1700, 12_000) / 10) * 10
    sen: Ints = (ringgit * 100).astype(np.int64)
    return sen


def _clinic(settings: RegionSettings, number: int, kind: str) -> Clinic:
    draw = dice(settings.seed, "clinic", number)
    signers = {"panel": draw.choice((1, 1, 2, 3)), "hospital": 14, "night": 4, "bone": 2}
    return Clinic(
        facility=f"KL{digits(draw, 5)}",
        practitioners=tuple(f"MMC{digits(draw, 5)}" for _ in range(signers.get(kind, 9))),
        kind=kind,
        start_serial=draw.randrange(10_000, 900_000),
    )


def _employers(settings: RegionSettings) -> list[Employer]:
    count = _firm_count(settings)
    secretaries = [
        an_address(dice(settings.seed, "secretary", n)) for n in range(_few(settings, 15_000))
    ]
    bureaus = [f"PB{digits(dice(settings.seed, 'bureau', n), 6)}" for n in range(count // 60 + 2)]
    return [_employer(settings, number, secretaries, bureaus) for number in range(count)]


def _employer(
    settings: RegionSettings, number: int, secretaries: Sequence[Address], bureaus: Sequence[str]
) -> Employer:
    """One employer: sizes are heavy-tailed, a tenth are young, many share a secretary's address."""
    draw = dice(settings.seed, "employer", number)
    staff = min(int(2 + 3 * draw.paretovariate(0.95)), max(60, settings.people // 50))
    small = staff < 40
    young = small and draw.random() < 0.12
    age = draw.randrange(60, 720) if young else draw.randrange(720, 11_000)
    trade = draw.randrange(len(_TRADES))
    family = small and draw.random() < 0.25
    directors = [f"D{digits(draw, 9)}" for _ in range(draw.choice((1, 2, 2, 3)))]
    if family and number:  # a family runs several small firms
        kin = dice(settings.seed, "family", number // 12)
        directors[0] = f"D{digits(kin, 9)}"
    at_secretary = small and draw.random() < 0.18
    return Employer(
        code=an_employer_code(draw),
        name=f"{draw.choice(_MALAY)} {_TRADES[trade]} {draw.randrange(1, 999)} (simulated)",
        registered_on=settings.first_day - timedelta(days=age),
        staff=staff,
        directors=tuple(directors),
        phone=f"+607{digits(draw, 7)}",
        address=draw.choice(secretaries) if at_secretary else an_address(draw),
        bureau=draw.choice(bureaus) if draw.random() < 0.25 else None,
        trade=trade,
        pays_late=draw.random() < 0.04,
        reimbursed_to=an_account(draw) if staff > 25 and draw.random() < 0.35 else None,
    )


def _choose_employers(employers: Sequence[Employer], drawn: NDArray[np.float64]) -> Ints:
    sizes = np.cumsum([employer.staff for employer in employers])
    chosen: Ints = np.searchsorted(sizes, drawn * sizes[-1], side="right").astype(np.int64)
    return chosen
