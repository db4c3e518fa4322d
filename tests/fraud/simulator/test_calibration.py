from datetime import date, timedelta
from pathlib import Path

import pytest

from fraud.errors import InvalidInput
from fraud.records import Scheme
from fraud.simulator import Region, RegionSettings, read_region, simulate, write_region
from fraud.simulator.calibration import Figure, figures
from fraud.simulator.calibration_page import calibrate_command
from fraud.simulator.observed import border_of, described, office_of

NATURAL = RegionSettings(people=4_000, months=12, seed=3)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("calibrated") / "region"
    write_region(simulate(NATURAL), out, everyone=True)
    return out


def test_every_clearance_of_the_border_is_counted_once(written: Path):
    saved = read_region(written)
    shares: list[float] = []
    border = border_of(saved, shares.append)
    region = simulate(NATURAL)
    day = date(2025, 11, 18)
    both = (region.crossings(day, day), region.passers_by(day))
    assert border.crossings[day] == sum(int((one.authority == 1).sum()) for one in both)
    assert len(border.crossings) == NATURAL.days == len(shares)
    assert shares[-1] == 1.0
    assert border.leaving.argmax() // 4 in (5, 6)
    assert border.returning.argmax() // 4 in (18, 19)


def test_the_border_has_the_published_size_and_mix(written: Path):
    found = border_of(read_region(written), lambda _share: None)
    mean = sum(found.crossings.values()) / len(found.crossings)
    assert 430_000 < mean * described(written).scale < 560_000
    busiest = max(found.crossings, key=lambda day: found.crossings[day])
    assert abs(busiest - date(2025, 12, 19)) <= timedelta(days=8)


def test_a_figure_holds_within_its_bounds_only():
    figure = Figure("Share", "83%", 79.0, 80, 86, "{:.1f}%")
    assert not figure.holds
    assert figure.row == ("Share", "83%", "79.0%", "80.0% to 86.0%", "**no**")


def test_job_losses_that_the_law_refuses_are_told_from_the_others(busy: Region, tmp_path: Path):
    write_region(busy, tmp_path / "busy")
    last = busy.settings.last_day
    office = office_of(read_region(tmp_path / "busy"), last)
    assert office.job_losses == office.lodged[Scheme.JOB_SEARCH] > 100
    assert 0.66 < office.payable / office.job_losses < 0.82
    assert 0 < len(office.search_paid_sen) < office.payable
    assert set(office.accidents) == {"work", "road"}


def test_a_region_that_stands_for_nothing_natural_is_refused(small: Region, tmp_path: Path):
    write_region(small, tmp_path / "busy", everyone=True)
    with pytest.raises(InvalidInput, match="intensity 1"):
        described(tmp_path / "busy")
    short = simulate(RegionSettings(people=500, months=1, seed=3))
    write_region(short, tmp_path / "few")
    with pytest.raises(InvalidInput, match="everyone"):
        described(tmp_path / "few")
    write_region(short, tmp_path / "short", everyone=True)
    with pytest.raises(InvalidInput, match="12 months"):
        described(tmp_path / "short")


def test_the_page_shows_every_figure_and_calls_it_simulated(written: Path, tmp_path: Path):
    calibrate_command(written, tmp_path)
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    found = figures(
        border_of(read_region(written), lambda _share: None),
        office_of(read_region(written), max(known.day for known in read_region(written).days())),
        described(written),
    )
    assert all(" | ".join(one.row) in page for one in found)
    assert page.startswith("# Calibration of the simulated region")
    for name in ("crossings.svg", "hours.svg", "modes.svg"):
        assert name in page
        picture = (tmp_path / name).read_text(encoding="utf-8")
        assert "Simulated" in picture
        assert len(picture) < 200_000
    again = tmp_path / "again"
    calibrate_command(written, again)
    assert (again / "hours.svg").read_bytes() == (tmp_path / "hours.svg").read_bytes()
