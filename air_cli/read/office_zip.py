"""The parts of an Office file (a ZIP of XML), read with limits: nothing is unpacked to disk.

Hostile files: a part or a file that unpacks to more than the limit, entities (Office writes none),
targets outside the file. Whatever is wrong raises `ItemError`; the reader jail bounds the rest.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Mapping
from xml.etree import ElementTree

from air_cli.errors import ItemError

Element = ElementTree.Element

_MAX_PARTS, _MAX_PART, _MAX_TOTAL = 20_000, 64_000_000, 256_000_000
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# What zipfile raises on damaged input.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    NotImplementedError,
    RuntimeError,
)


class Package:
    """The parts of an Office file by name.

    Raises `ItemError`: unreadable, too-large, encrypted.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._total = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._names = {info.filename.lower(): info for info in self._zip.infolist()}
        except _BROKEN as error:
            raise ItemError(f"{name}: a damaged or truncated Office file") from error
        if len(self._names) > _MAX_PARTS:
            raise ItemError(f"{name}: it has too many parts", kind="too-large")

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._names

    def bytes(self, part: str) -> bytes:
        """A part's bytes, unpacked up to the limit."""
        info = self._names.get(part.lower())
        if info is None:
            raise ItemError(f"{self.name}: it lacks its part {part[:80]}")
        if info.flag_bits & 1:
            raise ItemError(f"{self.name}: it is encrypted", kind="encrypted")
        try:
            with self._zip.open(info) as stream:
                data = stream.read(_MAX_PART + 1)
        except _BROKEN as error:
            raise ItemError(f"{self.name}: its part {part[:80]} is damaged") from error
        self._total += len(data)
        if len(data) > _MAX_PART or self._total > _MAX_TOTAL:
            raise ItemError(f"{self.name}: it unpacks to too much", kind="too-large")
        return data

    def xml(self, part: str) -> Element:
        """A part's XML. A document type (the way to entity bombs) is refused."""
        data = self.bytes(part)
        if b"<!DOCTYPE" in data.replace(b"\x00", b"") or b"<!ENTITY" in data:
            raise ItemError(f"{self.name}: its part {part[:80]} declares entities")
        try:
            return ElementTree.fromstring(data)
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise ItemError(f"{self.name}: its part {part[:80]} is no XML ({error})") from error

    def related(self, part: str) -> Mapping[str, str]:
        """The parts that a part refers to, by relation id; links to the outside are left out."""
        folder, file = posixpath.split(part)
        place = posixpath.join(folder, "_rels", f"{file}.rels")
        if place not in self:
            return {}
        return {
            str(item.get("Id")): posixpath.normpath(
                posixpath.join("/", folder, str(item.get("Target")))
            ).lstrip("/")
            for item in self.xml(place).iter(_RELATION)
            if item.get("TargetMode") != "External"
        }


def local(element: Element) -> str:
    """An element's name without its namespace: Office has several for one thing."""
    return str(element.tag).rpartition("}")[2]


def find(element: Element | None, *path: str) -> Element | None:
    """The first descendant reached by these child names, or None."""
    for step in path:
        if element is None:
            return None
        element = next((child for child in element if local(child) == step), None)
    return element


def every(element: Element | None, name: str) -> list[Element]:
    """All descendants of this name, in order."""
    return [] if element is None else [item for item in element.iter() if local(item) == name]


def first(element: Element | None, name: str) -> Element | None:
    """The first descendant of this name, or None."""
    return next(iter(every(element, name)), None)


def attribute(element: Element | None, name: str = "val") -> str:
    """An attribute by its local name, or an empty string."""
    if element is None:
        return ""
    return next((v for key, v in element.attrib.items() if key.rpartition("}")[2] == name), "")


def relation(element: Element) -> str:
    """The id of the part that an element refers to (`r:id`), or an empty string."""
    return next((v for key, v in element.attrib.items() if key.endswith("relationships}id")), "")
