"""The same server under another user, password or database."""

from urllib.parse import quote, urlsplit, urlunsplit


def with_database(dsn: str, database: str) -> str:
    """The DSN of another database of the same server, as the same user."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{quote(database, safe='')}"))


def with_user(dsn: str, user: str, password: str) -> str:
    """The DSN of the same database for another user."""
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(user, safe='')}:{quote(password, safe='')}@{place}"))
