"""The description of the processes: pure, so that it can be read off without starting anything."""

from pathlib import Path

from deploy.embedded import stack
from deploy.embedded.overview import Listing, rows, without_password
from deploy.embedded.stack import AccountServiceAccess, Backing

ACCESS = AccountServiceAccess("http://a/accounts", "http://a/oauth/token", "id", "secret")
BACKING = Backing(
    "k:1", {"importer": "dsn-i", "provisioner": "dsn-v", "projector": "dsn-p"}, "internal", ACCESS
)


def _ports(**copies: int) -> dict[tuple[str, int], int]:
    return {key: 9000 + index for index, key in enumerate(stack.ports_needed(copies))}


def test_each_copy_has_its_own_port_and_its_services_role() -> None:
    """Two provisioners share role and settings, not the port; others run once."""
    specs = {spec.label: spec for spec in stack.services(_ports(provisioner=2), BACKING)}
    assert set(specs) == {"importer", "provisioner", "provisioner-2", "projector"}
    first, second = specs["provisioner"], specs["provisioner-2"]
    assert first.port != second.port
    assert first.env["COURSE_ACCOUNTS_PROVISIONER_POSTGRES"] == "dsn-v"
    different = {name for name in first.env if first.env[name] != second.env[name]}
    assert different == {"COURSE_ACCOUNTS_PROVISIONER_PORT"}


def test_settings_carry_the_services_own_prefix_only() -> None:
    """An unknown setting stops a service, so none gets another's."""
    ports = _ports()
    specs = [
        *stack.services(ports, BACKING),
        stack.front(8090, ports),
        stack.account_service(ports["account_service", 1], Path("/j"), ACCESS, "control"),
    ]
    for spec in specs:
        assert all(name.startswith(f"COURSE_ACCOUNTS_{spec.service.upper()}_") for name in spec.env)


def test_secrets_go_where_they_are_needed() -> None:
    """Only the provisioner can call the account service."""
    for spec in stack.services(_ports(), BACKING):
        assert ("secret" in spec.env.values()) == (spec.service == "provisioner")


def test_the_front_knows_every_copy() -> None:
    """Comma separated, in the order of the copies."""
    ports = _ports(projector=2)
    spec = stack.front(8090, ports)
    assert spec.env["COURSE_ACCOUNTS_FRONT_PROJECTOR_URL"] == ",".join(
        f"http://127.0.0.1:{ports['projector', copy]}" for copy in (1, 2)
    )


def test_the_table_numbers_copies() -> None:
    """A service with one process has no number; each row has its own process id."""
    listings = [Listing(name, "a", Path("l")) for name in ("importer", "provisioner", "provisioner")]
    table = rows(listings, {"importer": [1], "provisioner": [2, 3]})
    assert [(row.title, row.pid) for row in table] == [
        ("Importer", 1),
        ("Provisioner 1", 2),
        ("Provisioner 2", 3),
    ]


def test_passwords_are_not_shown() -> None:
    """The table shows where PostgreSQL is, not how to come in."""
    assert without_password("postgresql://u:secret@127.0.0.1:5432/db") == "127.0.0.1:5432/db"
