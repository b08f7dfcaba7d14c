"""
The single front door: ``nox`` runs the quick checks, ``nox -s all`` every check, ``nox -s NAME -- ARGS`` runs one.

Each session makes an environment of its own. With ``--no-venv`` all of them use the environment that nox was started
from, into which ``pip install --editable '.[all]' --group dev`` has put everything once; that is much quicker.
"""

import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"

QUICK = ("lint", "imports", "typing", "tests", "property", "docs", "left_out")
"""What the bare ``nox`` runs: all that a change breaks as a rule, in about eight minutes on two processors."""

REST = ("slow_tests", "coverage", "property_long", "typing_tests", "reference", "lowest")
"""What ``nox -s all`` runs besides, and several processes work on; CI runs it as ``nox -s rest``."""

NOT_ON_CI = ("slow_tests", "property_long")

REST_ALONE = ("e2e", "typing_pythons", "kernel_pythons", "kernel_in_node", "stubtest", "build")
"""The same of what one process works on; CI runs it as ``nox -s rest_alone``, at the same time."""

nox.options.sessions = QUICK

ROOT = Path(__file__).parent
PYTHONS = nox.project.python_versions(nox.project.load_toml(ROOT / "pyproject.toml"))
PYTHON_IN_NODE = "3.14"  # that of the npm package `pyodide`
MEASURE = "AUTHWEAVE_MEASURE_COVERAGE"
ON_CI = os.environ.get("CI") == "true"
NODE_PACKAGES = (
    "esbuild",
    "jose",
    "oidc-provider",
    "openapi-typescript",
    "pyodide",
    "supertokens-auth-react",
    "swagger-ui-dist",
)
NODE_READY = shutil.which("node") is not None and all(
    (ROOT / "tests" / "node" / "node_modules" / name).is_dir() for name in NODE_PACKAGES
)
GO_READY = shutil.which("go") is not None
NODE_WANTS = "Node, and `npm ci --prefix tests/node`"
# pyright's wrapper would ask the network whether a newer pyright exists, and print the answer.
QUIET_PYRIGHT = {"PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}

# Everything foreign that we import, here or in the tests: none of it may lack types without having stubs.
FOREIGN = """
aiosmtpd.smtp aiosmtplib alembic anyio argon2 asgi_correlation_id asgiref.sync attrs backoff bcrypt blinker brotli_asgi
cbor2 coverage cryptography.hazmat django fastapi flask grimp httpcore2 httpx2 hypercorn.config hypothesis jinja2
joserfc.jwk joserfc.jwt jsonschema_rs libcst litestar ninja openapi_spec_validator opentelemetry.metrics
opentelemetry.sdk.trace phonenumbers psycopg publicsuffixlist pydantic pyotp.totp pytest rest_framework.authentication
rich schemathesis segno selenium.webdriver sqlalchemy sqlmodel stamina starlette starlette_context sybil tenacity trio
typer typing_extensions uvicorn waitress.server webauthn websockets.sync.client werkzeug wrapt
"""

KERNEL_ALONE = """
import sys
before = set(sys.modules)
import authweave.kernel
loaded = set(sys.modules) - before
allowed = {"attr", "attrs", "typing_extensions", "authweave"} | sys.stdlib_module_names
foreign = sorted(name for name in loaded if name.partition(".")[0] not in allowed)
rooms = sorted(name for name in loaded if name.startswith("authweave.") and not name.startswith("authweave.kernel"))
if foreign or rooms:
    sys.exit(f"importing authweave.kernel also loads: {foreign + rooms}")
"""

WHOLE = """
import authweave
for name in authweave.__all__:
    getattr(authweave, name)
"""

# Tests run in as many processes as there are processors; each that needs PostgreSQL has a server of its own.
AT_ONCE = ("--numprocesses=auto", "--maxprocesses=8", "--dist=worksteal")
# Those over HTTP wait half of their time: for servers to start and to end.
TWICE_AT_ONCE = (f"--numprocesses={min(2 * (os.cpu_count() or 1), 8)}", "--dist=worksteal")
SLOWEST = ("--durations=20", "--durations-min=1")
# Longer than `tests.patience` waits: where a test hangs is printed, and it goes on.
HANGING = ("-o", "faulthandler_timeout=600")
TEST_FOLDERS = ("tests/unit", "tests/integration", "tests/e2e")

# What the kernel and its tests import; on a Python in Node nothing but pure Python can be had.
KERNEL_WANTS = ("attrs", "typing-extensions", "pytest>=9", "hypothesis")
KERNEL_WANTS += ("backoff", "opentelemetry-sdk", "stamina", "tenacity", "wrapt")
# The kernel's tests, and those of its laws and of what else reads signatures.
KERNEL_TESTS = (
    "tests/unit/kernel",
    "tests/unit/testing/test_recording.py",
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "property").glob("test_[co][0-9]*.py")),
    "tests/property/test_plugins.py",
)

