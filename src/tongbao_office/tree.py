"""The tree of files that is published: versions, plain addresses, what pages are shown with, the index, the list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath

from tongbao.basics.errors import DataError, ToolError, UsageError
from tongbao.bulletin.manifest import FILE
from tongbao.bulletin.schemas import as_json
from tongbao.definition.files import file_hash, link_tree, names_below, write_whole
from tongbao.definition.project import Project
from tongbao_office.approval import Bulletin, digest_of
from tongbao_office.checker_file import bundle
from tongbao_office.destination import Held
from tongbao_office.draft_copy import marked_prints
from tongbao_office.front import shown, way_to
from tongbao_office.placing import RESOURCES, language_of, notice_of, own_files, placed
from tongbao_office.records import RAW, Listed, Published, PublishedBulletin, Retraction, Version
from tongbao_site.entry import RECORDS, read_entries
from tongbao_site.foreign import Foreign
from tongbao_site.frame import Frame
from tongbao_site.make import Site
from tongbao_verify.checker import check
from tongbao_verify.published import LIST, restored, seal

CHECKER = "verify.py"
ASSETS = "assets"
_SHARED_RAW = re.compile(f"reports/[^/]+/{RAW}")


@dataclass(frozen=True)
class Edition:
    """A bulletin that goes out, and as what."""

    bulletin: Bulletin
    version: Version


def read_list(folder: Path | None) -> Published:
    """What is published in a folder; nothing where there is none.

    Raises:
        DataError: the list cannot be read.
    """
    if folder is None or not (folder / LIST).is_file():
        return Published(bulletins=(), files={}, seal="")
    try:
        return Published.model_validate_json((folder / LIST).read_bytes())
    except ValueError:
        raise DataError("not a list of what is published", place=str(folder / LIST)) from None


def resources(bulletin: Bulletin) -> Iterator[tuple[str, bytes]]:
    """The style sheets and scripts that a bulletin's pages are shown with: those of the site, all of them on record.

    Raises:
        DataError: the site has others than the bulletin was built with, or some that are on no record.
    """
    site, manifest = bulletin.project.site, bulletin.manifest
    for path in (path for folder in RESOURCES for path in sorted((site / folder).rglob("*")) if path.is_file()):
        name, data = path.relative_to(site).as_posix(), path.read_bytes()
        known = manifest.inputs.get(name) or manifest.outputs.get(f"_site/{name}")
        if known is None:
            hint = "remove it, or put it into theme/ and build again"
            raise DataError(f"_site/{name} is on no record: nobody has approved it", place=bulletin.id, hint=hint)
        if known != sha256(data).hexdigest():
            hint = f"tongbao build {bulletin.id}"
            raise DataError(f"_site/{name} is not what the page was built with", place=bulletin.id, hint=hint)
        yield name, data


def resources_of(bulletin: Bulletin) -> str:
    """The folder of style sheets and scripts that a bulletin's pages are shown with, named after what they hold.

    Raises:
        DataError: see ``resources``.
    """
    found = {name: sha256(data).hexdigest() for name, data in resources(bulletin)}
    return f"{ASSETS}/{digest_of(found)[:12]}/"


class Tree:
    """The next state of a place, made beside the present one."""

    def __init__(self, held: Held, was: Published) -> None:
        self.root, self._was = held.new, was
        self._bulletins = {one.id: one for one in was.bulletins}
        self._foreign = Foreign()
        if held.old:
            there = frozenset(names_below(held.old)) - was.files.keys() - {LIST}
            if linked := sorted(there & {str(above) for name in was.files for above in PurePosixPath(name).parents}):
                hint = "put the folder itself there"
                raise UsageError(f"{linked[0]} is a link to a folder", place=str(held.old), hint=hint)
            link_tree(held.old, self.root)
            self._foreign = Foreign(there)
            self._part_raw_files()

    def add(self, edition: Edition) -> tuple[PublishedBulletin, Version]:
        """Put a version in its place, and what was out of the bulletin into its new one."""
        bulletin, version = edition.bulletin, edition.version
        record = json.loads(bulletin.record_file.read_bytes())
        entry = Listed.model_validate({name: record[name] for name in Listed.model_fields}, strict=False)
        before = self._bulletins.get(bulletin.id)
        page = f"reports/{bulletin.series}/{bulletin.period}.html"
        now = before or PublishedBulletin(entry=entry, page=page, versions=(), draft=None)
        if version.number is None:
            now = now.model_copy(update={"draft": version} | ({} if now.versions else {"entry": entry}))
        else:
            now = now.model_copy(update={"entry": entry, "versions": (*now.versions, version), "draft": None})
        pages = dict(self._pages_out(before)) if before else {}
        self._remove_plain(before)
        if before and before.draft:
            self._remove(name for name in self._was.files if name.startswith(before.draft.folder))
        pages |= self._write_files(edition)
        self._place_pages(now, pages)
        self._bulletins[now.id] = now
        if version.number is None:
            self._hold_draft(now, version)
        return now, version

    def retract(self, bulletin: PublishedBulletin, retraction: Retraction) -> PublishedBulletin:
        """Say on the pages of a bulletin's newest version that it is not to be relied on any more."""
        pages = dict(self._pages_out(bulletin))
        *earlier, newest = bulletin.versions
        retracted = newest.model_copy(update={"retracted": retraction})
        now = bulletin.model_copy(update={"versions": (*earlier, retracted)})
        self._place_pages(now, pages)
        self._bulletins[now.id] = now
        return now

    def finish(self, project: Project) -> None:
        """Write the site's own pages, the checker and the list, and drop what no page is shown with any more."""
        bulletins = tuple(sorted(self._bulletins.values(), key=lambda one: one.id))
        used = {version.resources for one in bulletins for version in one.all_versions}
        assets = [name for name in self._was.files if name.startswith(f"{ASSETS}/")]
        self._remove(name for name in assets if not name.startswith(tuple(used)))
        cache = project.work / "site"
        records = [(self.root / one.page).with_name(f"{one.entry.period}.json") for one in bulletins]
        entries = read_entries(((path, file_hash(path)) for path in records), cache / RECORDS)
        for unread in sorted({one.id for one in bulletins} - {entry.id for entry in entries}):
            hint = "publish it with the version of tongbao that it was published with, or correct it"
            raise DataError("a record that this version cannot list", place=unread, hint=hint)
        said = {one.id: shown(one) for one in bulletins}
        Site(self.root, Frame(project), cache, self._foreign).make(entries, search=True, shown=said)
        self._put(CHECKER, bundle().encode())
        there = (name for name in sorted(names_below(self.root)) if name[0] != "." and name != LIST)
        files = {name: file_hash(self.root / name) for name in there if name not in self._foreign}
        listed = Published(bulletins=bulletins, files=files, seal="")
        sealed = listed.model_copy(update={"seal": seal(json.loads(as_json(listed)))})
        self._put(LIST, as_json(sealed))

    def _put(self, name: str, data: bytes) -> None:
        """Write a file anew: what was linked here stands in the present site, too."""
        self._foreign.require_free([name])
        write_whole(self.root / name, data)

    def _remove(self, names: Iterable[str]) -> None:
        """Remove files of ours, and the folders that are empty then."""
        for name in names:
            path = self.root / name
            path.unlink()
            for folder in path.relative_to(self.root).parents[:-1]:
                if any((self.root / folder).iterdir()):
                    break
                (self.root / folder).rmdir()

    def _pages_out(self, bulletin: PublishedBulletin) -> Iterator[tuple[str, str]]:
        """The pages of all versions as they were built."""
        for version in bulletin.all_versions:
            for name in (name for name in version.files if name.endswith(".html")):
                text = (self.root / version.folder / name).read_bytes().decode()
                yield version.folder + name, restored(text, in_version=True)

    def _part_raw_files(self) -> None:
        """Give each bulletin its own raw files where those of a series were published in one folder for all."""
        if shared := [name for name in self._was.files if _SHARED_RAW.match(name)]:
            for bulletin in self._was.bulletins:
                self._place_pages(bulletin, dict(self._pages_out(bulletin)))
            self._remove(shared)

    def _remove_plain(self, bulletin: PublishedBulletin | None) -> None:
        if bulletin:
            self._remove(bulletin.plain(name) for name in bulletin.shown.files)

    def _write_files(self, edition: Edition) -> dict[str, str]:
        """Put the files of a version, its manifest and its resources in place; returns its pages as built."""
        bulletin, version = edition.bulletin, edition.version
        site, manifest = bulletin.project.site, bulletin.manifest
        source = site / "reports" / bulletin.series
        prints = marked_prints(bulletin, version.files) if version.number is None else {}
        pages = {}
        for name, digest in own_files(manifest.outputs, bulletin.series).items():
            data = prints.get(name) or (source / name).read_bytes()
            if name not in prints and sha256(data).hexdigest() != digest:
                raise ToolError(f"{name} was changed during the publication", hint="build again")
            if name.endswith(".html"):
                pages[version.folder + name] = data.decode()
            else:
                self._put(version.folder + name, data)
        if prints:
            own = {f"_site/reports/{bulletin.series}/{name}": sha256(data).hexdigest() for name, data in prints.items()}
            self._foreign.require_free([f"{version.folder}{FILE}"])
            replace(manifest, outputs={**manifest.outputs, **own}).write(self.root / version.folder)
        else:
            self._put(f"{version.folder}{FILE}", bulletin.record_file.with_name(FILE).read_bytes())
        self._put(f"{version.folder}index.html", way_to(f"{bulletin.period}.html").encode())
        for name, data in resources(bulletin):
            self._put(version.resources + name, data)
        return pages

    def _place_pages(self, bulletin: PublishedBulletin, pages: dict[str, str]) -> None:
        """Write each version's pages with what is to be said above them, and the newest ones to the plain address."""
        for version in bulletin.all_versions:
            newest = version is bulletin.shown
            places = [(version.folder + name, True, name) for name in version.files]
            places += [(bulletin.plain(name), False, name) for name in version.files if newest]
            for place, in_version, name in places:
                if (text := pages.get(version.folder + name)) is not None:
                    notice = notice_of(bulletin, version, name, language_of(text), in_version=in_version)
                    data = placed(text, version, notice, in_version=in_version).encode()
                elif in_version:
                    continue
                else:
                    data = (self.root / version.folder / name).read_bytes()
                self._put(place, data)

    def _hold_draft(self, bulletin: PublishedBulletin, draft: Version) -> None:
        """Hold a draft, whose PDF and Word file were made anew, to its record.

        Raises:
            ToolError: something is left over.
        """
        pages = self.root / draft.folder / bulletin.entry.period
        account = check(pages.with_name(f"{pages.name}.json"), pages, [])
        if account.left:
            found = "\n".join(" ".join(one) for one in list(account.left)[:3])
            raise ToolError("the draft is not what was built", place=bulletin.id, found=found)
