"""What a page weighs on the wire."""

import pytest

MOST = 90_000  # bytes of style sheets and scripts, compressed, as they come over the network


@pytest.mark.parametrize(
    "path", ["/", "/familier/ny/", "/familier/{number}/", "/familier/{number}/modtagelse/min-plan/{olena}/"]
)
def test_styles_and_scripts_are_light(house, visit, path):
    page = visit("mette")
    sizes = {}

    def weigh(request):
        if request.resource_type in ("stylesheet", "script"):
            sizes[request.url] = request.sizes()["responseBodySize"]

    page.on("requestfinished", weigh)
    page.goto(path.format(**house.scene["family"]))
    page.wait_for_load_state("networkidle")
    assert len(sizes) > 10
    assert sum(sizes.values()) <= MOST, sorted(sizes.items(), key=lambda item: -item[1])[:5]
    encoded = page.request.get(next(url for url in sizes if "bootstrap" in url), headers={"Accept-Encoding": "gzip"})
    assert encoded.headers["content-encoding"] == "gzip"
    assert "immutable" in encoded.headers["cache-control"]
