"""Which styles of a page a browser lets in: those that stand in it as styles, letter for letter."""

from base64 import b64encode
from hashlib import sha256

from heardback.messages.page_styles import style_hash, styles_in


def test_every_style_element_is_found_with_its_text_as_it_stands() -> None:
    page = '<!doctype html><STYLE media="all">a::after { content: "&amp; \\2014"; }</STYLE><p>x<style>\np {}\n</style>'
    assert styles_in(page) == ('a::after { content: "&amp; \\2014"; }', "\np {}\n")


def test_what_is_only_written_about_a_style_is_none() -> None:
    page = (
        '<p title="<style>a{}</style>">&lt;style&gt;b{}&lt;/style&gt;</p><!-- <style>c{}</style> --><svg><rect/></svg>'
    )
    assert styles_in(page) == ()


def test_a_hash_is_the_one_that_a_browser_works_out() -> None:
    expected = b64encode(sha256("p { color: “teal” }".encode()).digest()).decode()
    assert style_hash("p { color: “teal” }") == f"sha256-{expected}"
