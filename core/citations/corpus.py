"""A folder of statute texts in Markdown, one file an edition: ``名称(YYYY-MM-DD).md``.

Opening it reads every header and refuses what cannot be cited, with its reason; articles are read when asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from core.citations.parse import (
    HAS_ARTICLES,
    Header,
    in_force_of,
    read_articles,
    read_header,
    split,
    stated_commencement,
)
from core.citations.statute import Statute
from core.errors import FazhiError, Location, Problem, fail

_NAME = re.compile(r"(?P<title>.+?)\s*[(（](?P<day>\d{4}-\d{2}-\d{2})[)）]")
_COUNTRY = "中华人民共和国"
_MARKS = str.maketrans("", "", "《》〈〉<>「」『』“”\"'·")


@dataclass(frozen=True, slots=True)
class TextFile:
    """One file that was accepted: where it is and what its name and header say."""

    path: Path
    name: str
    title: str
    edition: date | None
    header: Header

    @property
    def keys(self) -> frozenset[str]:
        """The names by which a rule may cite the law."""
        names = {law_key(self.header.title)}
        return frozenset(names if self.header.part else names | {law_key(self.title)}) - {""}


@dataclass(slots=True)
class Corpus:
    """The texts of a folder.

    Attributes:
        files: what was accepted, by name.
        refused: what was not, with the reason.
    """

    folder: Path
    files: tuple[TextFile, ...]
    refused: tuple[Problem, ...]
    _by_law: Mapping[str, Mapping[date | None, tuple[TextFile, ...]]] = field(repr=False, default_factory=dict)
    _read: dict[tuple[str, ...], Statute] = field(repr=False, default_factory=dict)

    def editions(self, law: str) -> tuple[Statute, ...]:
        """Every edition of a law, oldest first; an undated one comes first. Empty where the law is not here."""
        dated = self._by_law.get(law_key(law), {})
        return tuple(self._statute(dated[day]) for day in sorted(dated, key=lambda day: day or date.min))

    def refusal(self, law: str) -> Problem | None:
        """Why the file of a law was refused, or None."""
        key = law_key(law)
        return next((problem for problem in self.refused if law_key(str(problem.details["title"])) == key), None)

    def similar(self, law: str) -> str:
        """The title here that is nearest to one that is not, or empty."""
        close = get_close_matches(law_key(law), list(self._by_law), n=1, cutoff=0.8)
        if not close:
            return ""
        return next(iter(self._by_law[close[0]].values()))[0].header.title

    def statutes(self) -> Iterator[Statute]:
        """Every edition of every law, read whole: for counting and for search."""
        seen: set[str] = set()
        for file in self.files:
            for statute in self.editions(file.header.title):
                if not seen.intersection(statute.files):
                    seen.update(statute.files)
                    yield statute

    def _statute(self, parts: tuple[TextFile, ...]) -> Statute:
        names = tuple(part.name for part in parts)
        if names not in self._read:
            self._read[names] = _read_parts(parts, names)
        return self._read[names]


def open_corpus(folder: Path, without_articles: bool = False) -> Corpus:
    """Read the headers of every Markdown file below a folder, README files aside.

    Args:
        without_articles: take also texts that cannot be cited by article: for a library, which shows them whole.

    Raises:
        FazhiError: the folder is not there or holds no text.
    """
    if not folder.is_dir():
        raise fail("corpus-folder-missing", Location(str(folder)))
    corpus = scan_corpus(folder, without_articles)
    if not corpus.files:
        raise fail("corpus-empty", Location(str(folder)), refused=len(corpus.refused))
    return corpus


def scan_corpus(folder: Path, without_articles: bool = False) -> Corpus:
    """The same, where a folder in which nothing can be read is an answer too."""
    files: list[TextFile] = []
    refused: list[Problem] = []
    by_law: dict[str, dict[date | None, tuple[TextFile, ...]]] = {}
    for path in sorted(folder.rglob("*.md")):
        if path.stem.upper() == "README":
            continue
        try:
            file = _open_file(path, path.relative_to(folder).as_posix(), without_articles)
            _place(file, by_law)
        except FazhiError as error:
            refused += error.problems
            continue
        files.append(file)
    return Corpus(folder, tuple(files), tuple(refused), by_law)


def law_key(title: str) -> str:
    """A title without what writers vary: width of brackets, blanks, title marks, the country's name in front."""
    plain = "".join(unicodedata.normalize("NFKC", title).split()).translate(_MARKS)
    return plain.removeprefix(_COUNTRY)


def _open_file(path: Path, name: str, without_articles: bool) -> TextFile:
    named = _NAME.fullmatch(path.stem)
    title = named["title"] if named else path.stem
    at = Location(name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise fail("corpus-file-unreadable", at, title=title, reason=error.strerror) from error
    except UnicodeDecodeError as error:
        raise fail("corpus-file-not-utf8", at, title=title) from error
    head, body = split(text)
    header = read_header(head)
    if not header.title:
        raise fail("corpus-file-without-title", at, title=title)
    if not body.strip():
        raise fail("corpus-file-without-text", at, title=title)
    if not without_articles and not HAS_ARTICLES.search(body):
        raise fail("corpus-file-without-articles", at, title=title)
    return TextFile(path, name, title, _edition(named, header, at, title), header)


def _edition(named: re.Match[str] | None, header: Header, at: Location, title: str) -> date | None:
    if named is None:
        return max(header.history, default=None)
    try:
        return date.fromisoformat(named["day"])
    except ValueError as error:
        raise fail("corpus-file-date-impossible", at, title=title, day=named["day"]) from error


def _place(file: TextFile, by_law: dict[str, dict[date | None, tuple[TextFile, ...]]]) -> None:
    """Put a file under every name of its law; a second text of one edition is refused unless both are parts."""
    for key in file.keys:
        others = by_law.get(key, {}).get(file.edition, ())
        twin = next((other for other in others if other.header.part == file.header.part), None)
        if twin is not None:
            raise fail("corpus-file-twice", Location(file.name), title=file.title, other=twin.name)
    for key in file.keys:
        dated = by_law.setdefault(key, {})
        dated[file.edition] = (*dated.get(file.edition, ()), file)


def _read_parts(parts: tuple[TextFile, ...], names: tuple[str, ...]) -> Statute:
    articles = [article for part in parts
                for article in read_articles(split(part.path.read_bytes().decode("utf-8-sig"))[1])]
    first = parts[0]
    if len(parts) > 1:
        articles.sort(key=lambda article: (article.number, article.branch))
    stated = (*first.header.commencement, *stated_commencement(articles))
    return Statute(first.header.title, first.edition, in_force_of(first.edition, stated), first.header.history, names,
                   tuple(articles))
