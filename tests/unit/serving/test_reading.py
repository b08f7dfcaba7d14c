"""The configuration: what is read from where, and how faults are told."""

from pathlib import Path
from typing import Final

import attrs
import pytest

from authweave import AuthweaveError
from authweave.serving import ServeConfig, ServeConfigurationError, check, read_config
from authweave.serving._building import Building, origin_of
from authweave.serving._lines import lines_of
from authweave.serving._reading import variable
from authweave.serving._settings import declared, is_section
from authweave.types import ConfigurationError, InputAppInfo

APP: Final = '[app]\nname = "Test"\napi_domain = "http://localhost:1"\nwebsite_domain = "http://localhost:2"\n'
SOUND: Final = f'{APP}[storage]\nurl = "sqlite:///auth.db"\n'


def read(folder: Path, text: str, **variables: str) -> ServeConfig:
    """Read a configuration."""
    file = folder / "serve.toml"
    file.write_text(text)
    return read_config(file, variables)[0]


def faults_of(folder: Path, text: str, **variables: str) -> list[tuple[int, str]]:
    """Return the faults of a configuration, with their lines."""
    with pytest.raises(ServeConfigurationError) as raised:
        read(folder, text, **variables)
    return [(each.line, f"{each.place} {each.said}") for each in raised.value.faults]


def wrong_everywhere() -> tuple[str, dict[int, str]]:
    """Return a file in which every setting of every table has a value of another type, and the setting of each line."""
    lines: list[str] = []
    settings: dict[int, str] = {}
    for each in declared(ServeConfig):
        kind = each.kind if is_section(each.kind) else each.item
        assert isinstance(kind, type)
        lines.append(f"[[{each.name}]]" if each.item else f"[{each.name}]")
        for inner in declared(kind):
            lines.append(f"{inner.name} = 1979-05-27")
            settings[len(lines)] = inner.name
    lines += ["[[thirdparty2]]"]
    settings[len(lines)] = "thirdparty2"
    return "\n".join(lines), settings


def test_a_file_with_every_field_wrong_tells_all_of_them_by_line(tmp_path: Path) -> None:
    """Not the first one: each has its line, its name, and what it has to be."""
    text, settings = wrong_everywhere()
    told = dict(faults_of(tmp_path, text))
    assert told.keys() == settings.keys()
    assert len(settings) > 50
    for line, name in settings.items():
        assert f"serve.toml:{line}" in told[line]
        assert name in told[line]


def test_what_is_missing_is_told_where_its_table_is(tmp_path: Path) -> None:
    """The line is that of the table, and of none where that is missing too; the variable is named."""
    told = faults_of(tmp_path, '# first\n\n[app]\nname = "Test"\napi_domain = "http://localhost"\n')
    assert [line for line, _ in told] == [3, 0]
    assert "AUTHWEAVE_SERVE_APP_WEBSITE_DOMAIN" in told[0][1]
    assert "AUTHWEAVE_SERVE_STORAGE_URL" in told[1][1]


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    """Of each type a value: numbers, truth, lists; also where the file has one that is wrong."""
    variables = {
        "AUTHWEAVE_SERVE_SERVER_PORT": "4000",
        "AUTHWEAVE_SERVE_SERVER_CORS_ORIGINS": "https://a.example, https://b.example",
        "AUTHWEAVE_SERVE_EMAILPASSWORD_SIGN_UP_API": "False",
        "AUTHWEAVE_SERVE_SESSION_COOKIE_SAME_SITE": "none",
    }
    config = read(tmp_path, f'{SOUND}[server]\nport = "wrong"\n', **variables)
    assert config.server.port == 4000
    assert config.server.cors_origins == ("https://a.example", "https://b.example")
    assert config.emailpassword is not None
    assert not config.emailpassword.sign_up_api
    assert config.session.cookie_same_site == "none"
    assert config.thirdparty is None


@pytest.mark.parametrize("text", ["0", "65536", "1.5", "port", "", "nan"])
def test_a_variable_that_is_wrong_is_named(tmp_path: Path, text: str) -> None:
    """It is told by its name, with what it has to be."""
    ((line, said),) = faults_of(tmp_path, SOUND, AUTHWEAVE_SERVE_SERVER_WORKERS=text)
    assert line == 0
    assert "AUTHWEAVE_SERVE_SERVER_WORKERS has to be a whole number from 1 to 64" in said


