"""Certificates for a test: an authority, a server on this machine and a client."""
import datetime
import ipaddress
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LOCAL = [
    x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.IPAddress(ipaddress.ip_address("::1"))]
PURPOSES = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]


class Authority:
    """Signs certificates, and lays them down as PEM files: NAME.pem and NAME.key."""

    def __init__(self, folder, name):
        self.folder, self.subject = pathlib.Path(folder), common_name(f"{name} authority")
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.identifier = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        certificate = self.sign(self.subject, self.key, [
            (x509.BasicConstraints(True, None), True), (usage, True), (self.identifier, False)])
        self.path = self.write(f"{name}-ca.pem", pem(certificate))

    def issue(self, file, name, names=LOCAL):
        """Paths of certificate and key."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self.sign(common_name(name), key, [
            (x509.SubjectAlternativeName(names), False), (x509.ExtendedKeyUsage(PURPOSES), False),
            (x509.BasicConstraints(False, None), True),
            (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self.identifier), False)])
        text = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return self.write(f"{file}.pem", pem(certificate)), self.write(f"{file}.key", text)

    def sign(self, subject, key, extensions):
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(self.subject).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1)))
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(self.key, hashes.SHA256())

    def write(self, file, data):
        path = self.folder / file
        path.write_bytes(data)
        return str(path)


def common_name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)
