"""Certificates for tests, by the openssl command: an authority, and what it signed."""

import pathlib
import ssl
import subprocess

_EC = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


def openssl(*args: str, cwd: pathlib.Path) -> None:
    done = subprocess.run(["openssl", *args], cwd=cwd, check=False, capture_output=True, timeout=60, text=True)
    if done.returncode != 0:
        raise AssertionError(f"openssl {args[0]}: {done.stderr}")


def make_authority(folder: pathlib.Path, name: str = "ca") -> None:
    openssl("req", "-x509", *_EC, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2", "-subj", f"/CN={name} of the tests", cwd=folder)


def make_certificate(folder: pathlib.Path, name: str, names: str = "IP:127.0.0.1,DNS:localhost", days: int = 2, authority: str = "ca") -> None:
    """`name`.pem and `name`.key, good for `names` and for so many days; a negative number: expired."""
    (folder / f"{name}.names").write_text(f"subjectAltName={names}\n", encoding="utf-8")
    openssl("req", *_EC, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}", cwd=folder)
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial", "-out", f"{name}.pem",
            "-days", str(days), "-extfile", f"{name}.names", cwd=folder)


class Authority:
    """Signs certificates for this machine, good for servers and clients."""

    def __init__(self, directory: pathlib.Path, name: str):
        self._directory, self._name = directory, name
        self.path = directory / f"{name}.pem"
        make_authority(directory, name)

    def issue(self, name: str) -> tuple:
        """(certificate, key), as paths."""
        make_certificate(self._directory, name, authority=self._name)
        return self._directory / f"{name}.pem", self._directory / f"{name}.key"


def client_context(authority: Authority, pair: tuple = None, protocols: tuple = ()) -> ssl.SSLContext:
    """Trusts `authority`; shows `pair`, if any; offers `protocols` by ALPN."""
    context = ssl.create_default_context(cafile=str(authority.path))
    if pair is not None:
        context.load_cert_chain(str(pair[0]), str(pair[1]))
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


def serial_of(path: pathlib.Path) -> str:
    done = subprocess.run(["openssl", "x509", "-in", str(path), "-noout", "-serial"], check=True, capture_output=True, text=True,
                          timeout=60)
    return done.stdout.strip().removeprefix("serial=")
