"""Hostile input: texts that have done harm somewhere, and ways to change a good input into a bad one."""

from __future__ import annotations

import io
import json
import random
import re
import warnings
import zipfile
from collections.abc import Sequence

# What each of these has done to some program is well known; here each is shown as text or refused.
NASTIES = (
    # scripts and markup
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<svg/onload=alert(1)>", "javascript:alert(1)",
    "[a](javascript:alert(1))", "![](file:///etc/passwd)", "</style><script>", "<!--", "-->", "]]>", "&lt;", "&#0;",
    # Typst, TeX, Pandoc, Quarto, Jinja, YAML, SQL
    '#read("/etc/passwd")', '#eval("1")', "$ x $", "\\input{/etc/passwd}", "```{=html}\n<b>\n```", "```{=typst}\n#panic()\n```",
    "{{< include /etc/passwd >}}", "{{ 7*7 }}", "{% include 'x' %}", "{{ ''.__class__.__mro__ }}", "{{ finding.headline.x }}",
    "{% for i in range(10**9) %}x{% endfor %}", "{{ 'a'*10**9 }}", "{{ 9**9**9 }}", "{{ '%99999999d'|format(1) }}", "{#", "{{", "}}", "{%",
    "!!python/object/apply:os.system ['id']", "&a [*a]", "*a", "<<: *a", "!replace", "? {a: b}", "|", ">-", "%YAML 9.9", "---", "...",
    "'; DROP TABLE x; --", '"', "'", "''", "`", "$(id)", "${HOME}", "%s%n", "{0.__class__}", "{}",
    # spreadsheets
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "#REF!", "#N/A", "TRUE", "2021-02-30", "3-1", "12.5%", "1,234,567.89",
    # paths
    "../../../etc/passwd", "/etc/passwd", "..\\..\\x", "CON", "a/b", ".", "..", "~", "file:///etc/passwd", "http://127.0.0.1:9/x", "\\\\host\\x",
    # numbers
    "0", "-0", "00", "0.1", ".5", "5.", "1e5", "1e999999999", "1E+400", "NaN", "nan", "sNaN", "inf", "-Infinity", "0x10", "0o7", "0b1", "1_000",
    "1j", "1.0000000000001", "123456789012345678901234567890123456789", "99999999999999999999999999999.9999999999999", "-99999999999", "9" * 60,
    "9" * 4400, "0." + "0" * 50 + "1", "0." + "3" * 400, "1" + "0" * 400, "½", "²", "①", "十二", "１２３", "१२३", "٣٤", "𝟏𝟐", "Ⅻ", "−5", "1 000",
    # characters
    "\x00", "\x01", "\x0b", "\x1b[31m", "\x7f", "\x85", "\u2028", "\ufeff", "\u200b", "\u202e", "\u2066", "\ud7ff", "\ufffe", "\ufdd0", "\ue000", "\ue001a\ue002",
    "\ue003x\ue004", "\ue005", "\U0010ffff", "👨‍👩‍👧", "e\u0301" * 20, "ﷺ", "İ", "ß", "ŉ", "\r", "\n", "\r\n", "\t", " ", "\u3000", "", "，", "；", "（", "）", "：", "｛｛", "｝｝",
    "=" * 3000, "(" * 250, "[" * 600, "{" * 600, "-" * 3000, "not " * 400, "a." * 400 + "a", "a: " * 200, "- " * 600, "> " * 600, "*" * 2000, "_a" * 500, "#" * 50 + " x",
    "a," * 900, "\n" * 900, "9," * 700, "合计", "单位", "甲县", "period", "finding", "fact.due", "area.x", "sum(", "rank(", "default(", "null", "true", "~", "[]", "{}",
)  # fmt: skip
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "' + "x" * 50 + '">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)  # fmt: skip
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
warnings.filterwarnings("ignore", "Duplicate name")  # of parts of an archive, which is meant
_LIMIT = 60_000  # characters


def nasty(rng: random.Random) -> str:
    """One of the texts above, or some characters from anywhere."""
    if rng.random() < 0.15:
        return "".join(
            map(
                chr,
                (
                    rng.choice((rng.randrange(32), rng.randrange(0x3000), rng.randrange(0xD800)))
                    for _ in range(rng.randint(1, 6))
                ),
            )
        )
    return rng.choice(NASTIES)