def test_a_misspelt_variable_is_told(tmp_path: Path) -> None:
    """Nothing else of the environment is looked at."""
    told = faults_of(tmp_path, SOUND, AUTHWEAVE_SERVE_SERVER_PROT="1", AUTHWEAVE_STORAGE="sqlite://", PATH="x")
    assert [said.split()[0] for _, said in told] == ["AUTHWEAVE_SERVE_SERVER_PROT"]


@pytest.mark.parametrize("place", ["file", "environment"])
def test_a_secret_may_stand_in_a_file(tmp_path: Path, place: str) -> None:
    """Relative to the folder of the configuration, with the blanks around it cut off; a list has one a line."""
    (tmp_path / "keys").write_text(f"{'a' * 32}\n{'b' * 40}\n")
    if place == "file":
        config = read(tmp_path, f'{SOUND}[api]\nkeys_file = "keys"\n')
    else:
        config = read(tmp_path, SOUND, AUTHWEAVE_SERVE_API_KEYS_FILE=str(tmp_path / "keys"))
    assert config.api.keys == ("a" * 32, "b" * 40)


def test_secrets_are_shown_nowhere(tmp_path: Path) -> None:
    """Neither by a fault, nor by what was read: not where it is too short, nor where it is told twice."""
    (tmp_path / "short").write_text("hunter2")
    text = f'{APP}[storage]\nurl = "postgresql://hunter2"\nurl_file = "short"\n[api]\nkeys_file = "short"\n'
    told = faults_of(tmp_path, f'{text}[secrets]\nserver = "hunter2"\n')
    assert [line for line, _ in told] == [6, 9, 11]
    assert "hunter2" not in str(told)
    shown = repr(
        read(tmp_path, f'{APP}[storage]\nurl = "postgresql://hunter2"\n[secrets]\nserver = "{"hunter2" * 5}"\n')
    )
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[app\n", "no TOML"),
        (f"a = {'1' * 5000}", "far too long"),
        ("a = 1\na = 2\n", "overwrite"),
        ("a = [" * 5000, "no TOML"),
        ("#" * 300_000, "256 KiB"),
        ("a = 1\n", "not known"),
    ],
)
def test_what_is_no_configuration_is_told(tmp_path: Path, text: str, said: str) -> None:
    """One that cannot be read ends with a fault too, and not with a traceback."""
    told = faults_of(tmp_path, text)
    assert any(said in each or "nested" in each for _, each in told)


def test_a_file_that_is_missing_or_no_text_is_told(tmp_path: Path) -> None:
    """As a fault that names it."""
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    for name in ("nothing", "bytes", "."):
        with pytest.raises(ServeConfigurationError, match=name):
            read_config(tmp_path / name, {})


