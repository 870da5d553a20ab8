"""Proves that a setting of the ways out that cannot be used is named with its remedy, and no secret is repeated."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.errors import BadConfiguration
from engine.mail_settings import mail_server
from engine.settings import read_settings
from engine.way_settings import Ways, ways
from tests.edge.ways_out.houses import KEY, TEMPLATE, TOKEN

MAIL = {"host": "mail.example.org", "port": 587, "tls": "starttls", "sender": "victims@example.org"}
DISCREET = {**MAIL, "letter_sender": "hello@example.org"}
SECRETS = {"NOTIFY_KEY": KEY, "NOTIFY_TOKEN": TOKEN}
NOTIFY = {"text_template": TEMPLATE}


@pytest.mark.parametrize(
    ("table", "notify", "secrets", "mail", "key"),
    [
        ({"pigeon": "print"}, None, {}, None, "ways"),
        ({"post": "smtp"}, None, {}, None, "ways.post"),
        ({"email": "print"}, None, {}, None, "ways.email"),
        ({"post": ["print"]}, None, {}, None, "ways.post"),
        ({"retry_minutes": []}, None, {}, None, "ways.retry_minutes"),
        ({"retry_minutes": [0]}, None, {}, None, "ways.retry_minutes"),
        ({"retry_minutes": [True]}, None, {}, None, "ways.retry_minutes"),
        ({"email": "smtp"}, None, {}, None, "ways.email"),
        ({"email": "smtp"}, None, {}, {**DISCREET, "tls": "none"}, "ways.email"),
        ({"email": "smtp"}, None, {}, MAIL, "mail.letter_sender"),
        ({}, None, {}, {**MAIL, "letter_sender": "victims@example.org"}, "mail.letter_sender"),
        ({}, None, {}, {**MAIL, "letter_sender": "nobody"}, "mail.letter_sender"),
        ({}, None, {}, {**MAIL, "ca_file": "/not/there"}, "mail.ca_file"),
        ({"post": "notify"}, None, SECRETS, None, "ways.post"),
        ({"text": "notify"}, {}, SECRETS, None, "notify.text_template"),
        ({"text": "notify"}, {"text_template": "x"}, SECRETS, None, "notify.text_template"),
        ({}, {"base_url": "http://example.org"}, SECRETS, None, "notify.base_url"),
        ({}, {"base_url": "http://127.0.0.1.example.org"}, SECRETS, None, "notify.base_url"),
        ({}, {"postage": "pigeon"}, SECRETS, None, "notify.postage"),
        ({}, {"patience_seconds": 60}, SECRETS, None, "notify.patience_seconds"),
        ({}, {"settle_minutes": 0}, SECRETS, None, "notify.settle_minutes"),
        ({}, {"speed": 1}, SECRETS, None, "notify"),
        ({}, NOTIFY, {}, None, "VICTIM_CONTACT_NOTIFY_KEY"),
        ({}, NOTIFY, {**SECRETS, "NOTIFY_KEY": KEY[:-1]}, None, "VICTIM_CONTACT_NOTIFY_KEY"),
        ({}, NOTIFY, {**SECRETS, "NOTIFY_TOKEN": "short"}, None, "VICTIM_CONTACT_NOTIFY_TOKEN"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(table: Any, notify: Any, secrets: Any, mail: Any, key: str) -> None:
    with pytest.raises(BadConfiguration) as refused:
        ways(table, notify, secrets, mail_server(mail, ""))

    assert refused.value.key == key
    assert refused.value.file == ("environment" if key.startswith("VICTIM") else "service.toml")
    assert KEY[-36:-1] not in str(refused.value)
    assert TOKEN not in str(refused.value)


def test_a_service_that_sets_nothing_prints() -> None:
    assert ways(None, None, {}, None) == Ways()
    assert [Ways().of(channel) for channel in ("post", "email", "text", "visit")] == ["print"] + ["by_hand"] * 3
    assert [Ways().wait(tries) for tries in (0, 1, 4, 5, 7, 99)] == [10, 10, 10, 30, 240, 240]


def _home(folder: Path) -> dict[str, str]:
    config = shutil.copytree(read_settings({}).config, folder / "config")
    with (config / "service.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[notify]\ntext_template = "{TEMPLATE}"\n')
    return {"VICTIM_CONTACT_HOME": str(folder)}


def test_secrets_come_from_the_environment_or_from_a_file_it_names(tmp_path: Path) -> None:
    home, file = _home(tmp_path), tmp_path / "key.txt"
    file.write_text(KEY + "\n", encoding="utf-8")

    outright = read_settings({**home, "VICTIM_CONTACT_NOTIFY_KEY": KEY, "VICTIM_CONTACT_NOTIFY_TOKEN": TOKEN})
    by_file = read_settings({**home, "VICTIM_CONTACT_NOTIFY_KEY_FILE": str(file)})

    assert outright.ways.notify is not None
    assert by_file.ways.notify is not None
    assert (outright.ways.notify.key, by_file.ways.notify.key) == (KEY, KEY)
    assert (outright.ways.notify.token, by_file.ways.notify.token) == (TOKEN, "")
    assert KEY not in f"{outright!r}"


@pytest.mark.parametrize("given", ["both", "missing"])
def test_a_secret_given_twice_or_in_a_file_that_is_not_there_stops_the_start(tmp_path: Path, given: str) -> None:
    home = {**_home(tmp_path), "VICTIM_CONTACT_NOTIFY_KEY_FILE": str(tmp_path / "not-there")}
    if given == "both":
        home["VICTIM_CONTACT_NOTIFY_KEY"] = KEY

    with pytest.raises(BadConfiguration) as refused:
        read_settings(home)

    assert refused.value.file == "environment"
    assert KEY not in str(refused.value)