def bad_text(rng: random.Random, text: str, others: Sequence[bytes] = ()) -> str:
    """A text with one to four changes."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        tokens = _TOKEN.findall(text) or [""]
        at = rng.randrange(len(tokens))
        upto = min(len(tokens), at + rng.choice((1, 1, 2, 5, 30)))
        match rng.randrange(9):
            case 0 | 1 | 2:
                tokens[at:upto] = [nasty(rng)]
            case 3:
                tokens.insert(at, nasty(rng))
            case 4:
                del tokens[at:upto]
            case 5:
                tokens[at:at] = tokens[at:upto] * rng.choice((1, 2, 50))
            case 6:
                other = rng.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
            case 7 if others:
                mine, theirs = (
                    text.splitlines(keepends=True),
                    rng.choice(others).decode("utf-8", "replace").splitlines(keepends=True),
                )
                cut = rng.randint(0, len(mine))
                tokens = [*mine[:cut], *theirs[rng.randint(0, len(theirs)) :]]
            case _:
                numbers = [place for place, token in enumerate(tokens) if token.isdigit()]
                place = rng.choice(numbers) if numbers else at
                tokens[place] = str(rng.choice((0, 1, -1, 10 ** rng.randint(1, 45), rng.getrandbits(64), rng.random())))
        text = "".join(tokens)[:_LIMIT]
    return text


def bad_bytes(rng: random.Random, data: bytes) -> bytes:
    """Bytes with some flipped, cut out, doubled or cut off."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 2, 8))):
        at = rng.randrange(len(changed) + 1)
        match rng.randrange(5):
            case 0 | 1 if at < len(changed):
                changed[at] = rng.choice((0, 255, 0x7F, changed[at] ^ (1 << rng.randrange(8)), rng.randrange(256)))
            case 2:
                del changed[at : at + rng.choice((1, 4, 100))]
            case 3:
                changed[at:at] = changed[at : at + rng.choice((1, 8, 200))]
            case _ if rng.random() < 0.2:
                del changed[at:]
    return bytes(changed)


def bad_text_file(rng: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """A text file: changed as text, in one encoding or another; sometimes as bytes, too."""
    text = bad_text(rng, data.decode("utf-8", "replace"), others)
    encoding = rng.choice(("utf-8",) * 8 + ("utf-8-sig", "gb18030", "utf-16", "utf-16-le", "latin-1"))
    changed = text.encode(encoding, "replace")
    return bad_bytes(rng, changed) if rng.random() < 0.1 else changed


def bad_archive(rng: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """A ZIP file of XML: one of its parts changed as text, renamed, doubled or blown up; or the archive as bytes."""
    if rng.random() < 0.25:
        return bad_bytes(rng, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # noqa: BLE001  # changed so far that it is no archive any more
        return bad_bytes(rng, data)
    sheets = [at for at, (name, _) in enumerate(parts) if name.endswith((".xml", ".rels"))] or [0]
    if not parts:
        return data
    at = rng.choice(sheets)
    name, part = parts[at]
    text = part.decode("utf-8", "replace")
    match rng.randrange(12):
        case 0:
            parts[at] = (rng.choice(("../../../tmp/x", "/tmp/x", name.upper(), "xl/" + nasty(rng)[:200])), part)
        case 1:
            parts.append(parts[at])
        case 2:
            del parts[at]
        case 3:
            parts[at] = (
                name,
                text.replace("?>", "?>" + rng.choice((ENTITIES, OUTSIDE)), 1).replace("<v>", "<v>&a;").encode(),
            )
        case 4:
            parts[at] = (name, part + b" " * rng.choice((10, 1_000_000, 5_000_000)))
        case 5 | 6 | 7:
            values = list(re.finditer(r'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)', text))
            if values:
                value = rng.choice(values)
                inner = re.sub(r'[<>&"]', "", nasty(rng)) if rng.random() < 0.8 else nasty(rng)
                parts[at] = (name, (text[: value.start()] + inner + text[value.end() :]).encode("utf-8", "replace"))
        case _:
            parts[at] = (name, bad_text(rng, text).encode("utf-8", "replace"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
        for name, part in parts:
            archive.writestr(zipfile.ZipInfo(name.replace("\x00", "") or "x"), part)
    return bad_bytes(rng, out.getvalue()) if rng.random() < 0.05 else out.getvalue()


def bad_json(rng: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """JSON with some of its values or keys changed; or changed as text."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict | list) or rng.random() < 0.3:
        return bad_text_file(rng, data, others)
    for _ in range(rng.choice((1, 1, 3))):
        at = found
        while isinstance(at, dict | list) and at:
            key = rng.choice(list(at) if isinstance(at, dict) else range(len(at)))
            if not isinstance(at[key], dict | list) or not at[key] or rng.random() < 0.15:
                match rng.randrange(5):
                    case 0:
                        del at[key]
                    case 1 if isinstance(at, dict):
                        at[nasty(rng)] = at.pop(key)
                    case 2:
                        at[key] = rng.choice(
                            (None, True, 0, -1, 1e308, 10**30, [], {}, [[]], {"a": {}}, "", "1\ud800", "2\x1b[2J")
                        )
                    case _ if isinstance(at[key], str) and rng.random() < 0.5:
                        at[key] = bad_text(rng, at[key])
                    case _:
                        at[key] = nasty(rng)
                break
            at = at[key]
    return json.dumps(found, ensure_ascii=rng.random() < 0.5).encode("utf-8", "replace")
