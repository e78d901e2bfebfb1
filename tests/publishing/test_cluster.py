"""Runs on a real Dask cluster on this machine: workers that are lost, frozen or wrong, and addresses of no use."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import REFERENCE, ROOT
from tests.publishing.runs import RUN, files, until

pytestmark = pytest.mark.thorough


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "inputs"
    folder.mkdir()
    country = (ROOT / "inputs" / "000-landelijk-voorbeeld.csv").read_text(encoding="utf-8-sig").splitlines(True)
    (folder / "a.csv").write_text("".join(country[:161]), encoding="utf-8")
    return folder


class Cluster:
    """A scheduler on this machine, and the workers that are started at it."""

    def __init__(self, folder: Path, *options: str, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.environment = environment or {}
        self.started: list[subprocess.Popen[bytes]] = []
        self.said = folder / "workers.log"
        self.scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", *options)
        until(lambda: (folder / "scheduler.json").exists() and (folder / "scheduler.json").stat().st_size > 0)
        self.address: str = json.loads((folder / "scheduler.json").read_text())["address"]

    def worker(self, program: Path = ROOT, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
        """Start a worker that has the program in a folder, and wait until the scheduler knows it."""
        known = self._registered()
        worker = self._start("dask_worker", "--nthreads", "1", "--no-nanny", program=program, before=before)
        until(lambda: self._registered() > known, 120)
        return worker

    def _registered(self) -> int:
        return self.said.read_text().count("Registered to") if self.said.exists() else 0

    def _start(
        self, command: str, *arguments: str, program: Path = ROOT, before: tuple[str, ...] = ()
    ) -> subprocess.Popen[bytes]:
        where = ("--scheduler-file", str(self.folder / "scheduler.json"), "--no-dashboard")
        with self.said.open("ab") as said:
            process = subprocess.Popen(
                [*before, sys.executable, "-m", f"distributed.cli.{command}", *arguments, *where],
                cwd=self.folder,
                env={**os.environ, **self.environment, "PYTHONPATH": str(program)},
                stdout=said,
                stderr=said,
            )
        self.started.append(process)
        return process

    def stop(self) -> None:
        for process in reversed(self.started):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    cluster = Cluster(tmp_path / "cluster")
    try:
        yield cluster
    finally:
        cluster.stop()


def run(inputs: Path, outputs: Path, *more: str, environment: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    where: list[str | Path] = ["--inputs", inputs, "--outputs", outputs]
    where += ["--reference", REFERENCE, "--templates", ROOT / "templates"]
    return subprocess.Popen(
        [sys.executable, "-c", RUN, "report", *where, *more],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(started: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit code of a run, and what it said on standard error."""
    complaint = started.communicate(timeout=180)[1]
    return started.returncode, complaint


def in_time(began: float) -> bool:
    """Whether not more than ten seconds went by; in proportion, where the machine has more to do than it can."""
    return time.monotonic() - began < 10 * max(1, os.getloadavg()[0] / (os.cpu_count() or 1))


def alone(inputs: Path, outputs: Path) -> dict[str, bytes]:
    assert ended(run(inputs, outputs, "--workers", "1")) == (0, "")
    return files(outputs)


# --- Workers that are lost --------------------------------------------------------------------------------------------


def test_a_cluster_of_which_a_worker_is_killed_makes_the_same_bytes(
    inputs: Path, tmp_path: Path, cluster: Cluster
) -> None:
    worker, _ = cluster.worker(), cluster.worker()
    outputs = tmp_path / "outputs"
    together = run(inputs, outputs, "--scheduler", cluster.address)
    until((outputs / "gemeenten").exists, 120)
    worker.kill()
    published = len(list((outputs / "gemeenten").iterdir()))
    said, complaint = together.communicate(timeout=120)
    assert (together.returncode, complaint) == (0, "")
    assert said.startswith("160 made")
    assert published < 320, "the worker was killed too late"
    assert files(outputs) == alone(inputs, tmp_path / "alone")


