"""The console's one page, with a nonce of its own, and the files that it loads."""

import secrets

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_script_prefix
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from console.assets import asset_names, index_page, read_asset

# Where the build leaves room for the nonce.
NONCE_MARK = "__CSP_NONCE__"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; connect-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)
IMMUTABLE = "public, max-age=31536000, immutable"


@require_safe
def console_page(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
    """The same page for every address of the console: the script reads the address."""
    nonce = secrets.token_urlsafe(18)
    response = HttpResponse(index_page(get_script_prefix().rstrip("/")).replace(NONCE_MARK, nonce))
    response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Frame-Options"] = "DENY"
    return response


@require_safe
def console_asset(request: HttpRequest, name: str) -> HttpResponse:
    """A file whose name changes with its content, so that browsers may keep it for good."""
    if name not in asset_names():
        raise Http404
    asset = read_asset(name)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(asset.packed if packed else asset.plain, content_type=asset.content_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    response.headers["Cache-Control"] = IMMUTABLE
    return response
