"""What the stack consists of: a description of its Python processes, and nothing that starts them."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .options import COPYABLE

HOST = "127.0.0.1"
ACCOUNT_SERVICE = "account_service"
FRONT = "front"
KAFKA = "kafka"
POSTGRES = "postgres"

TITLES = {
    FRONT: "Front",
    "importer": "Importer",
    "provisioner": "Provisioner",
    "projector": "Projector",
    ACCOUNT_SERVICE: "Account service (simulated)",
    KAFKA: "Apache Kafka",
    POSTGRES: "PostgreSQL",
}

MODULES = {
    FRONT: "deploy.embedded.front",
    ACCOUNT_SERVICE: "deploy.account_service",
    "importer": "services.importer",
    "provisioner": "services.provisioner",
    "projector": "services.projector",
}

UNLIMITED = {f"COURSE_ACCOUNTS_{name.upper()}_RATE_LIMIT": "0" for name in COPYABLE}
"""For the environment of an `up` in which one token may ask as often as it can, as measurements do."""


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """One process to run. `copy` counts from 1; `env` is what it gets beside our own environment."""

    service: str
    copy: int
    port: int
    env: Mapping[str, str]
    ready_path: str = "/readyz"

    @property
    def label(self) -> str:
        """Its name in messages and of its log file."""
        return label(self.service, self.copy)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self.port}"

    @property
    def arguments(self) -> tuple[str, ...]:
        """Program and arguments."""
        return (sys.executable, "-m", MODULES[self.service])


def label(service: str, copy: int) -> str:
    """The name of a process in messages and of its log file."""
    return service if copy == 1 else f"{service}-{copy}"


def preloaded(service: str) -> tuple[str, ...]:
    """Program and arguments of a process that loads a service's libraries and waits for its settings."""
    return (sys.executable, "-m", "deploy.embedded.preloaded", MODULES[service])


@dataclass(frozen=True, slots=True)
class AccountServiceAccess:
    """How the provisioner reaches the account service."""

    url: str
    token_url: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Backing:
    """What the services are pointed at."""

    kafka: str
    dsns: Mapping[str, str]
    internal_token: str
    accounts: AccountServiceAccess


def ports_needed(copies: Mapping[str, int]) -> list[tuple[str, int]]:
    """Every (service, copy) that listens on a port of its own choice, the front not included."""
    services = [(name, copy) for name in COPYABLE for copy in range(1, copies.get(name, 1) + 1)]
    return [*services, (ACCOUNT_SERVICE, 1)]


def account_service(
    port: int, journal: Path, access: AccountServiceAccess, control_token: str
) -> ServiceSpec:
    """The simulated account service."""
    env = {
        "HOST": HOST,
        "PORT": str(port),
        "JOURNAL": str(journal),
        "CLIENT_ID": access.client_id,
        "CLIENT_SECRET": access.client_secret,
        "CONTROL_TOKEN": control_token,
        "LOG_FORMAT": "json",
    }
    return _spec(ACCOUNT_SERVICE, 1, port, env)


def front(port: int, ports: Mapping[tuple[str, int], int]) -> ServiceSpec:
    """The one address for clients, in front of every copy."""
    env = {"HOST": HOST, "PORT": str(port)}
    for name in COPYABLE:
        urls = [
            f"http://{HOST}:{number}" for (service, _), number in sorted(ports.items()) if service == name
        ]
        env[f"{name.upper()}_URL"] = ",".join(urls)
    return _spec(FRONT, 1, port, env)


def services(ports: Mapping[tuple[str, int], int], backing: Backing) -> Sequence[ServiceSpec]:
    """All copies of importer, provisioner and projector."""
    return [
        _spec(name, copy, port, {**_common(name, port, backing), **_special(name, ports, backing)})
        for (name, copy), port in sorted(ports.items())
        if name in COPYABLE
    ]


def _common(name: str, port: int, backing: Backing) -> dict[str, str]:
    return {
        "KAFKA": backing.kafka,
        "POSTGRES": backing.dsns[name],
        "INTERNAL_TOKEN": backing.internal_token,
        "HOST": HOST,
        "PORT": str(port),
        "LOG_FORMAT": "json",
    }


def _special(name: str, ports: Mapping[tuple[str, int], int], backing: Backing) -> dict[str, str]:
    match name:
        case "importer":
            urls = {
                f"{other.upper()}_URL": f"http://{HOST}:{ports[other, 1]}"
                for other in ("provisioner", "projector")
            }
            # Whoever reaches this machine's own broker may ask for accounts, as the examples do.
            return {**urls, "REQUEST_SOURCES": '{"*": "*"}'}
        case "provisioner":
            return {
                "PROJECTOR_URL": f"http://{HOST}:{ports['projector', 1]}",
                "ACCOUNT_SERVICE_URL": backing.accounts.url,
                "ACCOUNT_SERVICE_TOKEN_URL": backing.accounts.token_url,
                "ACCOUNT_SERVICE_CLIENT_ID": backing.accounts.client_id,
                "ACCOUNT_SERVICE_CLIENT_SECRET": backing.accounts.client_secret,
            }
        case "projector":
            # A newer version finds an older one's tables here: nobody should have to drop them by hand.
            return {"REBUILD_OUTDATED": "true"}
        case _:
            return {}


def _spec(
    service: str, copy: int, port: int, env: Mapping[str, str], ready_path: str = "/readyz"
) -> ServiceSpec:
    prefix = f"COURSE_ACCOUNTS_{service.upper()}_"
    return ServiceSpec(service, copy, port, {prefix + name: value for name, value in env.items()}, ready_path)
