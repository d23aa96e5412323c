"""Judges PDFs as a third party would, with pyHanko: CERTIFICATE STAMPS(si|no) FILE…

Prints one line a file: VALID or what is wrong. Trust is given to CERTIFICATE (PEM), the chamber's own.
"""
import logging
import sys

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
certificates, stamps, files = sys.argv[1], sys.argv[2] == "si", sys.argv[3:]
roots = [x509.Certificate.load(der) for _, _, der in pem.unarmor(open(certificates, "rb").read(), multiple=True)]


def judge(path):
    with open(path, "rb") as file:
        reader = PdfFileReader(file)
        signatures = reader.embedded_signatures
        if len(signatures) != 1:
            return f"{len(signatures)} signatures"
        signature = signatures[0]
        context = ValidationContext(trust_roots=roots, allow_fetching=False)
        status = validate_pdf_signature(signature, context, ts_validation_context=context)
        faults = []
        if not (status.valid and status.intact and status.trusted):
            faults.append(status.summary())
        if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
            faults.append(str(status.coverage))
        if status.modification_level != ModificationLevel.NONE:
            faults.append(str(status.modification_level))
        if signature.sig_object["/SubFilter"] != "/ETSI.CAdES.detached" or signature.docmdp_level.value != 1:
            faults.append("not a certification that permits no changes")
        attributes = sorted(attribute["type"].native for attribute in signature.signer_info["signed_attrs"])
        if attributes != ["content_type", "message_digest", "signing_certificate_v2"]:
            faults.append(str(attributes))
        stamp = status.timestamp_validity
        if stamps != (stamp is not None and stamp.valid and stamp.intact and stamp.trusted):
            faults.append("time-stamp: " + ("none" if stamp is None else stamp.summary()))
        return "; ".join(faults) or "VALID"


for path in files:
    print(judge(path))
