"""Pages are compressed for whoever can read that; files never are."""

from __future__ import annotations

import gzip

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from accounts.middleware import compressed

PAGE = "<p>投诉走到哪一步</p>" * 100


def answered(response: HttpResponse, accept: str = "gzip") -> HttpResponse:
    def handle(request: HttpRequest) -> HttpResponse:
        return response

    return compressed(handle)(RequestFactory().get("/", headers={"Accept-Encoding": accept}))


def test_a_page_is_smaller_and_the_same() -> None:
    response = answered(HttpResponse(PAGE))
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < len(PAGE.encode()) / 3
    assert gzip.decompress(response.content).decode() == PAGE
    assert "Accept-Encoding" in response["Vary"]


def test_a_browser_that_cannot_read_it_gets_the_page_as_it_is() -> None:
    response = answered(HttpResponse(PAGE), accept="identity")
    assert response.content.decode() == PAGE


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(b"Subject: a\r\n\r\n" + b"a" * 1000, content_type="message/rfc822"),
        HttpResponse(b"a" * 1000, content_type="image/png"),
        StreamingHttpResponse([b"a" * 1000], content_type="text/html"),
        FileResponse([b"a" * 1000], content_type="application/pdf"),
    ],
    ids=lambda response: response["Content-Type"],
)
def test_files_go_as_they_are(response: HttpResponse) -> None:
    assert not answered(response).has_header("Content-Encoding")
