"""What the documents name is there: files, and commands of `./millrace`."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import REPOSITORY

TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True
).stdout.splitlines()
DOCUMENTS = [path for path in TRACKED if path.endswith(".md")]
TOP_FOLDERS = {path.split("/")[0] for path in TRACKED if "/" in path}
IN_BASH = {"prepare", "doctor", "format", "cdk"}


def quoted(text: str) -> Iterator[str]:
    """Inline code, and the lines of fenced blocks."""
    for block in re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def named_paths(text: str) -> Iterator[str]:
    for code in quoted(text):
        for word in re.findall(r"[\w./*{}<>-]+", code):
            # A pattern, a placeholder or what a build makes is no file of the checkout.
            if word.split("/")[0] in TOP_FOLDERS and "/" in word and not re.search(r"[*{}<>]|NNNN|/target\b", word):
                yield word.rstrip(".")


def commands() -> set[str]:
    sources = (REPOSITORY / "cli/src/main/java").rglob("*.java")
    names = re.compile(r"@(?:CommandLine\.)?Command\(\s*name\s*=\s*\"([a-z-]+)\"")
    return IN_BASH | {name for source in sources for name in names.findall(source.read_text())}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_a_document_names_exists(document: str) -> None:
    missing = [path for path in named_paths((REPOSITORY / document).read_text()) if not (REPOSITORY / path).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_to_a_file_leads_somewhere(document: str) -> None:
    folder = (REPOSITORY / document).parent
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", (REPOSITORY / document).read_text())
    assert [target for target in targets if not (folder / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_a_document_quotes_exists(document: str) -> None:
    text = (REPOSITORY / document).read_text()
    used = {match for code in quoted(text) for match in re.findall(r"\./millrace ([a-z][a-z-]*)", code)}
    assert used <= commands()


def test_a_path_that_is_not_there_would_be_seen() -> None:
    assert list(named_paths("see `docs/nothing.md`, `functions/<name>/pom.xml` and `docs/terms.md`")) == [
        "docs/nothing.md",
        "docs/terms.md",
    ]
    assert not Path(REPOSITORY / "docs/nothing.md").exists()
