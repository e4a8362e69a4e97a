from pathlib import Path

from tests.contract.databricks_double.process import DoubleProcess


def test_process_says_its_port_when_ready_and_ends_cleanly_on_sigterm(state: Path) -> None:
    process = DoubleProcess.start(state)

    assert process.ready["ready"] is True
    assert isinstance(process.ready["port"], int)
    assert process.stop() == 0