def test_a_frozen_worker_is_given_up_and_the_others_do_its_work(inputs: Path, tmp_path: Path, cluster: Cluster) -> None:
    worker, _ = cluster.worker(), cluster.worker()
    outputs = tmp_path / "outputs"
    started = run(inputs, outputs, "--scheduler", cluster.address, "--worker-timeout", "15")
    until((outputs / "gemeenten").exists, 120)
    worker.send_signal(signal.SIGSTOP)
    code, complaint = ended(started)
    assert code == 0
    assert complaint.startswith("The worker tcp://127.0.0.1:")
    assert complaint.endswith("brought nothing for 15 s, and was given up.\n")
    assert files(outputs) == alone(inputs, tmp_path / "alone")


def test_when_all_workers_or_the_scheduler_are_frozen_the_run_ends_and_says_so(
    inputs: Path, tmp_path: Path, cluster: Cluster
) -> None:
    outputs = tmp_path / "outputs"
    worker = cluster.worker()
    worker.send_signal(signal.SIGSTOP)
    code, complaint = ended(run(inputs, outputs, "--scheduler", cluster.address, "--worker-timeout", "15"))
    assert (code, complaint.count("\n")) == (1, 1)
    assert "brought nothing for 15 s, and was given up. No other is left." in complaint
    assert not outputs.exists()
    cluster.worker()
    started = run(inputs, outputs, "--scheduler", cluster.address, "--worker-timeout", "15")
    until((outputs / "gemeenten").exists, 120)
    cluster.scheduler.send_signal(signal.SIGSTOP)
    code, complaint = ended(started)
    assert (code, complaint.count("\n")) == (1, 1)
    assert "the scheduler does not answer any more" in complaint


# --- Workers that may not take part -----------------------------------------------------------------------------------


def another_program(folder: Path, change: Callable[[Path], object]) -> Path:
    """A folder with the program, in which something is changed."""
    shutil.copytree(ROOT / "pipeline", folder / "pipeline")
    change(folder / "pipeline")
    return folder


def of_another_time(pipeline: Path) -> None:
    amounts = pipeline / "model" / "amounts.py"
    amounts.write_text(amounts.read_text() + "\n# Another line.\n")


def with_another_library(pipeline: Path) -> None:
    fingerprints = pipeline / "publishing" / "fingerprints.py"
    fingerprints.write_text(fingerprints.read_text().replace("metadata.version(library)", '"0.0.1"'))


def that_lacks_what_is_asked(pipeline: Path) -> None:
    for path in pipeline.rglob("*.py"):
        path.write_text("")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (of_another_time, "kostenindicatie 0.1.0 ("),
        (with_another_library, "xlsxwriter 0.0.1 instead of "),
        (that_lacks_what_is_asked, "has another program: "),
    ],
)
def test_a_worker_with_another_program_is_refused_before_anything_is_made(
    inputs: Path, tmp_path: Path, cluster: Cluster, change: Callable[[Path], object], what: str
) -> None:
    cluster.worker()
    wrong = cluster.worker(another_program(tmp_path / "another", change))
    began = time.monotonic()
    code, complaint = ended(run(inputs, tmp_path / "outputs", "--scheduler", cluster.address))
    assert (code, complaint.count("\n")) == (1, 1)
    assert in_time(began)
    assert complaint.startswith("Error: The worker tcp://127.0.0.1:")
    assert what in complaint
    assert not (tmp_path / "outputs").exists()
    assert wrong.poll() is None, "asking must not end it"


@pytest.mark.parametrize("change", [of_another_time, that_lacks_what_is_asked])
def test_a_worker_with_another_program_that_comes_later_makes_nothing(
    inputs: Path, tmp_path: Path, cluster: Cluster, change: Callable[[Path], object]
) -> None:
    right = cluster.worker()
    undisturbed = alone(inputs, tmp_path / "alone")
    outputs = tmp_path / "outputs"
    started = run(inputs, outputs, "--scheduler", cluster.address, "--worker-timeout", "60")
    until((outputs / "gemeenten").exists, 120)
    right.send_signal(signal.SIGSTOP)
    cluster.worker(another_program(tmp_path / "another", change))
    time.sleep(1)  # it gets work, which the frozen one does not
    right.send_signal(signal.SIGCONT)
    code, complaint = ended(started)
    assert (code, complaint.count("\n")) == (1, 1)
    assert "has another program: " in complaint
    assert all(data == undisturbed[name] for name, data in files(outputs).items())


