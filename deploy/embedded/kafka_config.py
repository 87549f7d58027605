"""What the one embedded broker is told: its properties, its log's properties, its Java flags."""

from collections.abc import Mapping
from pathlib import Path

from .java import Java
from .ports import LOOPBACK

NODE = 1


def server_properties(*, log_dir: Path, port: int, controller_port: int, more: Mapping[str, str]) -> str:
    """Return the broker's properties file.

    Args:
        log_dir: where topics are stored.
        port: for clients, on loopback.
        controller_port: for the broker's other half, on loopback.
        more: settings that replace or extend these.
    """
    return _lines(
        {
            "process.roles": "broker,controller",
            "node.id": str(NODE),
            "controller.quorum.voters": f"{NODE}@{LOOPBACK}:{controller_port}",
            "listeners": f"PLAINTEXT://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller_port}",
            "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{port}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": str(log_dir),
            # Topics are created by provisioning, with the partitions they keep for life.
            "auto.create.topics.enable": "false",
            "message.max.bytes": str(2 * 1024 * 1024),
            **_internal_topics("offsets.topic", replicas="replication.factor"),
            **_internal_topics("transaction.state.log", replicas="replication.factor", in_sync="min.isr"),
            **_internal_topics(
                "share.coordinator.state.topic", replicas="replication.factor", in_sync="min.isr"
            ),
            # One machine: nobody else is about to join, and a killed process should be missed quickly.
            "group.initial.rebalance.delay.ms": "0",
            "group.min.session.timeout.ms": "1000",
            # Twice a second by default, each time flushed to the disk of an idle laptop.
            "metadata.max.idle.interval.ms": "5000",
            # 128 MB by default, a quarter of our heap, for one small compacted topic.
            "log.cleaner.dedupe.buffer.size": str(8 * 1024 * 1024),
            **more,
        }
    )


def log_properties(log_file: Path) -> str:
    """Return log4j's properties: one file that cannot grow without bound."""
    return _lines(
        {
            "status": "error",
            "appender.file.type": "RollingFile",
            "appender.file.name": "file",
            "appender.file.fileName": str(log_file),
            "appender.file.filePattern": f"{log_file}.%i",
            "appender.file.layout.type": "PatternLayout",
            "appender.file.layout.pattern": "%d{ISO8601} %-5p %c{1}: %m%n",
            "appender.file.policies.type": "Policies",
            "appender.file.policies.size.type": "SizeBasedTriggeringPolicy",
            "appender.file.policies.size.size": "20MB",
            "appender.file.strategy.type": "DefaultRolloverStrategy",
            "appender.file.strategy.max": "2",
            "rootLogger.level": "info",
            "rootLogger.appenderRef.file.ref": "file",
        }
    )


def java_flags(java: Java, log_config: Path) -> list[str]:
    """Return the flags every Java process of ours gets."""
    flags = [
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        f"-Dlog4j2.configurationFile={log_config}",
        "-Dlog4j2.disableJmx=true",
        # Java's own remarks about its archive: it goes on without, which is all we want to know.
        "-Xlog:disable",
        "-Xlog:all=error:stderr",
    ]
    if java.major >= 24:
        # Kafka's libraries still do what newer Javas warn of on every start.
        flags += ["--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"]
    return flags


def _internal_topics(prefix: str, *, replicas: str, in_sync: str | None = None) -> dict[str, str]:
    few = {f"{prefix}.{replicas}": "1", f"{prefix}.num.partitions": "4"}
    return {**few, f"{prefix}.{in_sync}": "1"} if in_sync else few


def _lines(settings: Mapping[str, str]) -> str:
    # Java reads a backslash in a properties file as the start of an escape.
    return "".join(f"{name}={value}\n".replace("\\", "\\\\") for name, value in settings.items())
