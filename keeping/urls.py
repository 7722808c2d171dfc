from django.urls import path

from keeping.views import insight, registers, review

app_name = "keeping"
CASE = "familier/<str:number>"
ONE = f"{CASE}/indsigt/<int:pk>"
urlpatterns = [
    path(f"{CASE}/personer/<int:person_id>/indsigt/", insight.insights, name="insights"),
    path(f"{ONE}/", insight.insight, name="insight"),
    path(f"{ONE}/linje/", insight.choose, name="insight_choose"),
    path(f"{ONE}/klargoer/", insight.prepare, name="insight_prepare"),
    path(f"{ONE}/tilbage/", insight.take_back, name="insight_take_back"),
    path(f"{ONE}/frigiv/", insight.release, name="insight_release"),
    path(f"{ONE}/pdf/", insight.as_pdf, name="insight_pdf"),
    path(f"{ONE}/json/", insight.as_json, name="insight_json"),
    path(f"{ONE}/excel/", insight.as_xlsx, name="insight_xlsx"),
    path("samtykker/", registers.consents, name="consents"),
    path("samtykker/excel/", registers.consents_xlsx, name="consents_xlsx"),
    path(f"{CASE}/samtykker/", registers.case_consents, name="case_consents"),
    path("log/brud/", registers.breach_page, name="breach"),
    path("log/brud/excel/", registers.breach_xlsx, name="breach_xlsx"),
    path("log/brud/csv/", registers.breach_csv, name="breach_csv"),
    path("opbevaring/", review.review_list, name="review"),
    path("opbevaring/tal/", review.review_figures, name="review_figures"),
    path(f"{CASE}/opbevaring/", review.review_case, name="review_case"),
    path(f"{CASE}/opbevaring/beskyt/", review.hold, name="hold"),
    path(f"{CASE}/opbevaring/ophaev/", review.lift, name="lift"),
    path(f"{CASE}/opbevaring/arkiv/", review.archive, name="archive"),
    path(f"{CASE}/opbevaring/afgoer/", review.decide, name="decide"),
]