# The rooms whose code calls libraries; the recipes are asked over HTTP.
CALL_LIBRARIES = ("app", "cli", "framework", "http", "ingredients", "kernel", "moving", "openapi", "outbox", "security")
CALL_LIBRARIES += ("serving", "storage", "webhooks")
OVER_HTTP = ("admin", "emailpassword", "emailverification", "error_groups", "mails", "mounted", "other_middleware")
OVER_HTTP += ("own_jwts", "password_reset", "roles", "session", "thirdparty", "totp", "users", "websockets")
OVER_HTTP += ("webauthn", "webauthn_bad_input")
"""Each recipe, and each way to be served, once: what libraries are called for is in the rooms above."""

LOWEST_TESTS = (
    *(f"tests/unit/{room}" for room in CALL_LIBRARIES),
    *(f"tests/integration/http/test_{each}.py" for each in OVER_HTTP),
)

BENCHMARKS = (
    *("kernel", "beside", "signature_lines", "sign_in_stall", "session", "start", "first_answer", "storage", "pool"),
    *("third_party", "third_party_memory", "code_flow", "long_bodies", "accounts", "alike", "listing", "importing"),
    *(
        "webhooks",
        "frameworks",
        "signing",
        "sign_in",
        "linked_sign_in",
        "second_factors",
        "burst",
        "memory",
        "refresh",
        "workers",
        "growth",
    ),
)

# `--no-venv` has to find the programs beside the interpreter, also when nox is started by its path.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def install(session: nox.Session, *groups: str) -> None:
    """Install the library and dependency groups, unless the session borrows an environment that has them."""
    if session.venv_backend != "none":
        session.install("--editable", ".[all]", *(f"--group={group}" for group in groups))


def only_paths(arguments: list[str]) -> list[str]:
    """Return the arguments that name a file, a folder or a test."""
    return [argument for argument in arguments if Path(argument.partition("::")[0]).exists()]


def run_side_by_side(
    session: nox.Session,
    *lanes: Sequence[Sequence[str]],
    env: Mapping[str, str] | None = None,
    success_codes: Sequence[int] = (0,),
) -> None:
    """
    Run commands that keep one processor busy each: those of a lane one after the other, the lanes at the same time.

    What a lane wrote is printed when it has ended.
    """

    def run(lane: Sequence[Sequence[str]]) -> str:
        ran = (session.run(*command, env=env, silent=True, success_codes=success_codes) for command in lane)
        return "\n".join(str(output).rstrip() for output in ran)

    with ThreadPoolExecutor(len(lanes)) as pool:
        for lane in [pool.submit(run, lane) for lane in lanes]:
            session.log(lane.result())


def node_ready(session: nox.Session) -> bool:
    """Say whether tests in Node can run, and that they are left out where they cannot; on CI they have to."""
    if ON_CI and not NODE_READY:
        session.error(f"on CI the tests in Node have to run: they need {NODE_WANTS}")
    if not NODE_READY:
        session.warn(f"the tests in Node are left out: they need {NODE_WANTS}")
    return NODE_READY


def go_marks(session: nox.Session) -> str:
    """Return what leaves out the tests that need Go where it is not there; on CI it has to be."""
    if GO_READY:
        return ""
    wants = "Go (Debian package golang-go)"
    if ON_CI:
        session.error(f"on CI the tests in Go have to run: they need {wants}")
    session.warn(f"the tests in Go are left out: they need {wants}")
    return " and not go"


def lacking_for_browser() -> str:
    """Return what the tests in a browser need and is not there; nothing where they can run."""
    lacking = [program for program in ("chromium", "chromedriver") if shutil.which(program) is None]
    return f"{' and '.join(lacking)} on the PATH (Debian packages chromium and chromium-driver)" if lacking else ""


