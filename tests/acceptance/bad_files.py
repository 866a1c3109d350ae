"""Cases 1 to 26: the file itself."""

import base64
import zlib
from pathlib import Path

from heardback.store import Response
from heardback.store.session import reading
from tests.acceptance.bad_input import (
    CANARY,
    FLAGGED,
    HEADER,
    NORMALISED,
    QUARANTINED,
    REJECTED,
    Case,
    line,
    one,
    question,
    table,
    with_question,
    zipped,
)
from tests.desk import Desk
from tests.sources.samples import a_workbook

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Two rows that an old Excel's format (BIFF 8) holds, written by xlwt; compressed, because nothing here can write it.
XLS = zlib.decompress(
    base64.b85decode(
        "c-rk)O=uHA6#izL=8rZ%HC0-"
        "nECs99LJ>i{w6Rj{r76{mKM0yO1BTX3*bNrFSgkn<f+xjGp&q<cz4(I)dh;Mu>Ol~ML~ja$px~j+`sQU5+p5rj7FzaO=FOWo^X<I"
        "dc{8)KujitL>HDoktUxd7P_hH?F0lzpfl46)s<&;WR&qZj+r_#<z)u6|t;dtbS3Wg{YP^fkaL@CCB=CXKNn|mUF{HkRIKVz6h4P_"
        "?q`)n*gwVoXHL)CJxryanZuykuezsg?*+Xp$;soa6L!JAaC_bjOb6p7Pz7Lu6jxD><jF&2kFJ2Snw)N;U)5-"
        "C5R?+5Zzzk?W2c#iQRSx4ef<S+NcOub!oKQfF273nIZ5{YlnbpsA*S@xP0kZ#CZukAg?x#UqX}_*{fJxY=d6MK2#$J!A@uAPKCZu"
        "UCV35KBoG8ZADXN}0BMpj<^x3SLIVZOOiHs?AOD1!co;Gw-j>>E<oiU=optLOA$fPZ)XUApIl0mf#@Tw76wrVu;Y-"
        "%8xA}5p{<vA50w-"
        "@ewollGm$4{|kl6Q*oezHxu4;z;hgUBJSsjJFPX6#~lneV!l^;VWKdMe60hMOJb&=j}1!nGaL&mP8``1U3G4$||V4?k+le~j-"
        "WeRiODAvXIqK8<$T-%`X^*A%)$m$-"
        "RD;c>i@3uo<l&$8vWb;z$p9N%qc(+p!#%{)SsWx1r@j;NM2=UpkbSiycqJql)fdFA^wubxox1oP?~p7sZx#=Ic&zEpV{^VECq)tc"
        "}?HKH~17lLr%!i5VLE?l^9u~8w)rvm<p^f;#kFCQPu|8*8AmE7MX8x}{9p({s+%7ZW{H*vnE_}PqlQMs2`C8zSgP~j-"
        "`Zek20?8jKm@k?hMvGjRXO^p1zDO79!rCR*_&;9=dhtTDD"
    )
)
ROWS = [line(1), line(2, f"{CANARY} less noise")]
SHEET = [HEADER.split(","), *(row.split(",") for row in ROWS)]
TWO = {"loop": 2}
MANY = [line(number, f"{CANARY} number {number}") for number in range(20)]
QUALTRICS = (
    "id,when,say\n"
    "Response ID,Recorded Date,What should change?\n"
    '"{""ImportId"":""_recordId""}","{""ImportId"":""recordedDate""}","{""ImportId"":""QID1""}"\n'
    f"1,01/09/2026,{CANARY} more seats\n2,01/09/2026,{CANARY} less noise\n"
)
MONKEY = (
    f"id,when,How was it?,\n,,Response,Other (please specify)\n1,01/09/2026,Good,{CANARY} cold\n2,01/09/2026,Bad,\n"
)


