"""Narratives that may be shown, and those that may not."""

import pytest

from oncopolis.record.fhir.narratives import is_narrative


def div(inner: str, attributes: str = "") -> str:
    return f'<div xmlns="http://www.w3.org/1999/xhtml"{attributes}>{inner}</div>'


@pytest.mark.parametrize(
    "text",
    [
        div("x"),
        "\n" + div("x"),
        div("<p><b>x</b> &amp; <a href='#y'>y</a></p>", " xml:lang='ko' class='z'"),
        div("<img src='data:image/png;base64,AAAA' alt='x'/>"),
        div("<table><tr><td colspan='2' style='color:red'>한국</td></tr></table>"),
        div("<!-- said --><br/>x"),
        div(""),
        div("  \n <p> </p>"),
    ],
)
def test_what_only_formats(text: str) -> None:
    assert is_narrative(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "<div>x</div>",
        "<p xmlns='http://www.w3.org/1999/xhtml'>x</p>",
        div("<p>x"),
        div("x") + div("y"),
        div("<script>x</script>"),
        div("<iframe src='x'>y</iframe>"),
        div("<form>x</form>"),
        div("<object>x</object>"),
        div("<svg>x</svg>"),
        div("<p onclick='x'>y</p>"),
        div("x", " onload='y'"),
        div("<a href='javascript:x'>y</a>"),
        div("<a href=' JavaScript:x'>y</a>"),
        div("<a href='java&#115;cript:x'>y</a>"),
        div("<a href='java&#10;script:x'>y</a>"),
        div("<a href='vbscript:x'>y</a>"),
        div("<img src='data:text/html;base64,AAAA'/>"),
        div("<img src='data:image/svg+xml;base64,AAAA'/>"),
        div("&nbsp;&x;"),
        f'<!DOCTYPE div [<!ENTITY x "y">]>{div("&x;")}',
        f'<?xml version="1.0"?>{div("x")}',
    ],
)
def test_what_does_more(text: str) -> None:
    assert not is_narrative(text)
