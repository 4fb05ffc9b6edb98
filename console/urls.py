"""The console's addresses; the page itself tells apart what stands below them."""

from django.urls import path, re_path

from console.views import console_asset, console_page

urlpatterns = [
    path("", console_page, name="console"),
    re_path(r"^projects(?:/.*)?$", console_page, name="console-page"),
    path("console/assets/<str:name>", console_asset, name="console-asset"),
]
