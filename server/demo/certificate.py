"""A certificate made on the spot, so that a phone on the same network can try camera and card.

Browsers give camera, keys and service workers only to pages that came by https. A small authority
of this machine's own signs the server's certificate; whoever installs the authority on a phone sees
no warning, and the card works offline there too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.signing import make_private_key, read_private_key, write_private_key

AUTHORITY_LIFE = timedelta(days=365)
CERTIFICATE_LIFE = timedelta(days=90)
"""Apple takes none that lives longer than 825 days, others none over 398."""
_A_DAY = timedelta(days=1)
_PEM = Encoding.PEM


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """Where the certificate, its key and the authority to install on phones are (PEM)."""

    certificate: Path
    key: Path
    authority: Path


def make_certificate(folder: Path, *, hosts: Sequence[str], now: datetime) -> CertificateFiles:
    """Make a certificate for *hosts* (names and addresses), anew at each start.

    The authority stays until its last days, so that a phone has to trust it once.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = CertificateFiles(folder / "server.pem", folder / "server.key", folder / "ca.pem")
    authority, authority_key = _authority(folder, files.authority, hosts=hosts, now=now)
    files.key.unlink(missing_ok=True)
    key = make_private_key()
    write_private_key(files.key, key)
    alternatives = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
    certificate = (
        _draft(_name(hosts[0]), authority.subject, key, now=now, life=CERTIFICATE_LIFE)
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_identifier_of(authority_key), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    files.certificate.write_bytes(certificate.public_bytes(_PEM))
    return files


def _authority(
    folder: Path, path: Path, *, hosts: Sequence[str], now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key_path = folder / "ca.key"
    if path.exists() and key_path.exists():
        kept = x509.load_pem_x509_certificate(path.read_bytes())
        own = kept.extensions.get_extension_for_class(x509.NameConstraints).value
        same = own.permitted_subtrees == _subtrees(hosts)
        if same and kept.not_valid_after_utc - now > CERTIFICATE_LIFE:
            return kept, read_private_key(key_path)
    key_path.unlink(missing_ok=True)
    key = make_private_key()
    write_private_key(key_path, key)
    name = _name("Kaikukortti, trying out")
    usage = x509.KeyUsage(
        key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        _draft(name, name, key, now=now, life=AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        # Whoever installs it trusts it for these names and for no others.
        .add_extension(x509.NameConstraints(_subtrees(hosts), None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(made.public_bytes(_PEM))
    return made, key


def _draft(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    *,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _A_DAY)  # a phone's clock may be behind
        .not_valid_after(now + life)
    )


def _identifier_of(key: ec.EllipticCurvePrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common[:64])])


def _subtrees(hosts: Sequence[str]) -> list[x509.GeneralName]:
    return [_subtree(host) for host in hosts]


def _subtree(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_network(host))
    except ValueError:
        return x509.DNSName(host)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
