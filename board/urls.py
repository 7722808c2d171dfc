from django.urls import path

from board.views import operation

app_name = "board"
urlpatterns = [
    path("ledelse/drift/", operation.operation, name="operation"),
    path("ledelse/drift/mail/", operation.mend_mail, name="mend_mail"),
]
