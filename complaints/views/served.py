"""Bytes of strangers, sent so that no browser runs them, keeps them or takes them for something else."""

from __future__ import annotations

import re
from typing import TypeVar

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from evidence import fetch
from evidence.models import Exhibit
from evidence.names import name_to_save

R = TypeVar("R", bound=HttpResponseBase)

MOST_PLAYED = 4 * 1024 * 1024  # bytes of one answer to a player: one that is paused keeps no thread of ours waiting
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def guarded(response: R) -> R:
    """`response` as bytes of strangers must be sent: kept by no cache, run as nothing, whatever is in them."""
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    return response


def original(request: HttpRequest, exhibit: Exhibit) -> HttpResponseBase:
    """The bytes as they were handed in, to save, never to open in a page of ours.

    To be called only for who is past the gate. They come through us, or by a link to the object store that is good
    for a minute where the installation has one.
    """
    disposition = attached(exhibit)
    address = fetch.link(exhibit.file, exhibit.content_type, disposition)
    if address and fetch.size_of(exhibit.file) == exhibit.size:
        return guarded(HttpResponseRedirect(address))
    return streamed(request, exhibit, exhibit.size)


def played(request: HttpRequest, exhibit: Exhibit) -> HttpResponseBase:
    """A video for the player of a page: always through us, which is all that our pages may show, bit by bit."""
    return streamed(request, exhibit, MOST_PLAYED)


def attached(exhibit: Exhibit) -> str:
    name = name_to_save(exhibit.name, exhibit.content_type)
    return content_disposition_header(True, name) or "attachment"


def streamed(request: HttpRequest, exhibit: Exhibit, most: int) -> HttpResponseBase:
    """The original, or the part of it that was asked for (RFC 9110, 14.2), of which at most `most` bytes."""
    if fetch.size_of(exhibit.file) != exhibit.size:  # said now, not when half of the answer is sent
        raise FileNotFoundError(exhibit.file)
    tag = f'"{exhibit.sha256}"'
    part = part_asked(request.headers.get("Range", ""), exhibit.size)
    if request.headers.get("If-Range", tag) != tag:
        part = None
    response: HttpResponseBase
    if part and part[0] >= part[1]:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{exhibit.size}"
    else:
        start, stop = part or (0, exhibit.size)
        if part:
            stop = min(stop, start + most)
        response = StreamingHttpResponse(fetch.pieces(exhibit.file, start, stop), status=206 if part else 200)
        response["Content-Length"] = str(stop - start)
        if part:
            response["Content-Range"] = f"bytes {start}-{stop - 1}/{exhibit.size}"
    response["Content-Type"] = exhibit.content_type
    response["Content-Disposition"] = attached(exhibit)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = tag
    return guarded(response)


def part_asked(said: str, size: int) -> tuple[int, int] | None:
    """What a Range header asks of `size` bytes, as start and stop; empty when there is nothing there.

    None when all is to be sent: no such header, several ranges, or one that cannot be understood.
    """
    found = RANGE.fullmatch(said.strip())
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:  # the last so many
        return (max(0, size - int(found[2])), size) if int(found[2]) else (size, size)
    start = int(found[1])
    if found[2] and int(found[2]) < start:
        return None
    return min(start, size), min(int(found[2]) + 1, size) if found[2] else size


def picture(key: str) -> HttpResponse:
    """A copy that we made, a thumbnail or a larger one: nothing but pixels. 404 while there is none."""
    if not key:
        raise Http404
    with default_storage.open(key) as file:
        return shown(file.read())


def shown(webp: bytes) -> HttpResponse:
    response = HttpResponse(webp, content_type="image/webp")
    response["Content-Disposition"] = "inline"
    return guarded(response)