def node_marks(session: nox.Session) -> str:
    """Return what leaves out the tests that need Node where it is not there."""
    return "" if node_ready(session) else " and not node"


def compile_tests(session: nox.Session) -> None:
    """
    Compile what the tests import, once: on a clean checkout each process of a run would, all at the same time.

    Pytest compiles tests while it collects them; none is chosen, so that none runs.
    """
    collect = ("pytest", "--collect-only", "--quiet", "-m", "browser and frameworks")
    nothing_chosen = 5
    halves = (TEST_FOLDERS[:1], TEST_FOLDERS[1:])
    run_side_by_side(session, *([(*collect, *half)] for half in halves), success_codes=[nothing_chosen])


def run_tests(session: nox.Session, marks: str) -> None:
    """
    Run the tests with these marks.

    On CI, and for `nox -s all`, what they cover is kept for the session `coverage`, unless some are chosen. Measuring
    costs a third of the time.
    """
    marks += node_marks(session) + go_marks(session)
    if only_paths(session.posargs):
        session.run("pytest", "-m", marks, *session.posargs)
        return
    measured = ON_CI or MEASURE in os.environ
    env = {"COVERAGE_PROCESS_START": str(ROOT / "pyproject.toml")} if measured else {}  # each process measures itself
    session.run("pytest", *TWICE_AT_ONCE, *SLOWEST, *HANGING, "-m", marks, *TEST_FOLDERS, *session.posargs, env=env)


def run_laws(session: nox.Session, profile: str) -> None:
    """Check the laws with as many examples as a Hypothesis profile has."""
    chosen = only_paths(session.posargs) or ["tests/property"]
    options = [argument for argument in session.posargs if argument not in chosen]
    env = {"HYPOTHESIS_PROFILE": os.environ.get("HYPOTHESIS_PROFILE", profile)}
    session.run("pytest", *AT_ONCE, *chosen, *options, env=env)


def kernel_arguments(session: nox.Session) -> list[str]:
    """Return what pytest gets for the kernel's tests: few examples, always the same, and no documents."""
    chosen = only_paths(session.posargs) or list(KERNEL_TESTS)
    options = [argument for argument in session.posargs if argument not in chosen]
    return ["--confcutdir=tests", "-p", "no:cacheprovider", "--hypothesis-seed=0", *chosen, *options]


def interpreter(session: nox.Session, version: str) -> str | None:
    """Find a Python that can make environments (Debian packs that separately), on the PATH or among those of pyenv."""
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [shutil.which(f"python{version}"), *sorted(map(str, versions.glob(f"{version}.*/bin/python")))]
    program = "import ensurepip, venv; print('it can')"
    for python in filter(None, found):
        # Any status: what pyenv puts on the PATH fails where its version is not chosen.
        asked = session.run(python, "-c", program, external=True, silent=True, log=False, success_codes=range(256))
        if "it can" in str(asked):
            return python
    return None


@nox.session(name="all")
def everything(session: nox.Session) -> None:
    """Run every check: the quick ones and the rest."""
    os.environ[MEASURE] = "yes"  # for `coverage`, which comes later
    for name in (*QUICK, *REST, *REST_ALONE):
        session.notify(name)


@nox.session
def rest(session: nox.Session) -> None:
    """
    Run what the bare ``nox`` leaves out, after it: together with `rest_alone` that is every check.

    On CI `tests` has run the slow tests, and `property` is the short version of `property_long`.
    """
    for name in REST:
        if not (ON_CI and name in NOT_ON_CI):
            session.notify(name)


@nox.session
def rest_alone(session: nox.Session) -> None:
    """Run what of the rest keeps one processor busy; it may run beside `rest`."""
    for name in REST_ALONE:
        session.notify(name)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format, spelling and the project's metadata; arguments go to ``ruff check`` (``-- --fix``)."""
    install(session, "lint")
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--diff", "--quiet")
    session.run("codespell")
    session.run("validate-pyproject", "pyproject.toml")


@nox.session
def typing(session: nox.Session) -> None:
    """Run mypy for the oldest Python, pyright, and pyright's check that every public name is fully typed."""
    install(session, "typing")
    mypy = ("mypy", f"--python-version={PYTHONS[0]}", *session.posargs)
    pyright = ("pyright", *session.posargs)
    public = ("pyright", "--verifytypes", "authweave", "--ignoreexternal")
    run_side_by_side(session, [mypy], [pyright, public], env=QUIET_PYRIGHT)


