"""Messages of a hospital that does not exist, written as its system would write them."""

from typing import Any

from oncopolis.interop.settings import Settings

PATIENT = (
    "PID|1||123^^^MRN^MR~30102701234567^^^PINFL^NI||Каримова^Нигора^Бахтияровна^^^^L~김^지수^^^^^L^I||19700203|F|||"
    "ул. Навои 1^^Ташкент^^100011^UZB^H||+998901234567^PRN^CP~^NET^Internet^a@b.uz"
)


def make_settings(**members: Any) -> Settings:
    his = {
        "application": "HIS", "facility": "CITY", "addresses": ["127.0.0.1", "::1"], "zone": "Asia/Tashkent",
        "systems": {"MRN": "urn:oid:1.2.3", "PINFL": "urn:uz:pinfl"},
    }  # fmt: skip
    lis = {"application": "LIS", "addresses": ["127.0.0.1"]}
    return Settings.model_validate({"partners": {"his": his | members.pop("his", {}), "lis": lis}, **members})


def segment(name: str, **fields: str) -> str:
    """A segment by the numbers of its fields: ``segment("PV1", _2="I")``."""
    numbered = {int(number[1:]): text for number, text in fields.items()}
    return "|".join([name, *(numbered.get(number, "") for number in range(1, max(numbered) + 1))])


def message(
    kind: str,
    *segments: str,
    id_: str = "1",
    version: str = "2.5.1",
    charset: str = "UNICODE UTF-8",
    sender: str = "HIS|CITY",
    codec: str = "utf-8",
    processing: str = "P",
) -> bytes:
    head = f"MSH|^~\\&|{sender}|ONCOPOLIS|CENTRE|20260101120000||{kind}|{id_}|"
    header = f"{head}{processing}|{version}||||||{charset}"
    return "".join(f"{one}\r" for one in (header, *segments)).encode(codec)


def visit(**fields: str) -> str:
    return segment("PV1", **{"_1": "1", "_2": "I", "_7": "D7^Ким^Александр", "_19": "V1001", **fields})


def admit(id_: str = "1", **options: Any) -> bytes:
    return message(
        "ADT^A01^ADT_A01",
        "EVN|A01|20260101115900",
        PATIENT,
        visit(_3="W1^101^2", _44="202601011100"),
        id_=id_,
        **options,
    )


def register(id_: str = "1", pid: str = PATIENT, event: str = "A31", **options: Any) -> bytes:
    return message(f"ADT^{event}^ADT_A05", f"EVN|{event}|20260101", pid, "PV1|1|N", id_=id_, **options)


def book(id_: str = "1", event: str = "S12", start: str = "202601051000", **options: Any) -> bytes:
    head = segment("SCH", _1="A77", _2="F77", _8="REG^Checkup^L", _9="30", _10="MIN", _11=f"^^^{start}")
    return message(
        f"SIU^{event}^SIU_S12", head, PATIENT, "RGS|1", "AIS|1||CT^CT scan^L", "AIL|1||CT1",
        "AIP|1||D7^Ким^А", id_=id_, **options,
    )  # fmt: skip


def order(id_: str = "1", control: str = "NW", **options: Any) -> bytes:
    return message(
        "ORM^O01^ORM_O01", PATIENT, f"ORC|{control}|P9|||||||20260104",
        "OBR|1|P9||718-7^Haemoglobin^LN|S||||||||after cycle 2", id_=id_, **options,
    )  # fmt: skip


def report(id_: str = "1", value: str = "72.50", status: str = "F", **options: Any) -> bytes:
    head = segment(
        "OBR",
        _1="1",
        _2="P9",
        _3="L9",
        _4="CBC^Blood count^L",
        _7="20260104100000",
        _22="20260104120000",
        _25=status,
    )
    return message(
        "ORU^R01^ORU_R01", PATIENT, head,
        f"OBX|1|NM|718-7^Haemoglobin^LN||{value}|g/L^g/L^UCUM|120-160|L|||F",
        "OBX|2|TX|NOTE^Note^L||line 1||||||F", "OBX|3|TX|NOTE^Note^L||line 2||||||F", "NTE|1||a remark",
        "OBX|4|ED|PDF^Report^L||^AP^PDF^Base64^aGVsbG8=||||||F", "OBX|5|SN|X^X^L||<^5|mg^^UCUM|||||F",
        "OBX|6|CWE|BLD^Blood group^L||A^A positive^L||||||F", "OBX|7|TS|D^Day^L||20260103||||||F",
        id_=id_, **options,
    )  # fmt: skip
