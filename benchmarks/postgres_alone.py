"""PostgreSQL alone: pgbench runs the statements of our service, prepared, and drops their rows.

The texts are the service's own; only their parameters are rewritten as pgbench's variables.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass

from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row
from uuid_utils.compat import uuid7

from benchmarks import content
from benchmarks.databases import Database
from benchmarks.load import CONNECTIONS, EXTRA_SECONDS, LoadError, Sample, until_answered
from benchmarks.processes import cpu_time, others_percent
from datasets_api.postgres.binaries import bin_dir

PARAMETER = re.compile(r"%(?:\((\w+)\))?s")
VARIABLE = re.compile(r"(?<![:\w]):([a-z]\w*)")


@dataclass(frozen=True)
class Step:
    """One statement. Its row's columns are variables of later statements where `keep` gives a prefix for them."""

    statement: str
    rows: int = 1
    keep: str = ""

    @classmethod
    def of(cls, statement: str, names: Mapping[str, str], *, rows: int = 1, keep: str = "") -> "Step":
        """`names` says what stands for each parameter; "" for one without a name."""
        return cls(PARAMETER.sub(lambda match: names[match[1] or ""], statement).strip(), rows, keep)

    @property
    def command(self) -> str:
        return f"{self.statement} \\gset {self.keep}" if self.keep else f"{self.statement};"


@dataclass(frozen=True)
class Script:
    """Statements, and the texts of their variables.

    Besides these there are :n, an item, :project, a small one, and :run with :number, the parts of an id that is new.
    """

    steps: tuple[Step, ...]
    texts: Mapping[str, str]
    in_transaction: bool = False  # all but the first

    def commands(self, items: int) -> str:
        # No two clients take the same item: a lost race would end a client, where our service tries again.
        item = f"\\set n {CONNECTIONS} * random(0, {items // CONNECTIONS - 1}) + :client_id + 1"
        last = content.FIRST_SMALL_PROJECT + content.SMALL_PROJECTS - 1
        project = f"\\set project random({content.FIRST_SMALL_PROJECT}, {last})"
        number = f"\\set count :count + 1\n\\set number :count * {CONNECTIONS} + :client_id"
        commands = [step.command for step in self.steps]
        if self.in_transaction:
            commands = [commands[0], "BEGIN;", *commands[1:], "COMMIT;"]
        return "\n".join([item, project, number, *commands, ""])


def check(database: Database, script: Script) -> None:
    """Runs it once, and takes it back. Raises LoadError where a statement finds other than what it should."""
    own = {"n": "1", "project": str(content.FIRST_SMALL_PROJECT), "run": new_run(), "number": "1"}
    values = dict(script.texts) | own
    with database.connected() as connection, connection.transaction(force_rollback=True):
        for step in script.steps:
            statement = filled(step.statement, values)
            cursor = connection.cursor(row_factory=dict_row).execute(statement)
            rows = cursor.fetchall() if cursor.description else []
            if len(rows) != step.rows:
                raise LoadError(f"{len(rows)} rows instead of {step.rows} from:\n{statement}")
            if step.keep:
                values |= {f"{step.keep}{name}": str(value) for name, value in rows[0].items()}


def filled(statement: str, values: Mapping[str, str]) -> str:
    """With texts in place of variables. They are ours, and hold no quote that could end them."""
    return VARIABLE.sub(lambda match: f"'{values[match[1]]}'", statement)


def new_run() -> str:
    """All but the last group of an id."""
    return str(uuid7())[:-12]


def drive(database: Database, script: Script, *, seconds: float) -> Sample:
    """Raises LoadError if a client stops, a statement fails or none ends."""
    sample = until_answered(lambda longer: run_pgbench(database, script, seconds=longer), seconds)
    if not sample.rps:
        raise LoadError("No transaction of pgbench has ended.")
    return sample


def run_pgbench(database: Database, script: Script, *, seconds: float) -> Sample:
    """pgbench tells the mean latency alone."""
    address = conninfo_to_dict(database.url)
    names = {"PGHOST": "host", "PGUSER": "user", "PGPASSWORD": "password", "PGDATABASE": "dbname"}
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script.commands(database.items))
        file.flush()
        command = [
            str(bin_dir() / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={CONNECTIONS}", "--jobs=2",
            f"--time={seconds:.0f}", f"--file={file.name}",
            "--define=count=0", f"--define=run={new_run()}",
            *(f"--define={name}={text}" for name, text in script.texts.items()),
        ]  # fmt: skip
        before = cpu_time()
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds + EXTRA_SECONDS, check=False,
            env=os.environ | {name: str(address[field]) for name, field in names.items()},
        )  # fmt: skip
        after = cpu_time()
    if done.returncode or not re.search(r"failed transactions: 0 |actually processed: 0$", done.stdout, re.MULTILINE):
        raise LoadError(f"pgbench failed: {done.stdout}{done.stderr}")
    # Neither is printed where no transaction has ended.
    rate = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    latency = re.search(r"^latency average = ([\d.]+) ms", done.stdout, re.MULTILINE)
    mean = float(latency[1]) if latency else 0.0
    return Sample(float(rate[1]) if rate else 0.0, mean, mean, mean, others_percent(before, after))
