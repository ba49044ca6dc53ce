"""Names and addresses in Thai: titles, nicknames, no spaces, what is none. All are invented."""

from __future__ import annotations

import pytest
from names_help import letters_left, said

from governance.names.engine import NameEngine


@pytest.fixture(scope="module")
def engine() -> NameEngine:
    return NameEngine()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("นายกิตติพงษ์ แสงจันทร์ กล่าวว่า ยังไม่ได้รับสินค้า", "กิตติพงษ์ แสงจันทร์"),
        ("น.ส.อรวรรณ ทองดีศรี เดินทางลงพื้นที่", "อรวรรณ ทองดีศรี"),
        ("พล.ต.อ.สุรชัย หักพาลี เปิดเผยผล", "สุรชัย หักพาลี"),
        ("ด.ช.ธนกร แสงทอง นักเรียนชั้น ป.5", "ธนกร แสงทอง"),
        ("คุณวิภาติดต่อเรื่องคืนสินค้าค่ะ", "วิภา"),
        ("พี่ต้นบริการดีมากครับ", "ต้น"),
        ("ผมชื่อกิตติพงษ์ครับ สั่งของไป", "กิตติพงษ์"),
        ("ชื่อผู้รับ: สุดารัตน์ เกตุแก้ว โทร", "สุดารัตน์ เกตุแก้ว"),
        ("ประธานาธิบดีโดนัลด์ สมิทธ์ของสหรัฐฯ ประกาศ", "โดนัลด์ สมิทธ์"),
        ("เจ้าหน้าที่ควบคุมตัวนายมงคลไว้สอบสวน", "มงคล"),
        ("สมชาย ใจดี ให้สัมภาษณ์ผู้สื่อข่าว", "สมชาย ใจดี"),
        ("ผู้ต้องหาคือนายเอกพล ด้วงทอง", "เอกพล ด้วงทอง"),
        ("เขียนโดย ธนเดช วัฒนาพาณิชย์กุล", "ธนเดช วัฒนาพาณิชย์กุล"),
        ("อดีตผู้ต้องหา มูฮัมหมัด ดอเลาะ เดินทางกลับ", "มูฮัมหมัด ดอเลาะ"),
        ("ณัฐกานต์บอกว่าจะมาพรุ่งนี้", "ณัฐกานต์"),
        ("ขอแสดงความยินดีกับคุณธนพัชร์ที่ได้รับรางวัล", "ธนพัชร์"),
    ],
)
def test_names_end_where_the_words_begin(engine: NameEngine, text: str, name: str) -> None:
    assert any(found.endswith(name) for found in said(engine, text))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("นายกิตติพงษ์ แสงจันทร์ กล่าวว่า", "นายกิตติพงษ์ แสงจันทร์"),
        ("รศ.ดร.อรวรรณ ทองดีศรี บรรยาย", "รศ.ดร.อรวรรณ ทองดีศรี"),
        ("ฝากบอกพี่ต้นด้วยครับ", "พี่ต้น"),
        ("แอดมินฝนตอบไวมาก", "ฝน"),
    ],
)
def test_a_title_is_covered_with_its_name_and_a_role_is_not(engine: NameEngine, text: str, name: str) -> None:
    assert said(engine, text) == [name]


@pytest.mark.parametrize(
    "label", ["身份证核验：", "身份证号", "收件人", "客户姓名:", "實名認證：", "联系人为", "证件核对信息：", "我叫"]
)
def test_a_chinese_label_announces_a_thai_name(engine: NameEngine, label: str) -> None:
    assert said(engine, f"已联系。{label}วรัญญา เกษมสวัสดิ์。") == ["วรัญญา เกษมสวัสดิ์"]


@pytest.mark.parametrize(
    "text",
    [
        "客户：ขอบคุณค่ะ",
        "买家：สินค้าดีมาก ส่งเร็ว",
        "身份证核验：ไม่ผ่าน",
        "收件人：ไม่อยู่บ้าน",
        "顾客反馈：ราคาถูก",
        "姓名：ไม่ระบุ",
        "用户：เมื่อไหร่จะส่งของ",
    ],
)
def test_a_chinese_label_announces_no_words(engine: NameEngine, text: str) -> None:
    assert said(engine, text) == []


@pytest.mark.parametrize(
    "address",
    [
        "123/45 หมู่ 6 ถ.สุขุมวิท แขวงบางนา เขตบางนา กรุงเทพฯ 10110",
        "55/2 ม.3 ต.บ้านใหม่ อ.เมือง จ.นครราชสีมา 30000",
        "99 ซ.ลาดพร้าว 71 ถ.ลาดพร้าว แขวงสะพานสอง เขตวังทองหลาง กทม. 10310",
    ],
)
def test_addresses_are_covered_to_the_postal_code(engine: NameEngine, address: str) -> None:
    text = f"ส่งมาที่ {address} ครับ"
    assert not letters_left(engine, text, address)


@pytest.mark.parametrize(
    "text",
    [
        "นายกรัฐมนตรีลงพื้นที่น้ำท่วม",
        "คุณภาพคุ้มราคา แนะนำเลยค่ะ",
        "คุณสมบัติของสินค้าตรงตามที่แจ้ง",
        "น้องหมาน่ารักมาก พี่น้องประชาชนชาวไทย",
        "นางแบบเดินแบบในงานแฟชั่น นายจ้างต้องจ่าย",
        "ชื่อสินค้าไม่ตรงกับรูป ติดต่อร้านไม่ได้เลย",
        "ห้างเซ็นทรัลลดราคาทั้งห้าง",
    ],
)
def test_other_words_stay(engine: NameEngine, text: str) -> None:
    assert list(engine.scan([text])) == []