def test_what_cannot_work_is_told_with_the_line_of_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values of the right types that recipes refuse: all at once too."""
    text = SOUND.replace("localhost:1", "local host") + (
        '[server]\ncors_origins = ["*"]\ntrusted_proxies = ["nowhere"]\n[api]\nkeys = ["' + "ä" * 32 + '"]\n'
        '[mail]\nhost = "mail"\nfrom_name = "Test"\nfrom_email = "no address"\n'
        '[[thirdparty.providers]]\nid = "google"\nclient_id = "1"\n'
        '[[thirdparty.providers]]\nid = "google"\nclient_id = "1"\n'
        '[[webhooks]]\nfunction = "emailpassword.sing_up"\nurl = "http://example.com"\nsecret = "short"\n'
    )
    monkeypatch.setattr("os.environ", {})
    file = tmp_path / "serve.toml"
    file.write_text(text)
    with pytest.raises(ServeConfigurationError) as raised:
        check(file)
    lines = text.splitlines()
    told = {lines[each.line - 1].split(" = ")[0] for each in raised.value.faults}
    assert told == {
        "api_domain",
        "cors_origins",
        "trusted_proxies",
        "keys",
        "[mail]",
        "[[thirdparty.providers]]",
        "[[webhooks]]",
    }


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[session]\ncookie_domain = "["\n', "cookie_domain='\\['"),
        ("[session]\nrefresh_token_validity_s = 1\n", "refresh_token_validity_s=1"),
        (
            f'[[webhooks]]\nfunction = "thirdparty.sign_in_up"\nurl = "https://a"\nsecret = "whsec_{"A" * 44}"\n',
            "thirdparty.sign_in_up",
        ),
    ],
)
def test_what_shows_when_recipes_are_put_together_is_told_by_the_check(
    tmp_path: Path, more: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when it serves; and no database is made for that."""
    monkeypatch.setattr("os.environ", {})
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "serve.toml"
    file.write_text(SOUND)
    check(file)
    file.write_text(SOUND + more)
    with pytest.raises(AuthweaveError, match=said):
        check(file)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "a.example",
        "http://[",
        "https://*.example.com",
        "https://a b",
        "https://a.example/",
        "https://a.example:99999",
        "https://user:password@a.example",
        "ftp://a.example",
    ],
)
def test_an_origin_that_no_browser_has_is_told(tmp_path: Path, origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would never be asked from, or by everybody."""
    monkeypatch.setattr("os.environ", {})
    file = tmp_path / "serve.toml"
    file.write_text(f'{SOUND}[server]\ncors_origins = ["https://b.example", "{origin}"]\n')
    with pytest.raises(ServeConfigurationError, match=r"server\.cors_origins cannot work: an origin is like"):
        check(file)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("https://Example.com", "https://example.com"),
        ("https://example.com:443", "https://example.com"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_what_browsers_send(written: str, sent: str) -> None:
    """However people write it: in the list, or as the website."""
    assert origin_of(written) == sent
    assert InputAppInfo("Test", "https://api.example.com", website_domain=written).normalised().website_origin == sent


def test_lines_are_those_of_the_file() -> None:
    """Also after strings and lists of several lines, in dotted keys, tables in braces and lists of tables."""
    text = 'a = """\n[b]\nc = 1\n"""\n[b]\nc.d = [\n  1,\n  2,\n]\ne = { f = 1 }\n'
    text += "[[g]]\nh = 1\n[[g]]\nh = 2\n[g.i]\nj = 1\n"
    assert lines_of(text) == {
        ("a",): 1,
        ("b",): 5,
        ("b", "c"): 6,
        ("b", "c", "d"): 6,
        ("b", "e"): 10,
        ("b", "e", "f"): 10,
        ("g",): 11,
        ("g", 0): 11,
        ("g", 0, "h"): 12,
        ("g", 1): 13,
        ("g", 1, "h"): 14,
        ("g", 1, "i"): 15,
        ("g", 1, "i", "j"): 16,
    }


def test_lines_are_those_of_editors_too() -> None:
    """Windows' ends of lines count once; what TOML has within a line ends none; after very many lines, none is told."""
    assert lines_of("a = 1\r\n# \u2028b = 1\x0c\r\n[c]\r\nd = 2\r\n") == {("a",): 1, ("c",): 3, ("c", "d"): 4}
    assert lines_of("a = 1\nb = [\n" + "1,\n" * 1000 + "]\nc = 1\n") == {("a",): 1}


def test_a_list_of_very_many_lines_does_not_take_for_ever(tmp_path: Path) -> None:
    """A file as long as may be is told to be wrong, not searched for hours for the end of a line."""
    ((line, said),) = faults_of(tmp_path, f"{SOUND}[nothing]\na = [\n" + "1,\n" * 60_000 + "]\n")
    assert (line, "nothing is not known" in said) == (7, True)


def test_a_file_that_never_ends_is_not_read_to_its_end(tmp_path: Path) -> None:
    """Neither the configuration nor a secret."""
    with pytest.raises(ServeConfigurationError, match="256 KiB"):
        read_config(Path("/dev/zero"), {})
    told = faults_of(tmp_path, f'{SOUND}[secrets]\nserver_file = "/dev/zero"\n')
    assert [line for line, _ in told] == [8]


def test_a_variable_switches_a_table_on_or_off(tmp_path: Path) -> None:
    """Also one that has no settings; anything but true and false is told."""
    names = ("EMAILPASSWORD", "USERMETADATA", "USERROLES", "MAIL")
    variables = dict(zip((f"AUTHWEAVE_SERVE_{each}" for each in names), ("true", "True", "false", "x"), strict=True))
    ((_, said),) = faults_of(tmp_path, f"{SOUND}[userroles]\n", **variables)
    assert said.startswith("AUTHWEAVE_SERVE_MAIL has to be true or false")
    del variables["AUTHWEAVE_SERVE_MAIL"]
    config = read(tmp_path, f"{SOUND}[userroles]\n", **variables)
    assert config.emailpassword is not None
    assert config.usermetadata is not None
    assert config.userroles is None


@pytest.mark.parametrize(
    ("url", "more", "said"),
    [
        ("postgresql://hunter2@localhost/auth", "", "secrets.server cannot work: it is missing"),
        ("mysql://hunter2@localhost/auth", "", "storage.url cannot work"),
        ("sqlite://", "[server]\nworkers = 2\n", "storage.url cannot work: each of several workers"),
    ],
)
def test_a_store_that_cannot_serve_is_told_by_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, more: str, said: str
) -> None:
    """Before it is opened, with its line, and without what is secret in its URL."""
    monkeypatch.setattr("os.environ", {})
    file = tmp_path / "serve.toml"
    file.write_text(f'{APP}[storage]\nurl = "{url}"\n{more}')
    with pytest.raises(ServeConfigurationError) as raised:
        check(file)
    assert said in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_a_driver_that_is_missing_is_told_by_the_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setattr("os.environ", {})

    def find_nothing(_name: str) -> None:
        return None

    monkeypatch.setattr("authweave.serving._building.find_spec", find_nothing)
    file = tmp_path / "serve.toml"
    file.write_text(f'{APP}[storage]\nurl = "postgresql://localhost/auth"\n[secrets]\nserver = "{"s" * 40}"\n')
    with pytest.raises(ServeConfigurationError, match=r"serve.toml:6: storage.url .* pip install"):
        check(file)


