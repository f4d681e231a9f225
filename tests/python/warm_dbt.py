"""dbt as a command that starts at once: *command() instead of the path of dbt.

A server has dbt imported, and what was parsed read, which take longer than many
a build of our tests; it forks for each call. A call has arguments, folder,
environment, standard files and exit code of its own, as if dbt had been
started, but a log file only where DBT_LOG_LEVEL_FILE asks for it. Where a test
kills dbt, it starts dbt itself.

command(parse(…)) is dbt over a project that is parsed already. dbt itself
parses anew whenever a var or the database differs; this is for calls that
differ from what was parsed in nothing that a parse looks at.

One server serves all processes of a pytest session, as CST_WARM_DBT names its
folder; it ends with the process that made the folder.
"""

import array
import atexit
import contextlib
import fcntl
import gc
import hashlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLACE = "CST_WARM_DBT"
PROJECT = Path(__file__).resolve().parents[2]
# What a model depends on, and which tests there are, is decided by these when
# the project is parsed.
SOURCES = [
    "customer", "order", "order_item", "refund", "product", "exchange_rate",
    "event", "ticket", "campaign", "touch",
]
PARSED_VARS = (
    "cst_use_sample_data", "ltv_method", "ltv_parameters_relation",
)


# -- whoever calls ----------------------------------------------------------


def place():
    """The server's folder; made, and removed at the end, by who asks first."""
    if PLACE not in os.environ:
        # The path of a socket has to be short.
        folder = tempfile.mkdtemp(prefix="dbt", dir="/tmp")
        os.environ[PLACE] = folder
        (Path(folder) / "owner").write_text(str(os.getpid()))
        atexit.register(remove, Path(folder), os.getpid())
    return Path(os.environ[PLACE])


def remove(folder, owner):
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def command(parsed=None):
    """What to call instead of dbt."""
    folder = place()
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "socket").exists():
            start(folder)
    return [
        sys.executable, "-I", "-S", __file__, str(folder), str(parsed or "-"),
    ]


def parse(project, dbt_vars, database="cst"):
    """What dbt parses of a project with these vars: a file. `database` is the
    name of the file, which names the catalog. Parsed once in a session."""
    asked = json.dumps([str(project), dbt_vars, database], sort_keys=True)
    folder = place() / hashlib.md5(asked.encode()).hexdigest()
    folder.mkdir(exist_ok=True)
    parsed = folder / "partial_parse.msgpack"
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not parsed.exists():
            result = subprocess.run(
                [
                    *command(), "parse", "--project-dir", str(project),
                    "--profiles-dir", str(project), "--log-path", str(folder),
                    "--target-path", str(folder / "target"),
                    "--vars", json.dumps(dbt_vars),
                ],
                cwd=project, stdin=subprocess.DEVNULL, capture_output=True,
                text=True, env={
                    **os.environ,
                    "CST_DUCKDB_PATH": str(folder / f"{database}.duckdb"),
                    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "NO_COLOR": "1",
                },
            )
            if result.returncode:
                raise RuntimeError(result.stdout + result.stderr)
            (folder / "target" / parsed.name).rename(parsed)
    return parsed


def parse_project(dbt_vars, database="cst"):
    """What dbt parses of our project with these vars."""
    asked = {name: dbt_vars[name] for name in PARSED_VARS if name in dbt_vars}
    if "cst_ods_path" in dbt_vars:
        # Where the files are, is asked later.
        asked["cst_ods_path"] = "/any"
        # Which are read, too; this one is off by default.
        asked["cst_enabled_sources"] = SOURCES
    return parse(PROJECT, asked, database)


def start(folder):
    log = folder / "log"
    with open(log, "w") as file:
        server = subprocess.Popen(
            [sys.executable, __file__, "serve", str(folder)],
            stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            start_new_session=True,
        )
    while not (folder / "socket").exists():
        if server.poll() is not None:
            raise RuntimeError(f"dbt's server ended:\n{log.read_text()}")
        time.sleep(0.02)


# -- the command: it hands its own standard files to the server ---------------


def call(folder, parsed, arguments):
    request = json.dumps({
        "arguments": arguments, "folder": os.getcwd(), "parsed": parsed,
        "environment": dict(os.environ),
    }).encode()
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(f"{folder}/socket")
        server.sendmsg([b"f"], [(
            socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2])
        )])
        server.sendall(len(request).to_bytes(8, "big") + request)
        code = server.recv(1)
    if not code:
        sys.exit("dbt's server ended during the call")
    return code[0]


