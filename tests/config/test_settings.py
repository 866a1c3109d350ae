"""The environment: what it says, what it is silent about, and what must not be printed."""

from pathlib import Path

from config.settings import from_environment


def test_silence_means_var_config_and_a_database_at_home() -> None:
    settings = from_environment({})
    assert (settings.home, settings.config) == (Path("var"), Path("config"))
    assert settings.database_url == "sqlite:///var/heardback.db"
    assert (settings.outbox, settings.raw) == (Path("var/outbox"), Path("var/raw"))


def test_a_variable_that_is_set_to_nothing_is_not_set() -> None:
    empty = dict.fromkeys(("HEARDBACK_HOME", "HEARDBACK_CONFIG", "HEARDBACK_DATABASE_URL"), "")
    assert from_environment(empty) == from_environment({})


def test_a_home_given_by_hand_keeps_its_database_with_it() -> None:
    environment = {"HEARDBACK_HOME": "/council", "HEARDBACK_DATABASE_URL": "postgresql://council"}
    assert from_environment(environment).database_url == "postgresql://council"
    assert from_environment(environment, Path("demo")).database_url == "sqlite:///demo/heardback.db"


def test_no_secret_is_in_its_repr() -> None:
    environment = {
        "HEARDBACK_SLACK_TOKEN": "xoxb-canary",
        "HEARDBACK_SLACK_APP_TOKEN": "xapp-canary",
        "HEARDBACK_DATABASE_URL": "postgresql://user:canary@host/db",
        "HEARDBACK_SECRET_TEXT_KEY": "canary",
        "HEARDBACK_SECRET_CODE_KEY": "canary",
        "HEARDBACK_SECRET_KOBO": "canary",
    }
    assert "canary" not in repr(from_environment(environment))


def test_the_keys_of_words_and_codes_are_no_connectors_to_name() -> None:
    """A map that named one would send it to a tool."""
    environment = {f"HEARDBACK_SECRET_{name}": name for name in ("TEXT_KEY", "CODE_KEY", "KOBO")}
    settings = from_environment(environment)
    assert dict(settings.secrets) == {"HEARDBACK_SECRET_KOBO": "KOBO"}
    assert (settings.text_keys, settings.code_key) == ("TEXT_KEY", "CODE_KEY")
