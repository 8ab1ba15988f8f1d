"""A few small files that stand for every material of the demonstration, each marked 演示数据."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from core.ledger.event import MaterialRef
from core.materials.store import MaterialStore, Stored
from core.rulebook.model import MaterialRequirement

MARK = "演示数据 DEMONSTRATION DATA"
KINDS = ("报告", "公告", "意见书", "会议记录", "台账", "函件", "说明", "回证")
PAGE = (595, 842)


@dataclass(frozen=True, slots=True)
class Samples:
    """Stored sample files."""

    files: tuple[Stored, ...]

    @classmethod
    def stored_in(cls, store: MaterialStore) -> Samples:
        """Write the samples into the store; writing them again changes nothing."""
        pdfs = [store.store(io.BytesIO(pdf([MARK, f"{kind}（样例）", "本文件由演示数据生成器生成，不含真实内容。"])),
                            f"{kind}.pdf") for kind in KINDS]
        note = store.store(io.BytesIO(f"{MARK}\n电子记录（样例）\n".encode()), "电子记录.txt")
        return cls((*pdfs, note))

    def answer(self, requirement: MaterialRequirement, rng: Random) -> MaterialRef:
        """One of the samples under the name of the material asked for."""
        chosen = rng.choice(self.files)
        extension = chosen.name.rpartition(".")[2]
        name = f"{requirement.title.zh}（演示数据）.{extension}"
        return MaterialRef(requirement.id, chosen.sha256, name, chosen.size, chosen.media_type)


def pdf(lines: Sequence[str]) -> bytes:
    """A one-page PDF in Chinese, with the reader's own Song typeface (no font is embedded)."""
    content = "BT /F1 18 Tf 72 760 Td 30 TL\n"
    content += "".join(f"<{line.encode('utf-16-be').hex()}> Tj T*\n" for line in lines) + "ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {PAGE[0]} {PAGE[1]}]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        "/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode("ascii")
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode("ascii")
    return bytes(out)