def said(*texts: str):  # type: ignore[no-untyped-def]
    """That these words, and no others, are on record."""

    def check(desk: Desk) -> None:
        assert desk.texts() == sorted(texts)

    return check


def one_alarm(desk: Desk) -> None:
    assert desk.events().count("source.emptied") == 1


def raw_is_kept(desk: Desk) -> None:
    assert any("â€™".encode() in path.read_bytes() for path in _kept(desk))
    assert desk.texts() == [f"{CANARY} it’s cold"]


def nobody_was_read(desk: Desk) -> None:
    assert desk.count(Response) == 0


def _kept(desk: Desk) -> list[Path]:
    return [path for path in (desk.folder / "home" / "raw").rglob("*") if path.is_file()]


def choice_codes(desk: Desk) -> list[str]:
    from sqlalchemy import select

    from heardback.store import Choice

    with reading(desk.store) as session:
        return sorted(session.scalars(select(Choice.option_code)))


FILES: list[Case] = [
    one(1, "empty file", REJECTED, b"", "the file is empty"),
    one(1, "blank file", REJECTED, b"\n \n\r\n", "the file is empty"),
    one(1, "nothing but a byte order mark and blank lines", REJECTED, b"\xef\xbb\xbf\r\n \r\n", "the file is empty"),
    one(2, "header only", NORMALISED, HEADER + "\n"),
    one(2, "a list without a record", NORMALISED, '{"data": []}', name="export.json", file={"records": "data"}),
    Case(2, "header only where there were many: alarm", NORMALISED,
         [{"1.csv": table(*MANY).encode()}, {"2.csv": (HEADER + "\n").encode()}], then=one_alarm),
    one(5, "password-protected xlsx", REJECTED,
        COMPOUND + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512),
        "protected by a password", name="export.xlsx"),
    one(6, ".xls that is xlsx", NORMALISED, a_workbook({"A": SHEET}), name="export.xls", fates=TWO),
    one(6, ".csv that is xlsx", NORMALISED, a_workbook({"A": SHEET}), fates=TWO),
    one(6, ".xls that is one", NORMALISED, XLS, name="export.xls", fates=TWO,
        map=with_question("say", column="improve"), then=said("Less noise please", "More seats in reception")),
    one(7, "HTML login page saved as .csv", REJECTED, f"\n<!DOCTYPE html><html><p>{CANARY}</p></html>", "web page"),
    one(7, "login page that begins with a comment", REJECTED,
        f"\ufeff\n<!-- Copyright -->\n<HTML><p>{CANARY}</p></HTML>", "web page"),
    one(7, "login page without a head", REJECTED, f"<meta http-equiv='refresh'><title>Log in</title>{CANARY}",
        "web page", name="export.xlsx"),
    one(8, "zip bomb", REJECTED, zipped(answers_csv=bytes(60_000_000)), "unpacks to more than", name="export.zip"),
    one(8, "oversize", REJECTED, table(*(line(n, "x" * 1000) for n in range(1100))), "the limit is 1 MB",
        policy={"gate": {"max_bad_share": 1, "max_file_megabytes": 1}}),
    one(8, "zip whose names lead out", REJECTED, zipped(**{"../answers_csv": b"x"}), "leads out of it", name="e.zip"),
    one(9, "byte order mark", NORMALISED, b"\xef\xbb\xbf" + table(*ROWS).encode(), fates=TWO),
    one(9, "byte order mark, decoded wrongly and saved", NORMALISED, "\u00ef\u00bb\u00bf" + table(*ROWS), fates=TWO),
    one(9, "byte order mark, saved twice", NORMALISED, b"\xef\xbb\xbf" * 2 + table(*ROWS).encode(), fates=TWO),
    one(10, "UTF-16 that the map lists", NORMALISED, table(*ROWS).encode("utf-16"), fates=TWO,
        file={"encodings": ["utf-8-sig", "utf-16"]}),
    one(10, "UTF-16 that the map does not list", REJECTED, table(*ROWS).encode("utf-16"), "UTF-16"),
    one(11, "cp1252", FLAGGED, table(line(1, f"{CANARY} the café’s £5")).encode("cp1252"),
        "it was read as cp1252", fates={"loop": 1}, then=said(f"{CANARY} the café’s £5")),
    one(12, "undecodable bytes", FLAGGED, table(line(1, f"{CANARY} a@b@c")).encode().replace(b"@", b"\x81"),
        "2 bytes are not cp1252 and were replaced", fates={"loop": 1}, then=said(f"{CANARY} a\ufffdb\ufffdc")),
    one(13, "mojibake", NORMALISED, table(line(1, f"{CANARY} itâ€™s cold")),
        "decoded by a wrong encoding was put right (1 row)", fates={"loop": 1}, then=raw_is_kept),
    one(14, "semicolons", NORMALISED, table(*ROWS).replace(",", ";"), "separated by a semicolon", fates=TWO),
    one(14, "tabs", NORMALISED, table(*ROWS).replace(",", "\t"), "separated by a tab", fates=TWO),
    one(15, "title rows, by the map", NORMALISED, "Survey of clubs\n\n" + table(*ROWS), fates=TWO,
        file={"skip_rows": 2}),
    one(15, "title rows that the map does not know", REJECTED,
        a_workbook({"A": [["Survey of clubs"], *SHEET]}), "it may be a title", name="export.xlsx"),
    one(16, "three header rows, by the map", NORMALISED, QUALTRICS, fates=TWO, file={"header_rows": 3}),
    one(16, "two header rows, by the map", NORMALISED, MONKEY, fates={"loop": 1, "not_counted": 1},
        file={"header_rows": 2}, then=said(f"{CANARY} cold"),
        map={"questions": [question("id", "record_id"), question("How was it? [Other (please specify)]", "comment")]}),
    one(16, "ImportId that the map does not know", REJECTED, QUALTRICS, "a row of ImportIds stands below the header"),
    one(16, "a second header row that the map does not know", REJECTED,
        f"id,say\n,Open-Ended Response\n1,{CANARY} cold\n", "write file.header_rows: 2"),
    one(16, "fewer header rows than the map says", REJECTED,
        f"id,when,say\n1,2026-09-01 10:00:00,{CANARY} a\n2,2026-09-01 10:05:00,{CANARY} b\n",
        "holds a date, as an answer does", file={"header_rows": 3}),
    one(16, "fewer header rows than the map says, and days without a time", REJECTED, table(*ROWS),
        "row 2: the map calls this a header row and it holds a date", file={"header_rows": 2}),
    one(16, "a header row that the file does not have", REJECTED, HEADER, "and the file ends before them",
        file={"header_rows": 2}),
    one(17, "duplicate headers", FLAGGED, table(f"1,a,{CANARY} second", header="id,say,say"),
        "the later ones are numbered", fates={"loop": 1}, map=with_question("say", column="say (2)"),
        then=said(f"{CANARY} second")),
    one(18, "blank header at the end", FLAGGED, table(f"1,a,{CANARY} beside", header="id,say,"),
        "1 column without a header took the one before", fates={"loop": 1},
        map=with_question("say", column="say (2)"), then=said(f"{CANARY} beside")),
    one(18, "blank header between others", FLAGGED, table(f"1,a,{CANARY} beside,x", header="id,say,,ok"),
        "1 column without a header took the one before", fates={"loop": 1},
        map=with_question("say", column="say (2)"), then=said(f"{CANARY} beside")),
    one(19, "HTML, newline and trailing space in a header", NORMALISED,
        table(f"1,{CANARY} cold", header='id,"<b>say</b>\n "'), "taken out of the header", fates={"loop": 1},
        then=said(f"{CANARY} cold")),
    one(20, "a required question reworded", REJECTED, table(*ROWS).replace("say", "say it", 1),
        "the column 'say' (comment) is missing; the nearest header is 'say it'",
        map=with_question("say", required=True)),
    one(20, "an optional question reworded", FLAGGED, table(*ROWS).replace("stars", "stars!", 1),
        "the map's column for stars is not in the file; the nearest header is 'stars!'", fates=TWO),
    one(21, "new column", FLAGGED, table(f"1,{CANARY} cold,{CANARY}", header="id,say,mood"),
        "the map does not know this column; nothing of it is kept", fates={"loop": 1}),
    one(22, "ragged row", QUARANTINED, table(*ROWS, line(3) + ",extra"),
        "the row has 7 cells where the header has 6", fates={**TWO, "quarantine": 1}),
    one(22, "a worksheet's row that is too wide", QUARANTINED,
        a_workbook({"A": [*SHEET, [3, "", "", "", f"{CANARY} cold", "", "", f"{CANARY} lost"]]}),
        "the row has 8 cells where the header has 6", name="export.xlsx", fates={**TWO, "quarantine": 1}),
    one(22, "rows within a quotation that was left open", QUARANTINED,
        table(line(1), line(2, f'"{CANARY} cold'), line(3), line(4, f'"{CANARY} warm'), line(5)),
        "the row has 5 cells where the header has 6", fates={"loop": 3, "quarantine": 2}),
    one(23, "trailing blank rows", NORMALISED, table(*ROWS, ",,,,,", "", " , ,,,,"), fates=TWO, blank_rows=3),
    one(24, "TOTAL row", QUARANTINED, table(*ROWS, "TOTAL,,12,,,"), "looks like a total or a footer",
        fates={**TWO, "quarantine": 1}),
    one(24, "footer with its number in it", QUARANTINED, table(*ROWS, "Total responses: 2,,,,,"),
        "looks like a total or a footer", fates={**TWO, "quarantine": 1}),
    one(24, "a footer of pages", QUARANTINED, table(*ROWS, "Page 1 of 2,,,,,"), "looks like a total or a footer",
        fates={**TWO, "quarantine": 1}),
    one(24, "when it was exported", QUARANTINED, table(*ROWS, "Exported on 3 September 2026,,,,,"),
        "looks like a total or a footer", fates={**TWO, "quarantine": 1}),
    one(25, "second table below", REJECTED, table(*ROWS, "", "club,cards", "north,2", "south,4"),
        "a second table begins below the first"),
    one(25, "the header once more", REJECTED, table(*ROWS, "", HEADER, line(3)),
        "a second table begins below the first"),
    one(25, "a count drawn up below a sheet", REJECTED,
        a_workbook({"A": [*SHEET, [], ["", "", "Club", "Cards"], ["", "", "North", 2], ["", "", "South", 4]]}),
        "a second table begins below the first", name="export.xlsx"),
    one(25, "a summary with a title, as wide as the sheet", REJECTED,
        a_workbook({"A": [["id", "when", "say"], [1, "", f"{CANARY} cold"], [], ["Summary"],
                          ["Club", "Cards", "Average"], ["North", 2, 4.5], ["South", 4, 3]]}),
        "export.xlsx, row 4: a second table begins below the first", name="export.xlsx"),
    one(25, "answers below a gap and a row of one answer", NORMALISED,
        table(*ROWS, "", "3,,,,,", *(line(number, f"{CANARY} wish {number}") for number in (4, 5))),
        fates={"loop": 4, "not_counted": 1}),
    one(26, "several sheets", REJECTED, a_workbook({"May": SHEET, "June": SHEET}),
        "there are 2 sheets: May, June", name="export.xlsx"),
    one(26, "a sheet that is not there", REJECTED, a_workbook({"May": SHEET}),
        "there is no sheet 'June'; there are: May", name="export.xlsx", file={"sheet": "June"}),
]  # fmt: skip
