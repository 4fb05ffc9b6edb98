"""The console's addresses besides `/`; the page itself reads what stands below them."""

from django.urls import path, re_path

from console.views import console_asset, console_page

urlpatterns = [
    re_path(r"^(?:projects(?:/.*)?|keys)$", console_page, name="console"),
    path("console/assets/<str:name>", console_asset, name="console-asset"),
]
