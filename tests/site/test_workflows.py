"""What GitHub runs: workflows that keep to their schema, call make, and publish the copies for Colab."""

import json
import os
import re
import subprocess

import check_jsonschema
import pytest
import yaml
from click.testing import CliRunner
from pages import ROOT

from lossbook.launch import colab

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def steps(path):
    jobs = yaml.safe_load(path.read_text())["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("custom.github-workflows-require-timeout", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github" / "dependabot.yml"]),
    ],
    ids=["workflows", "timeouts", "dependabot"],
)
def test_workflows_keep_to_their_schema(schema, files):
    assert files
    done = CliRunner().invoke(check_jsonschema.main, ["--builtin-schema", schema, *map(str, files)])
    assert done.exit_code == 0, done.output


def called(path):
    """The targets of make that a workflow calls."""
    return re.findall(r"\bmake ([\w-]+)", json.dumps(steps(path)))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflows_call_make_as_everyone_does(path):
    assert called(path)
    done = subprocess.run(["make", "--dry-run", *called(path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_each_job_says_what_it_may_write():
    pages = yaml.safe_load((ROOT / ".github" / "workflows" / "pages.yml").read_text())
    writes = {name: [k for k, v in job["permissions"].items() if v == "write"] for name, job in pages["jobs"].items()}
    assert pages["permissions"] == {"contents": "read"}
    assert writes == {"build": [], "colab": ["contents"], "deploy": ["pages", "id-token"]}


def test_the_copies_reach_their_branch_each_time(tmp_path):
    """The workflow's own step, with a repository on this machine in the place of GitHub."""
    (push,) = (
        step for step in steps(ROOT / ".github" / "workflows" / "pages.yml") if "git push" in step.get("run", "")
    )
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "hub.git"], check=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "GITHUB_REPOSITORY": "ada/notes",
        "TOKEN": "secret",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{tmp_path}/hub.git.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://x-access-token:secret@github.com/ada/notes",
    }
    for commit in ("first", "second"):
        copies = tmp_path / commit
        (copies / "book").mkdir(parents=True)
        (copies / "book" / "lesson.ipynb").write_text(commit)
        command = ["bash", "-e", "-o", "pipefail", "-c", push["run"]]
        done = subprocess.run(
            command, cwd=copies, env=environment | {"GITHUB_SHA": commit}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        shown = ["git", "-C", str(tmp_path / "hub.git"), "log", "--format=%s", colab.BRANCH]
        assert subprocess.check_output(shown, text=True) == f"Lessons for Colab, from {commit}\n"
