from django.urls import path

from board.views import rule_preview, rule_sets

app_name = "board"
urlpatterns = [
    # Fristregler: the sets, a manager's draft, and its way into force.
    path("ledelse/regler/", rule_sets.all_sets, name="rule_sets"),
    path("ledelse/regler/nyt/", rule_sets.new_set, name="new_rule_set"),
    path("ledelse/regler/forhaandsvisning/", rule_preview.rule_preview, name="rule_preview"),
    path("ledelse/regler/forhaandsvisning/excel/", rule_preview.rule_preview_xlsx, name="rule_preview_xlsx"),
    path("ledelse/regler/aktivering/<int:pk>/", rule_preview.activate, name="activate"),
    path("ledelse/regler/aktivering/<int:pk>/fortryd/", rule_preview.undo_activation, name="undo_activation"),
    path("ledelse/regler/<int:pk>/", rule_sets.one_set, name="rule_set"),
    path("ledelse/regler/<int:pk>/ret/", rule_sets.change_set, name="change_rule_set"),
    path("ledelse/regler/<int:pk>/slet/", rule_sets.discard_set, name="discard_rule_set"),
    path("ledelse/regler/<int:pk>/lokal/", rule_sets.add_local_rule, name="add_local_rule"),
    path("ledelse/regler/<int:pk>/bed/", rule_preview.ask_activation, name="ask_activation"),
    path("ledelse/regler/<int:pk>/traek-tilbage/", rule_preview.take_back_activation, name="take_back_activation"),
    path("ledelse/regler/<int:pk>/frist/<slug:slug>/", rule_sets.term, name="term"),
    path("ledelse/regler/<int:pk>/frist/<slug:slug>/fjern/", rule_sets.remove_term, name="remove_term"),
]
