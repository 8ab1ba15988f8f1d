"""An organ's own certificate puts a certified electronic seal on its documents (电子签名法 13, 14, 16).

Whether the seal is a certified one in the sense of the law depends on who issued the certificate: the organ takes it
from a licensed service (电子认证服务提供者). Without a certificate documents stay unsigned and are sealed by hand.
"""

from __future__ import annotations

import io
import os
from concurrent.futures import ThreadPoolExecutor

from core.documents.issuing import Certified, Paper
from core.extension import hookimpl

FOLDER = "seals"
"""Below the instance's keys: ``<organ>.p12``, readable by the platform's account only."""
PASSWORD = "FAZHI_SEAL_PASSWORD"
FIELD = "Seal"


@hookimpl
def certify_document(pdf: bytes, paper: Paper) -> Certified | None:
    """Sign with the organ's certificate where there is one (PAdES, detached CMS)."""
    if os.sep in paper.organ or paper.organ.startswith("."):
        return None
    file = paper.keys / FOLDER / f"{paper.organ}.p12"
    if not file.is_file():
        return None
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    signer = signers.SimpleSigner.load_pkcs12_data(file.read_bytes(), other_certs=[],
                                                   passphrase=os.environ.get(PASSWORD, "").encode() or None)
    meant = signers.PdfSignatureMetadata(field_name=FIELD, reason=f"{paper.title} {paper.number}".strip(),
                                         subfilter=SigSeedSubFilter.PADES)
    # The library runs an event loop of its own, which a thread that already runs one refuses.
    with ThreadPoolExecutor(1) as aside:
        written = IncrementalPdfFileWriter(io.BytesIO(pdf))
        signed = aside.submit(signers.sign_pdf, written, meant, signer=signer).result()
    return Certified(signed.getvalue(), str(signer.subject_name))