def test_a_worker_that_cannot_see_the_folder_is_named(inputs: Path, tmp_path: Path, cluster: Cluster) -> None:
    outputs = tmp_path / "outputs"
    outputs.mkdir()
    # To this worker another, empty folder stands in its place, as on a machine where nothing is shared.
    elsewhere = ("unshare", "--mount", "sh", "-c", f'mount -t tmpfs none {outputs}; exec "$@"', "-")
    cluster.worker(before=elsewhere)
    began = time.monotonic()
    code, complaint = ended(run(inputs, outputs, "--scheduler", cluster.address))
    assert (code, complaint.count("\n")) == (1, 1)
    assert in_time(began)
    assert complaint.startswith(f"Error: {outputs}: cannot be written from {socket.gethostname()}.")
    assert "(In the worker tcp://127.0.0.1:" in complaint


# --- What is sent -----------------------------------------------------------------------------------------------------


def counted(address: str, sent: list[int]) -> str:
    """The address of a way to a scheduler on which is noted how many bytes a run sends."""
    target = ("127.0.0.1", int(address.rpartition(":")[2]))

    def pass_on(source: socket.socket, sink: socket.socket, count: list[int]) -> None:
        with suppress(OSError), source:
            while data := source.recv(65_536):
                sink.sendall(data)
                count.append(len(data))
            sink.shutdown(socket.SHUT_WR)

    def both_ways(connected: socket.socket) -> None:
        there = socket.create_connection(target)
        for source, sink, count in ((connected, there, sent), (there, connected, [])):
            threading.Thread(target=pass_on, args=(source, sink, count), daemon=True).start()

    return listening(both_ways)


def test_a_municipality_more_is_a_few_hundred_bytes_to_send(inputs: Path, tmp_path: Path, cluster: Cluster) -> None:
    cluster.worker()
    delivery = inputs / "a.csv"
    lines, sizes = delivery.read_text(encoding="utf-8").splitlines(True), {}
    for number in (40, 160):
        delivery.write_text("".join(lines[: number + 1]), encoding="utf-8")
        sent: list[int] = []
        outputs = tmp_path / str(number)
        assert ended(run(inputs, outputs, "--scheduler", counted(cluster.address, sent))) == (0, "")
        sizes[number] = sum(sent)
    # Choices, and little besides: templates and layouts alone are half a million bytes.
    assert sizes[160] < 200_000
    assert (sizes[160] - sizes[40]) / 120 < 500


# --- TLS --------------------------------------------------------------------------------------------------------------


