"""The product's pages, and the two that only a benchmark has."""

from django.urls import include, path

from config.admission import Row, Who
from config.policy import PAGES
from tests.benchmarks import views

PAGES |= {name: Row(Who.USERS, None) for name in ("bench_floor", "bench_base")}
urlpatterns = [
    path("bench/floor/", views.floor, name="bench_floor"),
    path("bench/base/", views.base, name="bench_base"),
    path("", include("config.urls")),
]