# -- the server -------------------------------------------------------------


def serve(folder):
    import dbt_parsed

    warm_up(folder / "tiny")
    # Python looks again and again through all that dbt holds, which takes a
    # tenth of a build.
    gc.set_threshold(200_000, 20, 100)
    owner = int((folder / "owner").read_text())
    read = {}
    gc.freeze()
    # Nobody waits for the processes that wait for dbt.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "new"))
        listener.listen(16)
        (folder / "new").rename(folder / "socket")
        while folder.exists() and is_alive(owner):
            if not select.select([listener], [], [], 1)[0]:
                continue
            client, _ = listener.accept()
            with client:
                try:
                    files, request = receive(client)
                except EOFError:
                    continue
                parsed = request["parsed"]
                if parsed != "-" and parsed not in read:
                    read[parsed] = dbt_parsed.read(parsed)
                    compile_macros(read[parsed])
                    gc.freeze()
                if os.fork() == 0:
                    listener.close()
                    run_and_tell(client, files, request, read.get(parsed))
                    # only dbt's own process comes back, to end as any does
                    return
                for file in files:
                    os.close(file)


def warm_up(folder):
    """Parse a project of nothing: what dbt works out once in a process."""
    from dbt.cli.main import dbtRunner

    folder.mkdir()
    (folder / "dbt_project.yml").write_text("{name: tiny, profile: tiny}")
    (folder / "profiles.yml").write_text(
        "tiny: {target: tiny, outputs: {tiny: {type: duckdb, schema: tiny}}}"
    )
    result = dbtRunner().invoke([
        "--quiet", "parse", "--no-write-json", "--log-path", str(folder),
        "--project-dir", str(folder), "--profiles-dir", str(folder),
    ])
    if not result.success:
        raise result.exception


def compile_macros(manifest):
    """As dbt does when it first calls each."""
    from dbt_common.clients.jinja import template_cache

    for macro in manifest.macros.values():
        template_cache.get_node_template(macro)


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def receive(client):
    """The standard files of a call, and what it asks."""
    files = array.array("i")
    _, sent, *_ = client.recvmsg(1, socket.CMSG_LEN(3 * files.itemsize))
    for _, _, data in sent:
        files.frombytes(data)

    def exactly(count):
        data = b""
        while len(data) < count:
            part = client.recv(count - len(data))
            if not part:
                raise EOFError("a call ended before it was read")
            data += part
        return data

    return list(files), json.loads(exactly(int.from_bytes(exactly(8), "big")))


def run_and_tell(client, files, request, manifest):
    """Fork dbt, wait for it, tell the exit code, and end. Where the one who
    asked is gone, so is dbt."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    dbt = os.fork()
    if dbt == 0:
        client.close()
        become(files, request)
        run_dbt(request, manifest)
    for file in files:
        os.close(file)
    while True:
        done, status = os.waitpid(dbt, os.WNOHANG)
        if done:
            break
        if select.select([client], [], [], 0.02)[0]:
            os.kill(dbt, signal.SIGKILL)
            os._exit(1)
    code = os.waitstatus_to_exitcode(status)
    with contextlib.suppress(BrokenPipeError):
        client.sendall(bytes([code if code >= 0 else 128 - code]))
    os._exit(0)


def become(files, request):
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    # To write a log that no test reads takes a tenth of a build, too.
    os.environ.setdefault("DBT_LOG_LEVEL_FILE", "none")
    sys.argv = ["dbt", *request["arguments"]]
    for number, name in ((1, "stdout"), (2, "stderr")):
        setattr(sys, name, os.fdopen(number, "w", encoding="utf-8"))
    time.tzset()


def run_dbt(request, manifest):
    """Ends as dbt does: the interpreter closes what is open."""
    import dbt_parsed
    from dbt.cli.main import cli

    try:
        if manifest is None:
            cli()
        sys.exit(dbt_parsed.invoke(manifest, request["arguments"]))
    finally:
        gc.unfreeze()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(Path(sys.argv[2]))
    else:
        sys.exit(call(sys.argv[1], sys.argv[2], sys.argv[3:]))