def certified(folder: Path) -> dict[str, str]:
    """The settings of Dask with a certificate that is made here, and that signs itself."""
    folder.mkdir()
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=kostenindicatie")
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    return {f"{tls}CA_FILE": str(certificate), "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"} | {
        f"{tls}{who}__{what}": str(file)
        for who in ("SCHEDULER", "WORKER", "CLIENT")
        for what, file in (("CERT", certificate), ("KEY", key))
    }


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster to which one talks by TLS only."""
    environment = certified(tmp_path / "certificates")
    (tmp_path / "cluster").mkdir()
    cluster = Cluster(tmp_path / "cluster", "--protocol", "tls", environment=environment)
    try:
        yield cluster
    finally:
        cluster.stop()


def test_a_cluster_is_reached_by_tls_with_the_certificates_of_dask(
    inputs: Path, tmp_path: Path, encrypted: Cluster
) -> None:
    encrypted.worker()
    assert encrypted.address.startswith("tls://")
    outputs = tmp_path / "outputs"
    asked = ("--scheduler", encrypted.address)
    assert ended(run(inputs, outputs, *asked, environment=encrypted.environment)) == (0, "")
    assert files(outputs) == alone(inputs, tmp_path / "alone")


def test_who_has_the_wrong_certificate_or_none_is_told_so_in_time(
    inputs: Path, tmp_path: Path, encrypted: Cluster
) -> None:
    encrypted.worker()
    lacking = {**encrypted.environment, "DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(tmp_path / "nowhere.pem")}
    plain = encrypted.address.replace("tls://", "tcp://")
    for address, environment, why in (
        (encrypted.address, certified(tmp_path / "others"), "no Dask scheduler answers there"),
        (encrypted.address, lacking, "the certificates for TLS cannot be used ("),
        (encrypted.address, {}, "TLS needs certificates; docs/scaling.md says how to give them."),
        (plain, {}, "no Dask scheduler answers there"),
    ):
        began = time.monotonic()
        started = run(inputs, tmp_path / "outputs", "--scheduler", address, environment=environment)
        code, complaint = ended(started)
        assert (code, complaint.count("\n")) == (1, 1)
        assert complaint.startswith(f"Error: {address}: {why}")
        assert in_time(began)
        assert not (tmp_path / "outputs").exists()


# --- Addresses --------------------------------------------------------------------------------------------------------


def listening(then: Callable[[socket.socket], object]) -> str:
    """The address of something that listens, and does something with whoever connects."""
    listener = socket.create_server(("127.0.0.1", 0))
    kept = []

    def accept() -> None:
        while True:
            connected, _ = listener.accept()
            kept.append(connected)
            then(connected)

    threading.Thread(target=accept, daemon=True).start()
    return f"tcp://127.0.0.1:{listener.getsockname()[1]}"


def silent() -> str:
    return listening(lambda _: None)


def talkative() -> str:
    return listening(lambda connected: connected.sendall(b"SSH-2.0-OpenSSH_9.6\r\n"))


def hanging_up() -> str:
    return listening(lambda connected: connected.close())


def http() -> str:
    server = ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"tcp://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize(
    ("there", "why"),
    [
        (lambda: "tcp://127.0.0.1:9", "no Dask scheduler answers there"),
        (lambda: "tcp://nowhere.invalid:8786", "no Dask scheduler answers there"),
        (silent, "no Dask scheduler answers there within 4 s."),
        (http, "no Dask scheduler answers there within 4 s."),
        (hanging_up, "no Dask scheduler answers there"),
        (talkative, "what answers there is no Dask scheduler."),
        (lambda: "tls://127.0.0.1:9", "TLS needs certificates; docs/scaling.md says how to give them."),
    ],
)
def test_where_no_scheduler_is_the_run_says_so_in_time_and_leaves_the_folder_alone(
    inputs: Path, tmp_path: Path, there: Callable[[], str], why: str
) -> None:
    address = there()
    began = time.monotonic()
    code, complaint = ended(run(inputs, tmp_path / "outputs", "--scheduler", address))
    assert (code, complaint.count("\n")) == (1, 1)
    assert complaint.startswith(f"Error: {address}: {why}")
    assert in_time(began)
    assert not (tmp_path / "outputs").exists()


def test_a_scheduler_without_workers_and_the_address_of_a_worker_are_said(
    inputs: Path, tmp_path: Path, cluster: Cluster
) -> None:
    code, complaint = ended(run(inputs, tmp_path / "outputs", "--scheduler", cluster.address))
    assert (code, complaint) == (
        1,
        f"Error: {cluster.address}: the scheduler has no workers; start one: dask worker {cluster.address}\n",
    )
    cluster.worker()
    address = cluster.said.read_text().partition("Start worker at:")[2].split()[0]
    code, complaint = ended(run(inputs, tmp_path / "outputs", "--scheduler", address))
    assert (code, complaint) == (1, f"Error: {address}: is the address of a worker; give that of the scheduler.\n")


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "nonsense",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:x",
        "tpc://127.0.0.1:9",
        "http://127.0.0.1:9",
        "ucx://a:1",
    ],
)
def test_what_is_no_address_is_wrong_use(inputs: Path, tmp_path: Path, address: str) -> None:
    code, complaint = ended(run(inputs, tmp_path / "outputs", "--scheduler", address))
    assert code == 2
    assert complaint.endswith(
        "Error: Invalid value for '--scheduler': it is written like tcp://10.0.0.1:8786, or with tls://.\n"
    )
