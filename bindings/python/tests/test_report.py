"""The page: text, options, mistakes, and how a notebook shows a view."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from conftest import DAY

import dangbo


def test_page_of_the_example(view: dangbo.View) -> None:
    page = view.report("K", trend="2020-01-01", movements="2020-06", reorganisation="2020-07-01")
    assert page.startswith('<!DOCTYPE html>\n<html lang="vi"')
    assert page == view.report(
        "K", trend="2020-01-01", movements="2020-06", reorganisation="2020-07-01"
    )
    assert "2.712" in page
    assert "DỮ LIỆU MÔ PHỎNG" in page
    parts = ("overview", "units", "composition", "grades", "trend", "movements", "reorganisation")
    for section in parts:
        assert f'<section id="{section}"' in page
    assert '<section id="published"' not in page


def test_options(view: dangbo.View) -> None:
    page = view.report(language="en", audience="internal", parts=("overview", "notes"))
    assert '<html lang="en"' in page
    assert 'data-audience="internal"' in page
    assert re.findall(r'<section id="(\w+)"', page) == ["overview", "notes"]


def test_movements_of_a_period(view: dangbo.View) -> None:
    page = view.report("K", movements=("2020-01-01", "2020-07-01"), parts=("movements",))
    assert re.findall(r'<section id="(\w+)"', page) == ["movements"]
    assert "30/06/2020" in page


def test_published_figures(view: dangbo.View) -> None:
    figure: dict[str, Any] = {
        "as_of": DAY,
        "figure_vi": "đảng viên",
        "published": 2712,
        "query": {"query": 1, "of": "members"},
    }
    assert "1/1 số liệu" in view.report(published=[figure])
    assert "0/1 số liệu" in view.report(published=[figure | {"published": 2711}])


def test_mistakes_name_their_place(view: dangbo.View) -> None:
    for arguments, place in (
        ({"unit": "nobody"}, "/unit"),
        ({"audience": "everybody"}, "/audience"),
        ({"trend": "2030-01-01"}, "/trend/from"),
        ({"parts": ["cover"]}, "/parts/0"),
    ):
        wrong: Any = arguments
        with pytest.raises(dangbo.QueryError) as caught:
            view.report(**wrong)
        problems = caught.value.problems
        assert problems is not None
        assert problems.column("column") == [place]


def test_a_notebook_shows_a_small_page(view: dangbo.View) -> None:
    frame = view._repr_html_()
    found = re.fullmatch(r'<iframe [^<>]*? srcdoc="([^"]*)"></iframe>', frame)
    assert found is not None
    page = html.unescape(found.group(1))
    assert page.startswith("<!DOCTYPE html>")
    assert '<section id="composition"' in page
    assert '<section id="units"' not in page
