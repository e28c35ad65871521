"""A world of many cases on PostgreSQL, the same for the same numbers: for benches of pages and of search.

    .venv/bin/python bench/world.py NAME --cases 1000000      make the database NAME (it must not exist)
    .venv/bin/python bench/world.py NAME --drop               and drop it

For each case one mail with one notice, ten events, one number, and what search knows of it. Owners have 100 cases each;
the first of them has a hundredth of all. Rows are made by the server itself (INSERT … SELECT), passages by our own
functions (COPY): no mail is read here, so the line's work is not in it. 1 M cases take about 13 GB of disk.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.services import POSTGRES_URL

OWN = 100  # cases of an ordinary owner
EVENTS = 10  # of a case
SHOPS = 1000
WAITING = 200  # mails at most that wait in the tray: one of 40, but no more than this of each 10,000
KINDS = ("filed", "acknowledgement", "merchant_reply", "intervention", "evidence_request", "ruling")
ACTS = (
    ("files", "buyer"), ("acknowledges", "platform"), ("replies", "merchant"), ("intervenes", "platform"),
    ("requests_evidence", "platform"), ("submits_evidence", "buyer"), ("rules", "platform"), ("appeals", "buyer"),
    ("rules_appeal", "platform"), ("executes", "platform"),
)  # fmt: skip
STAGES = (
    "filed",
    "acknowledged",
    "merchant_replied",
    "platform_intervened",
    "evidence_requested",
    "ruled",
    "appealed",
    "closed",
)
GOODS = (
    "连衣裙",
    "保温杯",
    "羽绒服",
    "蓝牙耳机",
    "猫粮",
    "台灯",
    "跑步鞋",
    "电饭煲",
    "行李箱",
    "键盘",
    "雨伞",
    "书包",
    "面膜",
)
SAID = (
    "经核实，您反映的{goods}与页面描述不符，支持买家退货退款，商家须在三日内退回货款。",
    "商家已回应：{goods}发货前质检合格，不同意退款，请您在四十八小时内补充开箱照片或聊天记录。",
    "您的投诉我们已经受理，{goods}的订单已冻结货款，请等待商家在两个工作日内回复。",
    "平台已介入处理，请双方在七日内提交关于{goods}的凭证，逾期将按现有材料判定。",
    "申诉结果：维持原判，{goods}的运费由商家承担，退款将原路返回您的支付账户。",
    "{goods}存在起球、脱线，检测报告已收到，建议与商家协商解决，如未达成一致可再次申请介入。",
    "系统提醒：关于{goods}的退货申请即将超时，请尽快寄回商品并填写运单号，否则申请将关闭。",
)  # fmt: skip
RARE = "麒麟"  # in one of 10,000 mails, and in one of each owner's hundred: 孤本
OWNED = "孤本"


def body(number: int) -> str:
    """What the mail of case `number` says."""
    said = SAID[number % len(SAID)].format(goods=GOODS[number // 7 % len(GOODS)])
    odd = (RARE if number % 10_000 == 77 else "") + (OWNED if number % OWN == 42 else "")
    about = f"您对“{shop(number % SHOPS)}”的投诉有新进展。\n订单编号：{order_no(number)}"
    return f"亲爱的会员：\n{about}\n{said}{odd}\n天猫客服"


def shop(number: int) -> str:
    name, trade = number % 5 * 2, number // 5 % 5 * 2
    return f"{'暖冬云朵青禾山野星河'[name : name + 2]}{'服饰家居数码食品母婴'[trade : trade + 2]}{number}旗舰店"


def order_no(number: int) -> str:
    return f"3299{number * 7919 % 10**9:09}{number:07}"


def database_url(name: str) -> str:
    return urlunsplit(urlsplit(POSTGRES_URL)._replace(path=f"/{name}"))


def create(name: str) -> None:
    import psycopg

    with psycopg.connect(POSTGRES_URL, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')


def drop(name: str) -> None:
    import psycopg

    with psycopg.connect(POSTGRES_URL, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def insert(cursor: Any, row: Any, rows: str, **columns: str) -> None:
    """One row for each row of `rows` (SQL): as the unsaved object `row` says, but for `columns` (SQL each)."""
    from django.db import connection

    names, values, constants = [], [], []
    for column in row._meta.concrete_fields:
        if column.column == "id" and "id" not in columns:
            continue
        names.append(f'"{column.column}"')
        if column.column in columns:
            values.append(columns[column.column].replace("%", "%%"))
        else:
            values.append("%s")
            constants.append(column.get_db_prep_save(column.pre_save(row, add=True), connection))
    table = row._meta.db_table
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {rows.replace('%', '%%')}", constants
    )


def one_of(values: tuple[str, ...], number: str) -> str:
    """SQL: the value of that number, round and round."""
    return f"(ARRAY[{', '.join(repr(value) for value in values)}])[1 + ({number}) % {len(values)}]"


def build(cases: int) -> None:
    """Fill the (migrated, empty) database with `cases` cases."""
    from django.contrib.auth.hashers import make_password
    from django.db import connection
    from django.utils import timezone

    from accounts.models import InboxAddress, Role, User
    from complaints.models import Case, CaseNumber, Event, IncomingMail, Notice, RawMail, Shop
    from tests.make import a_reading

    now, owners = timezone.now(), max(2, cases // OWN)
    heavy = max(OWN, cases // 100)
    moment = f"'{now.isoformat()}'::timestamptz - g * interval '31 seconds'"
    owner = f"CASE WHEN g < {heavy} THEN 1 ELSE 2 + (g - {heavy}) / {OWN} END"
    each = f"generate_series(0, {cases - 1}) AS g"
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET session_replication_role = replica")  # no triggers: what they would check is so
        cursor.execute("SET maintenance_work_mem = '1GB'")
        nobody = User(password=make_password(None), role=Role.SHOPPER)
        people = f"generate_series(1, {owners + 1}) AS g"
        insert(
            cursor,
            nobody,
            people,
            id="g",
            email="'owner' || g || '@bench.example'",
            public_id="'o' || lpad(g::text, 15, '0')",
        )
        insert(cursor, InboxAddress(), people, id="g", owner_id="g", local="'o' || lpad(g::text, 15, '0')")
        Shop.objects.bulk_create([Shop(pk=1 + n, name=shop(n), key=shop(n)) for n in range(SHOPS)])
        print("people", flush=True)
        insert(
            cursor, Case(is_draft=False, reason="misdescribed", amount="459.00", version=EVENTS), each,
            id="g + 1", public_id="'c' || lpad(g::text, 15, '0')", owner_id=owner, shop_id=f"1 + g % {SHOPS}",
            order_no="'3299' || lpad((g::bigint * 7919 % 1000000000)::text, 9, '0') || lpad(g::text, 7, '0')",
            stage=one_of(STAGES, "g"), waiting_on=one_of(("buyer", "merchant", "platform"), "g"),
            updated_at=moment, created_at=moment,
            deadline_at="CASE WHEN g % 8 = 7 THEN NULL ELSE now() + (g % 200) * interval '1 hour' END",
            deadline_for="CASE WHEN g % 8 = 7 THEN '' ELSE 'merchant' END",
            deadline_from="CASE WHEN g % 8 = 7 THEN '' ELSE 'stated' END",
        )  # fmt: skip
        insert(
            cursor, CaseNumber(kind="order"), each, case_id="g + 1",
            number="'3299' || lpad((g::bigint * 7919 % 1000000000)::text, 9, '0') || lpad(g::text, 7, '0')",
        )  # fmt: skip
        waits = f"g % 40 = 3 AND g % 10000 < {40 * WAITING}"
        insert(
            cursor,
            IncomingMail(door="smtp", size=1600, verified=True, sender="mei@bench.example", subject="处理进展"), each,
            id="g + 1", public_id="'m' || lpad(g::text, 15, '0')", owner_id=owner, inbox_id=owner,
            sha256="lpad(g::text, 64, '0')", received_at=moment, settled_at=moment, due_at=moment,
            outcome=f"CASE WHEN {waits} THEN 'review' ELSE 'filed' END",
            reason=f"CASE WHEN {waits} THEN 'unverified_route' ELSE 'by_hand' END",
        )  # fmt: skip
        print("cases and mails", flush=True)
        insert(cursor, RawMail(data=b"From: bench\r\n\r\n"), each, mail_id="g + 1")
        pieces = [f"replace('{said}', '{{goods}}', {one_of(GOODS, 'g / 7')})" for said in SAID]
        text = (
            f"'亲爱的会员：' || chr(10) || '您对“' || s.name || '”的投诉有新进展。' || chr(10) || '订单编号：3299' || "
            f"lpad((g::bigint * 7919 % 1000000000)::text, 9, '0') || lpad(g::text, 7, '0') || chr(10) || "
            f"(ARRAY[{', '.join(pieces)}])[1 + g % {len(SAID)}] || "
            f"CASE WHEN g % 10000 = 77 THEN '{RARE}' ELSE '' END || "
            f"CASE WHEN g % {OWN} = 42 THEN '{OWNED}' ELSE '' END || chr(10) || '天猫客服'"
        )
        insert(
            cursor, Notice(confidence=0.97, moves_case=True, trust="ok", provenance="C", how="inline",
                           from_name="天猫客服",
                           from_address="service@notice.example", subject="处理进展通知", reading=a_reading()),
            f"{each} JOIN complaints_shop s ON s.id = 1 + g % {SHOPS}",
            id="g + 1", public_id="'n' || lpad(g::text, 15, '0')", mail_id="g + 1", owner_id=owner, case_id="g + 1",
            fingerprint="lpad(g::text, 64, '0')", kind=one_of(KINDS, "g"), dated_at=moment, body=text,
        )  # fmt: skip
        print("notices", flush=True)
        said = {
            "provenance": "C",
            "why": "by_hand",
            "because": [{"of": "kind", "words": "处理进展", "where": "subject"}],
        }
        insert(
            cursor, Event(type="act", state="applied", payload=said, hash="0" * 64, previous="0" * 64),
            f"{each}, generate_series(1, {EVENTS}) AS e",
            id=f"g::bigint * {EVENTS} + e", public_id=f"'e' || lpad((g::bigint * {EVENTS} + e)::text, 15, '0')",
            case_id="g + 1", seq="e",
            act=one_of(tuple(act for act, _by in ACTS), "e - 1"), by=one_of(tuple(by for _act, by in ACTS), "e - 1"),
            at=f"{moment} - (20 - e) * interval '1 day'", recorded_at=moment,
            fingerprint=f"lpad((g::bigint * {EVENTS} + e)::text, 64, '0')", notice_id="CASE WHEN e = 2 THEN g + 1 END",
        )  # fmt: skip
        print("events", flush=True)
        cursor.execute("DROP INDEX passage_pairs")
        columns = "owner_id, what, at, case_id, notice_id, folded, pairs"
        with cursor.copy(f"COPY complaints_passage ({columns}) FROM STDIN") as copy:
            for block in passages(cases, heavy, now.timestamp()):
                copy.write(block)
        print("passages", flush=True)
        cursor.execute("CREATE INDEX passage_pairs ON complaints_passage USING gin (pairs) WITH (fastupdate = off)")
        for model in (User, InboxAddress, Shop, Case, CaseNumber, IncomingMail, Notice, Event):
            table = model._meta.db_table
            if model is not CaseNumber:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        cursor.execute("VACUUM ANALYZE")


def passages(cases: int, heavy: int, now: float) -> Iterator[str]:
    """Lines for COPY: of each notice and each case what search knows. Pairs of what repeats are made once."""
    from datetime import UTC, datetime

    from complaints import pairs

    known: dict[tuple[int, int, bool, bool], tuple[str, set[str]]] = {}
    shops = [(pairs.folded(shop(number)), pairs.bigrams(shop(number))) for number in range(SHOPS)]
    lines: list[str] = []
    for number in range(cases):
        key = (number % len(SAID), number // 7 % len(GOODS), number % 10_000 == 77, number % OWN == 42)
        if key not in known:
            text = "处理进展通知\n天猫客服\nservice@notice.example\n" + body(number)
            name, order = shop(number % SHOPS), order_no(number)
            text = text.replace(name, "\x01").replace(order, "\x02")
            flat = "\x02".join(
                "\x01".join(pairs.folded(part) for part in half.split("\x01")) for half in text.split("\x02")
            )
            found = set().union(*(pairs.bigrams(part) for part in flat.replace("\x01", "\x02").split("\x02")))
            known[key] = flat, found
        flat, found = known[key]
        name, of_shop = shops[number % SHOPS]
        order = order_no(number)
        digits = {order[place : place + 2] for place in range(len(order) - 1)}
        owner = 1 if number < heavy else 2 + (number - heavy) // OWN
        at = datetime.fromtimestamp(now - number * 31, UTC).isoformat()
        whole = flat.replace("\x01", name).replace("\x02", order)
        lines.append(
            f"{owner}\tnotice\t{at}\t{number + 1}\t{number + 1}\t{whole}\t"
            f"{{{','.join(found | of_shop | digits)},@{owner}}}\n"
        )
        lines.append(
            f"{owner}\tcase\t{at}\t{number + 1}\t\\N\t{name}{order}\t{{{','.join(of_shop | digits)},@{owner}}}\n"
        )
        if len(lines) >= 2000:
            yield "".join(lines)
            lines = []
    yield "".join(lines)


def make(name: str, cases: int) -> None:
    """The database `name`, migrated and filled. Call it before Django is set up: it says which database that is."""
    create(name)
    os.environ["DATABASE_URL"] = database_url(name)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    begun = time.monotonic()
    build(cases)
    print(f"{name}: {cases} cases, {cases * EVENTS} events, {cases} mails in {time.monotonic() - begun:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="of the database")
    parser.add_argument("--cases", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--drop", action="store_true", help="drop it instead")
    asked = parser.parse_args()
    if asked.drop:
        drop(asked.name)
    else:
        make(asked.name, asked.cases)


if __name__ == "__main__":
    main()
