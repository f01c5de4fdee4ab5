"""The map's div and its script."""

import pytest

from campaign.places.maps import NAMES, map_id, map_markup, map_script


def test_the_script_is_the_same_at_each_render_and_fits_its_div() -> None:
    first = map_script("events")
    map_script.cache_clear()
    assert map_script("events") == first
    assert f'document.getElementById("{map_id("events")}")' in first
    assert f'id="{map_id("events")}"' in map_markup("events", label="Map of events")


def test_the_script_names_no_other_host_and_brings_no_markup() -> None:
    for name in NAMES:
        script = map_script(name)
        assert "http" not in script
        assert "//" not in script
        assert "<" not in script.replace("<=", "")
        for forbidden in (
            "eval(",
            "new Function",
            "innerHTML",
            "jQuery",
            "$(",
            ".style",
            "bootstrap",
        ):
            assert forbidden not in script


def test_the_script_draws_the_bundled_tiles_and_hands_the_map_on() -> None:
    script = map_script("events")
    assert '"/tiles/{z}/{x}/{y}.png"' in script
    assert '"minZoom": 4' in script
    assert '"maxNativeZoom": 10' in script
    assert '"maxZoom": 13' in script
    assert 'zoom: Math.min(number("zoom", 5), 10)' in script
    assert "GeoNames; GSHHG" in script
    assert "place.campaignMap = map_events;" in script
    assert (
        'new CustomEvent("campaign:map", { bubbles: true, detail: { map: map_events } })' in script
    )


def test_the_map_on_a_hall_s_wall_draws_its_names_twice_as_large() -> None:
    script = map_script("wall")
    assert '"tileSize": 512' in script
    assert '"zoomOffset": -1' in script
    # Its tiles are those of one zoom before: what is asked for is what is there.
    assert '"minZoom": 5' in script
    assert '"maxNativeZoom": 11' in script
    assert "tileSize" not in map_script("screen")


def test_the_operator_s_tile_server_takes_the_place_of_the_bundled_tiles() -> None:
    script = map_script("events", "https://tiles.example/{z}/{x}/{y}.png", "© <b>Example</b>")
    assert '"https://tiles.example/{z}/{x}/{y}.png"' in script
    assert '"/tiles/{z}/{x}/{y}.png"' not in script
    assert '"maxNativeZoom": 17' in script
    assert '"maxZoom": 17' in script
    assert 'zoom: Math.min(number("zoom", 5), 17)' in script
    assert "<b>" not in script


def test_each_map_has_a_script_of_its_own() -> None:
    assert len({map_script(name) for name in NAMES}) == len(NAMES)


def test_a_map_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        map_id("x'); alert(1); ('")
    with pytest.raises(KeyError):
        map_markup("x", label="Map")


def test_the_div_says_where_to_start_and_holds_no_markup_of_a_visitor() -> None:
    markup = map_markup("event", label='<img src=x> "q"', lat=50.82633, lng=-0.14082, zoom=12)
    assert 'data-lat="50.8263" data-lng="-0.14082" data-zoom="12"' in markup
    assert "<img" not in markup
    assert "style=" not in markup
    assert "data-lat" not in map_markup("event", label="Map")
