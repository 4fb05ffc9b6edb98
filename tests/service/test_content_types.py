"""Media types with parameters that Python cannot parse, in Content-Type, in Accept and in the parts of forms."""

import pytest

from tests.service.conftest import Site

ODD_PARAMETERS = [b"x*=nonsense''a", b"x*=a; x*0=b", b"charset*=nonsense''utf-8", b"charset*=base64''a"]


@pytest.mark.parametrize("odd", ODD_PARAMETERS)
def test_malformed_media_type_parameters_are_no_server_error(odd: bytes, site: Site) -> None:
    form = b"Content-Type: multipart/form-data; boundary=x"
    part = b'--x\r\nContent-Disposition: form-data; name="a"%s\r\n\r\n1\r\n--x--\r\n'
    for header, body in (
        (b"Content-Type: application/json; %s\r\n" % odd, b'{"a":1}'),
        (b"Content-Type: application/x-www-form-urlencoded; %s\r\n" % odd, b"a=1"),
        (b"%s; %s\r\n" % (form, odd), part % b""),
        (b"%s\r\n" % form, part % (b"; " + odd)),
    ):
        answer = site.ask(b"POST", None, header, body)

        assert answer.status in {400, 415}, header
        answer.error()

    for path in (site.path, b"/api/schema/", b"/api/schema/swagger-ui/", b"/api/nowhere"):
        answer = site.ask(b"GET", path, b"Accept: application/json; %s\r\n" % odd)

        assert answer.status in {200, 404, 406}, path
