from django.urls import path

from offers.views import inbox, public, wishes

app_name = "offers"
urlpatterns = [
    path("hjaelp/", public.front, name="front"),
    path("hjaelp/<slug:language>/", public.front, name="front_in"),
    path("hjaelp/<slug:language>/tak/", public.receipt, name="receipt"),
    path("hjaelp/<slug:language>/<slug:slug>/", public.form, name="form"),
    path("tilbud/", inbox.offers, name="offers"),
    path("tilbud/ny/", inbox.add, name="add"),
    path("tilbud/oensker/", wishes.wish_list, name="wishes"),
    path("familier/<str:number>/oensker/ny/", wishes.add_wish, name="add_wish"),
    path("familier/<str:number>/oensker/<int:pk>/opfyldt/", wishes.meet_wish, name="meet_wish"),
    path("tilbud/<int:pk>/vaert/", inbox.make_host, name="make_host"),
    path("tilbud/<int:pk>/virksomhed/", inbox.make_firm, name="make_firm"),
    path("tilbud/<int:pk>/", inbox.offer, name="offer"),
    path("tilbud/<int:pk>/i-gang/", inbox.take, name="take"),
    path("tilbud/<int:pk>/brugt/", inbox.used, name="used"),
    path("tilbud/<int:pk>/afslaa/", inbox.decline, name="decline"),
    path("tilbud/<int:pk>/ikke-spam/", inbox.release, name="release"),
    path("tilbud/<int:pk>/slet/", inbox.remove, name="remove"),
    path("tilbud/<int:pk>/frivillig/", inbox.make_volunteer, name="make_volunteer"),
]
