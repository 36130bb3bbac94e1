"""TLS of the doors: which versions, and the certificate of the house."""

import ssl

from manciple.kit.errors import Refused
from manciple.services.settings_of_services import ApiSettings


def tls_of(settings: ApiSettings) -> ssl.SSLContext | None:
    """What the doors speak TLS with; None where the house speaks HTTP.

    Raises:
        Refused: one of the two files is not named, or they cannot be used.
    """
    certificate, key = settings.tls_certificate, settings.tls_key
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise Refused("api.tls_certificate and api.tls_key are set together, or not at all")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # What a client may ask for in vain is not to be asked for again and again.
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    # Of TLS 1.2 only what keeps past talks secret, encrypted and sealed in one step.
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    context.set_alpn_protocols(["http/1.1"])
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        message = f"The certificate {certificate} and its key cannot be used: {error}"
        raise Refused(message) from error
    return context
