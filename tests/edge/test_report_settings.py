"""Holds that how the service counts is read strictly: what cannot be used stops the start with key and remedy."""

from datetime import date
from pathlib import Path

import pytest

from engine.errors import BadConfiguration
from engine.report_settings import read_report_settings

GOOD = Path(__file__).resolve().parents[2] / "config" / "reports.toml"


def test_the_definition_of_a_quarter_is_the_one_in_force_on_its_last_day(tmp_path: Path) -> None:
    later = GOOD.read_text().split("[return]")[0].split("[[kpi]]")[1].replace("2023-04-01", "2026-07-01")
    text = GOOD.read_text().replace(
        "[return]", "[[kpi]]" + later.replace('["conversation"]', '["offer"]') + "\n[return]"
    )
    (tmp_path / "reports.toml").write_text(text)

    settings = read_report_settings(tmp_path)

    assert settings.definition_on(date(2026, 6, 30)).engaged == ("conversation",)
    assert settings.definition_on(date(2026, 7, 1)).engaged == ("offer",)
    assert settings.definition_on(date(2020, 1, 1)).engaged == ("conversation",)


@pytest.mark.parametrize(
    ("was", "becomes", "key"),
    [
        ('engaged = ["conversation"]', 'engaged = ["magic"]', "kpi.1.engaged"),
        ('contacted = "attempt"', "", "kpi.1.contacted"),
        ("from = 2023-04-01", 'from = "soon"', "kpi.1.from"),
        ("not_objected_counts = true", "not_objected_counts = 1", "kpi.1.not_objected_counts"),
        ("list_before_working = 20", "list_before_working = 0", "return.list_before_working"),
        ("due_after_working = 20", "due_after_working = -1", "return.due_after_working"),
        ("below = 5", "below = true", "suppression.below"),
        ('name = "under 18"', "", "profile.group.1.name"),
        ("ages = [0, 17]", "ages = [0]", "profile.group.1.ages"),
        ('characteristic = "sex"', 'characteristic = "shoe"', "profile.group.6.characteristic"),
        ('["inadequate", 0]', '["inadequate", 10]', "score.bands"),
        ('"Victims" = ["rosa", "imran"]', '"Victims" = "rosa"', "teams"),
        ("[[kpi]]", "[[", "file"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, was: str, becomes: str, key: str) -> None:
    text = GOOD.read_text()
    assert was in text
    (tmp_path / "reports.toml").write_text(text.replace(was, becomes))

    with pytest.raises(BadConfiguration, match=key.replace(".", r"\.")):
        read_report_settings(tmp_path)
