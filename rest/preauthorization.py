"""Access to an upload is decided before its file is received: the entries in META by which server and views agree."""

from rest_framework.exceptions import APIException

# Set by the server: the body has not arrived yet, and the view only decides access.
EXPECT_CONTINUE = "uploads.expect_continue"
# Set by the server: access was decided, and the request counted, before the body arrived.
PREAUTHORIZED = "uploads.preauthorized"
# Set by the server: a function that says whether the client has disconnected.
CLIENT_GONE = "server.client_gone"


class ContinueUpload(APIException):
    """Access is granted, and the body may be received. The server handles it; no client sees it."""

    status_code = 100
    default_code = "expect_continue"
    default_type = "invalid_request"