@nox.session
def typing_pythons(session: nox.Session) -> None:
    """
    Run mypy for the newest Python, as `typing` does for the oldest: each line for some of them is read by one.

    On CI it reads the library alone, without its tests.
    """
    install(session, "typing")
    read = session.posargs or (["src"] if os.environ.get("CI") == "true" else [])
    session.run("mypy", f"--python-version={PYTHON_IN_NODE}", *read)


@nox.session
def imports(session: nox.Session) -> None:
    """Check that each room imports only what ``.importlinter`` lets it, and that the picture of the rooms is right."""
    install(session, "lint")
    session.run("lint-imports", "--no-cache", "--no-logo", *session.posargs)
    session.run("python", "docs/rooms.py", "--check")


@nox.session
def tests(session: nox.Session) -> None:
    """
    Run the unit and integration tests that are not slow, and name those that take longest.

    On CI those of `slow_tests` run among them: they wait for most of their time.
    """
    install(session, "tests")
    if not only_paths(session.posargs):
        session.run("coverage", "erase")
        if ON_CI:
            compile_tests(session)
    run_tests(session, "not browser" if ON_CI else "not browser and not slow and not frameworks")


@nox.session
def slow_tests(session: nox.Session) -> None:
    """
    Run the slow tests: servers that are killed under load, crowds of requests, whole programs end to end.

    Most of them wait; those of `frameworks`, which do not, run among them.
    """
    install(session, "tests")
    run_tests(session, "not browser and (slow or frameworks)")


@nox.session
def frameworks(session: nox.Session) -> None:
    """Run the HTTP tests that `tests` runs on FastAPI on every other framework, each on its own server."""
    install(session, "tests")
    run_tests(session, "frameworks and not browser and not slow")


@nox.session
def coverage(session: nox.Session) -> None:
    """Say what the tests of `tests` and `slow_tests`, which have to run before, cover; it must not become less."""
    install(session, "tests")
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report", *session.posargs)


@nox.session(default=False)
def lowest(session: nox.Session) -> None:
    """Run the tests of what calls libraries, and some over HTTP, with the lowest releases, in an environment apart."""
    folder = ROOT / "build" / "lowest"
    oldest = interpreter(session, PYTHONS[0]) or sys.executable  # a newer one may be newer than these releases
    session.run(oldest, "-m", "venv", "--clear", str(folder), external=True)
    python = str(folder / "bin" / "python")
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    session.run(*pip, "--upgrade", "pip", external=True)  # older ones do not know dependency groups
    wanted = ("--editable", ".[all]", "--group", "tests", "httpx")  # Starlette's test client took httpx up to 1.1
    session.run(*pip, "--constraint", "tests/lowest.txt", *wanted, external=True)
    chosen = only_paths(session.posargs) or list(LOWEST_TESTS)
    options = [argument for argument in session.posargs if argument not in chosen]
    marks = "not browser and not node and not go and not slow and not frameworks"
    session.run(python, "-m", "pytest", *TWICE_AT_ONCE, "-m", marks, *chosen, *options, external=True)


@nox.session(name="property")
def laws(session: nox.Session) -> None:
    """Check the laws with a few examples that chance chooses; HYPOTHESIS_PROFILE names another profile."""
    install(session, "tests")
    run_laws(session, "dev")


@nox.session
def property_long(session: nox.Session) -> None:
    """Check the laws with many examples that are always the same."""
    install(session, "tests")
    run_laws(session, "ci")


