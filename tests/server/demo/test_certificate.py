"""HTTPS for trying out: whoever trusts the authority sees no warning, others see one."""

import ssl
from datetime import timedelta

import httpx
import pytest
from cryptography import x509

from server.app import API
from server.demo.certificate import make_certificate
from tests.factories import NOON
from tests.server.running import free_port, prepare, run, serving

HOSTS = ["192.168.1.20", "localhost"]


def test_a_phone_that_trusts_the_authority_gets_in_without_a_warning(tmp_path) -> None:
    port = free_port()
    environment = prepare(tmp_path, port=port) | {"KAIKU_BASE_URL": f"https://localhost:{port}"}
    folder = tmp_path / "tls"
    with serving(environment, port=port, tls_dir=folder):
        trusting = ssl.create_default_context(cafile=folder / "ca.pem")
        trusting.verify_flags |= ssl.VERIFY_X509_STRICT
        url = f"https://localhost:{port}"
        assert httpx.get(f"{url}{API}/health", verify=trusting).is_success
        signing_in = httpx.get(f"{url}/console/sign-in", verify=trusting)
        assert "max-age" in signing_in.headers["strict-transport-security"]
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(f"{url}{API}/health")


def test_the_authority_stays_and_the_certificate_is_new(tmp_path) -> None:
    first = make_certificate(tmp_path, hosts=HOSTS, now=NOON)
    authority, certificate = first.authority.read_bytes(), first.certificate.read_bytes()
    make_certificate(tmp_path, hosts=HOSTS, now=NOON + timedelta(days=200))
    assert first.authority.read_bytes() == authority
    assert first.certificate.read_bytes() != certificate
    made = x509.load_pem_x509_certificate(first.certificate.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in names] == HOSTS
    assert made.not_valid_after_utc - made.not_valid_before_utc < timedelta(days=398)

    make_certificate(tmp_path, hosts=HOSTS, now=NOON + timedelta(days=300))
    assert first.authority.read_bytes() != authority
    for key in ("server.key", "ca.key"):
        assert (tmp_path / key).stat().st_mode & 0o077 == 0


def test_only_the_demo_makes_certificates_on_the_spot(tmp_path) -> None:
    environment = prepare(tmp_path, port=1) | {"KAIKU_DEMO": "0"}
    refused = run(environment, "serve", "--tls-dir", str(tmp_path / "tls"))
    assert refused.returncode == 2
    assert "for the demo" in refused.stderr
