"""Certificates for a test: an authority, a server on this machine and a client."""
import datetime
import ipaddress
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def sign(subject, key, issuer, issuer_key, extensions):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1)))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def make(folder):
    """Paths by file name: ca.pem, server.pem, server.key, client.pem, client.key."""
    folder = pathlib.Path(folder)
    authority = ec.generate_private_key(ec.SECP256R1())
    identifier = x509.SubjectKeyIdentifier.from_public_key(authority.public_key())
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    texts = {"ca.pem": sign("interop authority", authority, "interop authority", authority, [
        (x509.BasicConstraints(True, None), True), (usage, True), (identifier, False)])}
    local = x509.SubjectAlternativeName([
        x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
        x509.IPAddress(ipaddress.ip_address("::1"))])
    client = x509.SubjectAlternativeName([x509.DNSName("client.interop.test")])
    for file, subject, names, purpose in (
            ("server", "localhost", local, ExtendedKeyUsageOID.SERVER_AUTH),
            ("client", "interop-client", client, ExtendedKeyUsageOID.CLIENT_AUTH)):
        key = ec.generate_private_key(ec.SECP256R1())
        texts[f"{file}.pem"] = sign(subject, key, "interop authority", authority, [
            (names, False), (x509.ExtendedKeyUsage([purpose]), False), (x509.BasicConstraints(False, None), True),
            (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), False)])
        texts[f"{file}.key"] = key
    for file, content in texts.items():
        if file.endswith(".key"):
            data = content.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        else:
            data = content.public_bytes(serialization.Encoding.PEM)
        (folder / file).write_bytes(data)
    return {file: str(folder / file) for file in texts}
