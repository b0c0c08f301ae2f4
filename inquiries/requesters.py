"""Sealing and opening a requester's data."""

import secrets
from dataclasses import dataclass

from core.masking import mask_address, mask_name, mask_phone, normal_phone
from core.vault import Vault
from inquiries.models import Requester

PHONE = "phone"


@dataclass(frozen=True)
class Personal:
    """A requester's data in clear, or masked."""

    name: str
    phone: str
    address: str

    def masked(self) -> "Personal":
        phone = mask_phone(self.phone) if self.phone else ""
        return Personal(mask_name(self.name), phone, mask_address(self.address))


def phone_index(vault: Vault, phone: str) -> bytes | None:
    """The look-up key of a number, however it was written; None for no number."""
    digits = normal_phone(phone)
    return vault.blind(PHONE, digits) if digits else None


def sealed(vault: Vault, person: Personal) -> Requester:
    """A new row; every field is bound to this row and cannot be moved to another."""
    uid = secrets.token_hex(8)

    def seal(field: str, text: str) -> bytes:
        return vault.seal(text, place=f"requester.{field}|{uid}")

    return Requester(
        uid=uid,
        name_sealed=seal("name", person.name),
        phone_sealed=seal(PHONE, normal_phone(person.phone)),
        phone_index=phone_index(vault, person.phone),
        address_sealed=seal("address", person.address),
    )


def opened(vault: Vault, row: Requester) -> Personal:
    """The data in clear: for masking, for the answer, or after an audited reveal."""

    def unseal(field: str, blob: bytes) -> str:
        return vault.unseal(blob, place=f"requester.{field}|{row.uid}")

    return Personal(
        unseal("name", row.name_sealed),
        unseal(PHONE, row.phone_sealed),
        unseal("address", row.address_sealed),
    )