@nox.session
def kernel_pythons(session: nox.Session) -> None:
    """Run the kernel's tests on each other Python that is found, in an environment of its own."""
    arguments = kernel_arguments(session)
    for version in (*PYTHONS, PYTHON_IN_NODE):
        if version == f"{sys.version_info.major}.{sys.version_info.minor}":
            continue  # the session `tests` runs on it
        python = interpreter(session, version)
        if python is None:
            session.warn(
                f"the kernel on Python {version} is left out: no python{version} with venv and ensurepip found"
            )
            continue
        folder = ROOT / "build" / "kernel_pythons" / version
        session.run(python, "-m", "venv", str(folder), external=True)
        own = str(folder / "bin" / "python")
        pip = (own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        session.run(*pip, *KERNEL_WANTS, "trio", external=True)  # hypothesis loads trio where it is: not in Node
        env = {"PYTHONPATH": str(ROOT / "src"), "HYPOTHESIS_PROFILE": "dev"}
        session.run(own, "-m", "pytest", *arguments, env=env, external=True)


@nox.session
def kernel_in_node(session: nox.Session) -> None:
    """Run the kernel's tests on the CPython 3.14 that runs in Node, which has no threads, processes or sockets."""
    if not node_ready(session):
        return
    if session.venv_backend != "none":
        session.install("pip")
    folder = ROOT / "build" / "kernel_in_node"
    shutil.rmtree(folder, ignore_errors=True)
    pip = ("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"--target={folder}")
    pure = (f"--python-version={PYTHON_IN_NODE}", "--implementation=py", "--abi=none", "--platform=any")
    session.run(*pip, *pure, "--only-binary=:all:", *KERNEL_WANTS)
    program = str(ROOT / "tests" / "node" / "pytest_in_node.mjs")
    env = {"HYPOTHESIS_PROFILE": "dev"}
    session.run("node", program, str(ROOT), str(folder), *kernel_arguments(session), env=env, external=True)


@nox.session
def typing_tests(session: nox.Session) -> None:
    """
    Run six type checkers over the right and the wrong programs of ``tests/typing``.

    Each has an environment in ``build/checkers``; those that lack what ``tests/typing/checkers.txt`` pins are made.
    """
    install(session, "typing")
    session.run("python", "-m", "tests.typing.environments")
    session.run("pytest", "tests/typing", *session.posargs, env=QUIET_PYRIGHT)


@nox.session
def reference(session: nox.Session) -> None:
    """
    Compare public names and parameters with those of supertokens-python, and print how many are the same.

    It is installed in ``build/reference``, as ``tests/reference/requirements.txt`` pins it.
    """
    install(session, "tests")
    folder = ROOT / "build" / "reference"
    wanted = ROOT / "tests" / "reference" / "requirements.txt"
    made = folder / wanted.name
    python = str(folder / "bin" / "python")
    if not made.is_file() or made.read_text(encoding="utf-8") != wanted.read_text(encoding="utf-8"):
        session.run("python", "-m", "venv", "--clear", str(folder))
        pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        session.run(*pip, "--requirement", str(wanted), external=True)
        shutil.copy(wanted, made)
    session.run("pytest", "tests/reference")
    session.run("python", "-m", "tests.reference", python, *session.posargs)


@nox.session
def signatures(session: nox.Session) -> None:
    """Write what follows from the recipes' classes of calls: the interfaces' methods, the types of the originals."""
    install(session)
    folders = (ROOT / "src" / "authweave" / "recipe", ROOT / "examples")
    calls = sorted(str(path) for folder in folders for path in folder.rglob("calls.py"))
    session.run("python", "-m", "authweave.kernel", *session.posargs, *calls)


@nox.session
def ahead(session: nox.Session) -> None:
    """Write what a start knows of the tables without SQLAlchemy, from those that it has."""
    install(session)
    source = ROOT / "src"
    written = source.rglob("store/ahead.py")
    packages = sorted(".".join(path.parent.relative_to(source).parts) for path in written)
    session.run("python", "-m", "authweave.storage.sql", *session.posargs, *packages)


NAMES_FOR_OURS = ("supertokens_python",)
"""Folders of ``stubs/`` that say which of our types stands for a name of a package which is not installed."""


@nox.session
def stubtest(session: nox.Session) -> None:
    """Compare each package in ``stubs/`` with the installed one, and check that no other package needs stubs."""
    install(session, "typing")
    folder = ROOT / "stubs"
    packages = sorted(path.name for path in folder.iterdir() if path.is_dir())
    explained = (folder / "README.md").read_text(encoding="utf-8")
    known = {"README.md", *packages}
    known |= {f"{package}-{kind}.txt" for package in packages for kind in ("permanent", "backlog")}
    strange = sorted(path.name for path in folder.iterdir() if path.name not in known)
    strange += [package for package in packages if f"`{package}`" not in explained]
    if strange:
        session.error(f"stubs/ holds what its README does not explain: {strange}")
    source = "\n".join(f"import {name}" for name in FOREIGN.split())
    # A cache of its own: in that of other runs, which are strict in more, each kind would undo what the other found.
    options = ("--config-file=", "--strict", "--cache-dir=build/mypy-foreign")
    session.run("mypy", *options, "--command", source, env={"MYPYPATH": str(folder)}, log=False)
    if not packages:
        session.log("stubs/ is empty, and all that we import has types of its own: nothing to compare")
    for package in packages:
        if package in NAMES_FOR_OURS:
            session.log(f"stubs/{package} is compared by tests/unit/moved/test_stubs.py, with what it is written from")
            continue
        allowed = [f"--allowlist={path}" for path in sorted(folder.glob(f"{package}-*.txt"))]
        session.run("stubtest", package, *allowed, *session.posargs, env={"MYPYPATH": str(folder)})


# The pages as a site, all of them: Sphinx loses the index entries of pages that it does not read again.
BUILD_SITE = ("sphinx-build", "--fresh-env", "--write-all")
BUILD_SITE += ("--nitpicky", "--fail-on-warning", "--keep-going", "--quiet", "docs", "build/docs")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the pages with warnings as errors, look into the site, and run every example of pages and docstrings."""
    install(session, "docs", "tests")
    if chosen := only_paths(session.posargs):
        session.run(*BUILD_SITE)
        session.run("pytest", *chosen)
    else:
        pages = ("README.md", "examples/organisations", "docs", "src")
        run_side_by_side(session, [BUILD_SITE, ("pytest", "tests/site")], [("pytest", *pages)])


@nox.session
def build(session: nox.Session) -> None:
    """Build wheel and sdist, compare the wheel with the tree, and use it in a fresh environment."""
    if session.venv_backend != "none":
        session.install("build")
    dist = ROOT / "build" / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(dist), *session.posargs, silent=True)
    (wheel,) = dist.glob("*.whl")
    tree = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src" / "authweave").rglob("*") if path.is_file()}
    tree = {name for name in tree if "__pycache__" not in name}
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("authweave/")}
    if tree != shipped:
        session.error(f"the wheel and src/ differ: {sorted(tree ^ shipped)}")
    with tempfile.TemporaryDirectory() as fresh:
        session.run("python", "-m", "venv", fresh)
        python = str(Path(fresh) / "bin" / "python")
        pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        session.run(*pip, "attrs", "typing-extensions", external=True)
        session.run(*pip, "--no-deps", str(wheel), external=True)
        session.run(python, "-I", "-c", KERNEL_ALONE, external=True, log=False)
        session.run(*pip, str(wheel), external=True)
        session.run(python, "-I", "-c", WHOLE, external=True, log=False)
        command = str(Path(fresh) / "bin" / "authweave")
        refused = str(session.run(command, external=True, silent=True, log=False, success_codes=[1])).strip()
        if "\n" in refused or "[cli]" not in refused:
            session.error(f"without its extra the command says: {refused}")
        session.run(*pip, f"{wheel}[cli]", external=True)
        session.run(command, "--help", external=True, silent=True)


@nox.session
def left_out(session: nox.Session) -> None:
    """Name what the bare ``nox`` does not run on this machine."""
    session.log(f"Left to `nox -s all`, and to CI: {', '.join((*REST, *REST_ALONE))} (`nox -l` says what each is)")
    if not NODE_READY:
        session.log(f"Left to CI: tokens verified in Node, a certified provider, Python 3.14 (need {NODE_WANTS})")
    if not GO_READY:
        session.log("Left to CI: webhooks in Go (need Debian package golang-go)")
    if shutil.which("nginx") is None and not Path("/usr/sbin/nginx").is_file():
        session.log("Left to CI: the tests behind a shared cache (need nginx, Debian package nginx-light)")
    if lacking := lacking_for_browser():
        session.log(f"Left to CI: the tests in a browser (need {lacking})")
    session.log("Run by hand: the measurements (`nox -s bench`), ten thousand schedules (`nox -s schedules`)")
    session.log("Run by hand: linked accounts (`nox -s tables`, `takeover`, `linking_races`, `links`)")
    session.log("Run by hand: codes and passkeys (`nox -s guesses`, `factor_races`)")
    session.log(
        "Run by hand: servers killed under load, 300 times (`nox -s kills`), and primaries (`nox -s failovers`)"
    )
    session.log("Run by hand: two hundred thousand fuzzed requests (`nox -s fuzz`), 5,000 of schemathesis, mixed ones")


@nox.session
def e2e(session: nox.Session) -> None:
    """Run the tests that drive a headless Chromium; screenshots go to ``build/artefacts``."""
    if lacking := lacking_for_browser():
        (session.error if ON_CI else session.skip)(f"the tests in a browser need {lacking}")
    install(session, "docs", "tests")
    pictures = ROOT / "build" / "artefacts"
    pictures.mkdir(parents=True, exist_ok=True)
    # SE_OFFLINE: Selenium must not fetch a browser or a driver of its own.
    env = {"AUTHWEAVE_ARTEFACTS": str(pictures), "SE_OFFLINE": "true", "SE_AVOID_STATS": "true"}
    if not (ROOT / "build" / "docs" / "index.html").is_file():  # the session `docs` makes it anew
        session.run(*BUILD_SITE)
    marks = "browser" + node_marks(session)
    session.run("pytest", "-m", marks, *(only_paths(session.posargs) or ["tests/e2e"]), env=env)


@nox.session
def schedules(session: nox.Session) -> None:
    """
    Run schedules of session clients and thieves: ten thousand on each store, or as many as the argument says.

    Further arguments choose among them: ``-- 10000 -k "not processes"`` leaves out those of processes in earnest, which
    take longest.
    """
    install(session, "tests")
    count, *options = session.posargs or ["10000"]
    session.run("pytest", "tests/property/test_session_schedules.py", *options, env={"AUTHWEAVE_SCHEDULES": count})


@nox.session
def takeover(session: nox.Session) -> None:
    """
    Run schedules of an attacker among honest people with linked accounts: 10,000 in memory, 1,000 on each database.

    The argument is how many in memory; each database gets a tenth. All of it takes about half an hour.
    """
    install(session, "tests")
    count = int(session.posargs[0]) if session.posargs else 10_000
    for where, share in (("memory", count), ("sqlite", count // 10), ("postgresql", count // 10)):
        env = {"AUTHWEAVE_SCHEDULES": str(share)}
        session.run("pytest", "-s", "-k", where, "tests/property/test_account_takeover.py", env=env)


@nox.session
def guesses(session: nox.Session) -> None:
    """
    Run schedules of a guesser among honest people who sign in by codes: 10,000 in memory, 1,000 on each database.

    The argument is how many in memory, half of them with account linking; each database gets a tenth.
    """
    install(session, "tests")
    count = int(session.posargs[0]) if session.posargs else 10_000
    for where, share in (("memory", count // 2), ("sqlite", count // 10), ("postgresql", count // 10)):
        env = {"AUTHWEAVE_SCHEDULES": str(share)}
        session.run("pytest", "-s", "-k", where, "tests/property/test_guesses.py", env=env)


@nox.session
def tables(session: nox.Session) -> None:
    """
    Go through every combination of the tables of account linking, on SQLite and PostgreSQL, and print the counts.

    Two processes do it, each with stores of its own; ``-- -k sqlite`` chooses one of the two.
    """
    install(session, "tests")
    options = session.posargs or ["-k", "sqlite or postgresql"]
    session.run("pytest", "-s", "tests/unit/recipe/accountlinking/test_codes.py")
    env = {"AUTHWEAVE_TABLES": "all"}
    session.run("pytest", "-n", "2", "-rP", *options, "tests/integration/linking/test_tables.py", env=env)


@nox.session
def factors(session: nox.Session) -> None:
    """
    Go through every combination of first and second factors, tenants, requirements and sessions, and print the counts.

    It takes about half an hour on two processors; ``-- 10`` tries one of ten. Then faults are planted in the rules.
    """
    install(session, "tests")
    env = {"AUTHWEAVE_FACTORS": session.posargs[0] if session.posargs else "1"}
    session.run("pytest", "-n", "2", "-rP", "tests/integration/factors", env=env)


@nox.session
def linking_races(session: nox.Session) -> None:
    """Race 64 links and unlinks at four processes over the same users, 50 times on each database or as told."""
    install(session, "tests")
    env = {"AUTHWEAVE_RACES": session.posargs[0] if session.posargs else "50"}
    session.run("pytest", "-s", "tests/integration/linking/test_races.py", env=env)


@nox.session
def factor_races(session: nox.Session) -> None:
    """Use each code, step, challenge and recovery code 64 times at once from four processes, in 50 rounds or so."""
    install(session, "tests")
    env = {"AUTHWEAVE_RACES": session.posargs[0] if session.posargs else "50"}
    session.run("pytest", "-s", "tests/integration/factors/test_races.py", env=env)


@nox.session
def kills(session: nox.Session) -> None:
    """
    Kill servers under load, and restart PostgreSQL: 200 times on SQLite, 100 on PostgreSQL, or as often as told.

    Applications whose hooks write tables of their own are killed 100 times on each.
    """
    install(session, "tests")
    folder = "tests/integration/kills"
    for database, count in (("sqlite", "200"), ("postgresql", "100")):
        env = {"AUTHWEAVE_KILLS": session.posargs[0] if session.posargs else count}
        session.run("pytest", "-s", "-k", f"lost_on_{database}", folder, env=env)
    env = {"AUTHWEAVE_KILLS": session.posargs[0] if session.posargs else "100"}
    session.run("pytest", "-s", "-k", "hooks_and_users", folder, env=env)
    session.run("pytest", "-s", "-k", "not lost_on and not failover and not hooks_and_users", folder)


@nox.session
def links(session: nox.Session) -> None:
    """Link and unlink the same users from four processes, in 100 rounds on each database, or in as many as told."""
    install(session, "tests")
    env = {"AUTHWEAVE_LINK_RACES": session.posargs[0] if session.posargs else "100"}
    session.run("pytest", "-s", "tests/integration/storage/test_link_races.py", env=env)


@nox.session
def importing(session: nox.Session) -> None:
    """Import 100,000 users into each database, killed three times on the way, and beside the bare rows; or as told."""
    install(session, "tests")
    session.run("python", "benchmarks/importing.py", *session.posargs)


@nox.session
def failovers(session: nox.Session) -> None:
    """Kill the primary of a PostgreSQL pair under load and promote the standby: 10 times, or as often as told."""
    install(session, "tests")
    env = {"AUTHWEAVE_FAILOVERS": session.posargs[0] if session.posargs else "10", "AUTHWEAVE_NORMAL_WITHIN_S": "10"}
    session.run("pytest", "-s", "tests/integration/kills/test_failover.py", env=env)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Send 50,000 requests that no frontend sends to each of four servers, or as many as told; print count and seed."""
    install(session, "tests")
    env = {"AUTHWEAVE_FUZZ": session.posargs[0] if session.posargs else "50000"}
    session.run("pytest", "-s", "tests/integration/fuzz", env=env)


@nox.session
def mixed(session: nox.Session) -> None:
    """Send 20,000 mixed requests to Flask, to Django and to Litestar, or as many as told; print what crossed."""
    install(session, "tests")
    env = {"AUTHWEAVE_MIXED": session.posargs[0] if session.posargs else "20000"}
    session.run("pytest", "-s", "tests/integration/frameworks/test_mixed.py", env=env)


@nox.session
def schemathesis(session: nox.Session) -> None:
    """Have schemathesis send 5,000 requests of the OpenAPI document, or as many as told, and some of the API."""
    install(session, "tests")
    env = {"AUTHWEAVE_SCHEMATHESIS": session.posargs[0] if session.posargs else "5000"}
    session.run("pytest", "-s", "tests/integration/openapi/test_schemathesis.py", env=env)


@nox.session
def soak(session: nox.Session) -> None:
    """Run a million root calls of the kernel with random interleavings, or as many as the argument says."""
    install(session, "tests")
    session.run("python", "benchmarks/soak_kernel.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """
    Run the benchmarks, or those that the arguments name (``-- kernel session``).

    ``-- summary`` runs those of the page ``docs/explanation/figures.md`` and writes it; further arguments are those of
    ``benchmarks/summary.py``. It also makes the environments of ``build/peers`` that are not there.
    """
    install(session, "bench", "peer-authlib", "tests")
    if session.posargs[:1] != ["summary"]:
        for name in session.posargs or BENCHMARKS:
            session.run("python", f"benchmarks/{name}.py")
        return
    pythons = [python for each in PYTHONS if (python := interpreter(session, each)) is not None]
    session.run("python", "benchmarks/_peers.py", *pythons)
    session.run("python", "benchmarks/summary.py", *session.posargs[1:])
