"""Django's request, made by the server."""

from functools import cached_property

from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict

from datasets_api.server.environ import Environ
from rest.plain_query import parse_plain


class ServerRequest(WSGIRequest):
    """Takes the path as the server has decoded it, which WSGIRequest does again, and the body, which it wraps.

    Together with parse_plain(), this saves 5 % of a retrieve and 8 % of a list of ten.
    """

    def __init__(self, environ: Environ) -> None:
        """May raise SuspiciousOperation: Django counts the parameters here if the content type names a charset."""
        self.environ = self.META = environ
        self.path_info = environ["PATH_INFO"]
        self.path = environ["SCRIPT_NAME"] + self.path_info
        self.method = environ["REQUEST_METHOD"]
        self._set_content_type_params(environ)  # type: ignore[attr-defined]  # the stubs lack it
        # It ends where the body does.
        self._stream = environ["wsgi.input"]
        self._read_started = False
        self.resolver_match = None

    @cached_property
    def GET(self) -> QueryDict:  # type: ignore[override]  # noqa: N802  the stubs know no cached property
        plain = parse_plain(self.META["QUERY_STRING"])
        return super().GET if plain is None else plain