def test_what_is_made_of_secrets_does_not_show_them(tmp_path: Path) -> None:
    """Neither the configuration, nor what reads it, nor what it is made into."""
    secret = "whsec_" + "aHVudGVyMmh1bnRlcjJodW50ZXIyaHVudGVyMg=="
    text = (
        f'{SOUND}[secrets]\nserver = "{secret}"\n[api]\nkeys = ["{secret}"]\n'
        f'[mail]\nhost = "mail.example.com"\nfrom_name = "T"\nfrom_email = "t@example.com"\npassword = "{secret}"\n'
        f'[[thirdparty.providers]]\nid = "google"\nclient_id = "1"\nclient_secret = "{secret}"\n'
        f'[[webhooks]]\nfunction = "session.get_session"\nurl = "https://example.com"\nsecret = "{secret}"\n'
    )
    file = tmp_path / "serve.toml"
    file.write_text(text)
    building = Building(*read_config(file, {}))
    assert secret not in repr([building, building.parts()])


def test_how_a_client_proves_who_it_is(tmp_path: Path) -> None:
    """What the library says of a client's method and key is said of the file's too."""
    file = tmp_path / "serve.toml"
    client = (
        '[[thirdparty.providers]]\nid = "corp"\nclient_id = "1"\noidc_discovery_endpoint = "https://id.example.com"\n'
    )
    file.write_text(f'{SOUND}{client}token_endpoint_auth_method = "private_key_jwt"\nprivate_key = "hunter2"\n')
    with pytest.raises(ConfigurationError, match=r"private_key of the client '1'.*no private key") as caught:
        check(file)
    assert "hunter2" not in str(caught.value)


def test_no_two_settings_have_one_variable() -> None:
    """The names of tables and keys are joined by what stands in names too."""
    names = [
        variable((section.name, each.name + suffix))
        for section in declared(ServeConfig)
        if isinstance(section.kind, type) and attrs.has(section.kind)
        for each in declared(section.kind)
        for suffix in (["", "_file"] if each.about.is_secret else [""])
    ]
    assert len(names) == len(set(names))
