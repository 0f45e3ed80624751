"""The configuration: every source, every type, every mistake."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import tomllib
from pathlib import Path

import pytest

from air_cli.assets import asset
from air_cli.config import Config, Resolved, environment_name, example, load, show_value
from air_cli.errors import UsageError
from air_cli.settings import Key, keys, sections


def at(tmp_path: Path, env: dict[str, str] | None = None, **flags: object) -> Resolved:
    named = {name.replace("__", "."): value for name, value in flags.items()}
    return load(named, env={"HOME": str(tmp_path / "home"), **(env or {})}, cwd=tmp_path)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_example_is_made_of_the_schema() -> None:
    assert asset("air.toml.example").read_text() == example()


def test_the_example_names_every_key_with_its_default(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^#(?=\w)", "", example())
    data = tomllib.loads(text)
    assert {f"{s}.{k}": v for s, body in data.items() for k, v in body.items()} == {
        item.name: item.default for item in keys()
    }
    assert load(env={"HOME": str(tmp_path)}, cwd=tmp_path).config == (
        load(
            env={"HOME": str(tmp_path)}, cwd=tmp_path, file=write(tmp_path / "e.toml", text)
        ).config
    )


def test_every_key_is_documented() -> None:
    assert all(item.doc.endswith(".") for item in keys())
    assert {f.name for f in dataclasses.fields(Config)} == {name for name, _, _ in sections()}


def test_later_sources_win_and_say_so(tmp_path: Path) -> None:
    user = write(tmp_path / "home/.config/air/air.toml", "[policy]\nsteps = 1\nfaults = 1\n")
    project = write(tmp_path / "air.toml", "[policy]\nfaults = 2\nreflections = 2\n")
    got = at(tmp_path, {"AIR_POLICY_REFLECTIONS": "3"}, policy__tokens=4)
    assert got.config.policy.steps == 1
    assert got.where["policy.steps"] == str(user)
    assert got.config.policy.faults == 2
    assert got.where["policy.faults"] == str(project)
    assert got.config.policy.reflections == 3
    assert got.where["policy.reflections"] == "AIR_POLICY_REFLECTIONS"
    assert got.config.policy.tokens == 4
    assert got.where["policy.tokens"] == "--tokens"
    assert got.where["jail.seconds"] == "default"
    assert got.files == (user, project)


def test_the_nearest_file_above_is_the_project(tmp_path: Path) -> None:
    write(tmp_path / "air.toml", "[policy]\nsteps = 1\n")
    write(tmp_path / "a/air.toml", "[policy]\nfaults = 1\n")
    below = tmp_path / "a/b"
    below.mkdir()
    policy = load(env={"HOME": str(tmp_path / "home")}, cwd=below).config.policy
    assert (policy.steps, policy.faults) == (10, 1)


def test_a_named_file_replaces_the_search(tmp_path: Path) -> None:
    write(tmp_path / "air.toml", "[policy]\nsteps = 1\n")
    other = write(tmp_path / "other.toml", "[policy]\nfaults = 1\n")
    got = at(tmp_path, {"AIR_CONFIG": str(other)})
    assert (got.config.policy.steps, got.config.policy.faults) == (10, 1)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_somebody_elses_file_is_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path / "air.toml", "[policy]\nsteps = 1\n")
    os.chown(path, 4242, 4242)
    got = at(tmp_path)
    assert got.config.policy.steps == 10
    assert "belongs to user 4242" in got.notes[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[reasoner]\nn_ctxx = 1",
            "unknown key reasoner.n_ctxx: perhaps you meant reasoner.n_ctx?",
        ),
        ("[policy]\nmodel = 'x'", "unknown key policy.model: perhaps you meant reasoner.model?"),
        ("[resoner]\nn_ctx = 1", "unknown section [resoner]: perhaps you meant reasoner?"),
        ("reasoner = 3", "reasoner is a section: write [reasoner]"),
        ("[reasoner]\nn_ctx = '1'", "reasoner.n_ctx: '1' is not a whole number"),
        ("[reasoner]\nn_ctx = true", "reasoner.n_ctx: True is not a whole number"),
        ("[reasoner]\nn_ctx = -1", "reasoner.n_ctx: -1 is not a number from 0 upwards"),
        ("[reasoner]\nn_gpu_layers = 'all'", "'all' is not one of auto or a whole number"),
        ("[reasoner]\ntemperature = nan", "temperature: nan is not a number from 0 upwards"),
        ("[policy]\nmode = 'reflct'", "'reflct' is not one of auto, direct, code, reflect, plan:"),
        ("[cache]\nenabled = 1", "cache.enabled: 1 is not true or false"),
        ("[cache\n", "not valid TOML"),
        ("[reader]\njail = false", "reader.jail is not taken from a project's file"),
        ("[reasoner]\nurl = 'http://x'", "reasoner.url is not taken from a project's file"),
    ],
)
def test_mistakes_name_the_file_and_the_key(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path / "air.toml", text)
    with pytest.raises(UsageError) as caught:
        at(tmp_path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


def test_guarded_keys_are_taken_from_the_user(tmp_path: Path) -> None:
    write(tmp_path / "home/.config/air/air.toml", "[reader]\njail = false\n")
    assert at(tmp_path).config.reader.jail is False
    assert at(tmp_path, {"AIR_READER_JAIL": "yes"}).config.reader.jail is True


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"absent\.toml: cannot be read"):
        load(env={"HOME": str(tmp_path)}, cwd=tmp_path, file=tmp_path / "absent.toml")


@pytest.mark.parametrize("item", list(keys()), ids=lambda item: item.name)
def test_every_key_can_be_set_by_its_variable(tmp_path: Path, item: Key) -> None:
    other = {int: 7, float: 7.5, bool: not item.default, str: "/x"}
    value: object = next((v for k, v in other.items() if item.kind is k), None)
    if value is None:  # words
        value = next(word for word in _words(item) if word != item.default)
    got = at(tmp_path, {environment_name(item.name): str(value).lower()})
    shown = "(set)" if item.secret else value
    assert show_value(got.config, item) == shown
    assert got.where[item.name] == environment_name(item.name)


def _words(item: Key) -> list[object]:
    import typing

    parts = [item.kind, *typing.get_args(item.kind)]
    return [arg for part in parts for arg in typing.get_args(part) if isinstance(arg, str)] + [7]


def test_a_misspelt_variable_is_an_error_and_a_foreign_one_is_not(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="AIR_MODLE: perhaps you meant AIR_MOD"):
        at(tmp_path, {"AIR_MODLE": "x"})
    at(tmp_path, {"AIR_QUALITY_KEY": "x", "AIR_REQUIRE_JAIL": "1", "AIR_SHARED_DATA": "/x"})


def test_a_model_chooses_llama_unless_the_reasoner_is_named(tmp_path: Path) -> None:
    got = at(tmp_path, {"AIR_MODEL": "m.gguf"})
    assert got.config.reasoner.name == "llama"
    assert got.where["reasoner.name"] == "because reasoner.model is set"
    assert at(
        tmp_path, {"AIR_MODEL": "m", "AIR_REASONER_NAME": "builtin"}
    ).config.reasoner.name == ("builtin")


def test_paths_count_from_what_names_them(tmp_path: Path) -> None:
    project = tmp_path / "p"
    write(project / "air.toml", "[reasoner]\nmodel = 'm.gguf'\nmmproj = '~/v.gguf'\n")
    below = project / "below"
    below.mkdir()
    reasoner = load(env={"HOME": str(tmp_path)}, cwd=below).config.reasoner
    assert reasoner.model == str(project / "m.gguf")
    flagged = load({"reasoner.model": "n.gguf"}, env={"HOME": str(tmp_path)}, cwd=below)
    assert flagged.config.reasoner.model == str(below / "n.gguf")


def test_no_color_and_the_cache_follow_the_environment(tmp_path: Path) -> None:
    got = at(tmp_path, {"NO_COLOR": "1", "XDG_CACHE_HOME": "/c"})
    assert got.config.output.color == "never"
    assert got.config.cache_dir() == Path("/c/air")
    assert at(tmp_path, {"XDG_CACHE_HOME": "relative"}).config.cache_dir() == (
        tmp_path / "home/.cache/air"
    )


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    from air_cli.commands.config import as_json, as_text

    got = at(tmp_path, {"AIR_REASONER_API_KEY": "hunter2"})
    assert got.config.reasoner.api_key == "hunter2"
    assert "hunter2" not in as_text(got) + as_json(got)
    shown = json.loads(as_json(got))["values"]["reasoner.api_key"]
    assert shown["value"] == "(set)"
