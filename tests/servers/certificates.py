"""Certificates for the test servers, signed by an authority of their own."""

import os
import ssl
from dataclasses import dataclass
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """A server's certificate and key, and the authority's file for clients."""

    ca_file: Path
    chain: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


def make_certificates(folder: Path, *names: str) -> Certificates:
    """Write a certificate for the names (default: loopback) into the folder."""
    authority = trustme.CA()
    issued = authority.issue_cert(*(names or ("localhost", "127.0.0.1")))
    files = Certificates(
        ca_file=folder / "ca.pem", chain=folder / "cert.pem", key=folder / "key.pem"
    )
    authority.cert_pem.write_to_path(os.fspath(files.ca_file))
    for position, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(os.fspath(files.chain), append=position > 0)
    issued.private_key_pem.write_to_path(os.fspath(files.key))
    return files
