"""Every way in, one file each: `connect.to: odk-central` in a map means the module `odk_central` beside this."""

import pkgutil
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec

from config.reading import Knobs, Where, faults_in
from config.values import SECRET
from heardback.domain.table import Table
from heardback.errors import ConfigurationError, Unreadable
from heardback.sources.connector import Asking, Connector, Drop
from heardback.sources.feed import Feed

FILES = "files"  # what a map means that names no connector


def names() -> list[str]:
    """The connectors that there are."""
    return sorted(module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__))


def connector(name: str) -> Connector:
    """A connector by its name; only its own module is imported, with the libraries that it needs."""
    found: Connector = import_module(f"{__name__}.{name.replace('-', '_')}").CONNECTOR
    return found


def connection_faults(connect: Mapping[str, object]) -> list[tuple[Where, str]]:
    """What is wrong with a map's `connect:` section: where in it, and what to do."""
    name = str(connect.get("to", ""))
    if name not in names():
        return [(("to",), f"'{name}' is no connector; there are {', '.join(names())}")]
    return faults_in(connector(name).settings, _own(connect))


def drops_of(asking: Asking) -> Sequence[Drop]:
    """What a feed has to offer, in order. Raises what the connector raises where nothing is there."""
    name, settings = _configured(asking.feed)
    return connector(name).drops(settings, asking)


def table_of(feed: Feed, content: bytes, name: str) -> Table:
    """The bytes of one of a feed's drops as a table of text; `name` is only for messages. Raises Unreadable."""
    try:
        return connector(_name_of(feed)).table(content, name, feed)
    except RecursionError:
        what = "lists and objects are nested in it hundreds of times over"
        raise Unreadable(what, where=name, do="find the answer with them in the tool, or export as CSV") from None


def secrets_named(feed: Feed) -> list[str]:
    """The environment variables that a feed's way in takes its secrets from."""
    settings = [*feed.connect.values(), *feed.file.storage.values()]
    return list(dict.fromkeys(str(value) for value in settings if str(value).startswith(SECRET)))


def knock(asking: Asking) -> None:
    """Try whether a feed's tool, or its folder elsewhere, lets us in; one on this machine is left to the pull.

    Raises what the connector raises where it does not.
    """
    name, settings = _configured(asking.feed)
    if try_door := connector(name).knock:
        try_door(settings, asking)


def missing_libraries(feed: Feed) -> list[str]:
    """What a feed's connector needs and is not installed, and how to install it; nothing is asked."""
    needs = connector(_name_of(feed)).needs
    return [f"{library} is not installed; {how}" for library, how in needs.items() if find_spec(library) is None]


def _configured(feed: Feed) -> tuple[str, Knobs]:
    name = _name_of(feed)
    if faults := connection_faults({"to": name, **feed.connect}):
        raise ConfigurationError([f"{feed.code}: connect: {what}" for _, what in faults])
    return name, connector(name).settings.model_validate(_own(feed.connect))


def _name_of(feed: Feed) -> str:
    return str(feed.connect.get("to", FILES))


def _own(connect: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in connect.items() if key != "to"}
