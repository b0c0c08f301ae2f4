"""What a measure owes is proposed from its words, and the words that decided are shown."""

from datetime import date

import pytest

from duties.kinds import DutyKind
from duties.task_list import read_text
from duties.task_list_terms import NO_TERM, Proposal, propose, title_of
from tests.duties.task_list_sample import TEXT, one_row

CONTINUOUS, QUOTA, PERIODIC, DATE = DutyKind


def proposed(measure: str) -> Proposal:
    (proposal,) = propose(read_text(one_row(measure)))
    return proposal


@pytest.mark.parametrize(
    ("measure", "quota", "period", "phrase"),
    [
        ("每年至少开展1次培训，不定期研讨。", 1, "每年", "每年至少开展1次培训"),
        ("每年对各乡镇、部门开展1次评估。", 1, "每年", "每年对各乡镇、部门开展1次评估"),
        ("每年办讲座不少于4次。", 4, "每年", "每年办讲座不少于4次"),
        ("每年办讲座，总数应不少于12次。", 12, "每年", "总数应不少于12次"),
        ("全年召开两次以上座谈会。", 2, "", "全年召开两次以上座谈会"),
        ("组织接待日６场以上。", 6, "", "组织接待日６场以上"),
        ("至少编发十二期简报。", 12, "", "至少编发十二期简报"),
        ("每一年演练一次。", 1, "每一年", "每一年演练一次"),
    ],
)
def test_a_count_in_a_year_is_a_quota(measure: str, quota: int, period: str, phrase: str) -> None:
    found = proposed(measure)
    assert (found.kind, found.quota, found.period, found.phrase) == (QUOTA, quota, period, phrase)


def test_a_second_count_in_the_same_measure_is_kept_beside_the_first() -> None:
    found = proposed("每年办讲座不少于4次，其中，局长讲课应不少于2次。")
    assert (found.quota, [(other.quota, other.phrase) for other in found.others]) == (
        4,
        [(2, "局长讲课应不少于2次")],
    )


@pytest.mark.parametrize(
    ("measure", "quota", "period"),
    [
        ("定期整理并公开来信。", None, "定期"),
        ("每年对文件全面清理。", None, "每年"),
        ("每季度通报一次。", 1, "每季度"),
        ("每半年至少巡查2次。", 2, "每半年"),
        ("每个月更新名录。", None, "每个月"),
        ("每周公布水质。", None, "每周"),
        ("每两年修订目录。", None, "每两年"),
        ("按季度公布进度。", None, "按季度"),
        ("逐月核对。", None, "逐月"),
        ("每年12月底前报送总结。", None, "每年"),
        ("每年年底报送总结。", None, "每年"),
        ("每年底报送总结。", None, "每年"),
    ],
)
def test_what_comes_back_without_a_yearly_count_is_periodic(measure: str, quota: int, period: str) -> None:
    found = proposed(measure)
    assert (found.kind, found.quota, found.period, found.due_on) == (PERIODIC, quota, period, None)


@pytest.mark.parametrize(
    ("measure", "due_on"),
    [
        ("于2025年1月中旬报县政府。", date(2025, 1, 20)),
        ("2025年1月上旬报县政府。", date(2025, 1, 10)),
        ("2月下旬完成。", date(2024, 2, 29)),
        ("6月底前完成。", date(2024, 6, 30)),
        ("十一月末完成。", date(2024, 11, 30)),
        ("12月31日前报送。", date(2024, 12, 31)),
        ("于9月1日公布名单。", date(2024, 9, 1)),
        ("次年1月31日之前公布年度报告。", date(2025, 1, 31)),
        ("8月内办结。", date(2024, 8, 31)),
        ("年底前完成。", date(2024, 12, 31)),
        ("2025年底前完成。", date(2025, 12, 31)),
        ("2025年年末完成。", date(2025, 12, 31)),
        ("今年年底完成。", date(2024, 12, 31)),
        ("次年底完成。", date(2025, 12, 31)),
        ("年内建成。", date(2024, 12, 31)),
        ("上半年完成改造。", date(2024, 6, 30)),
        ("第三季度末完成改造。", date(2024, 9, 30)),
    ],
)
def test_a_day_is_a_last_day_of_the_year_of_the_list(measure: str, due_on: date) -> None:
    found = proposed(measure)
    assert (found.kind, found.due_on, found.phrase) == (DATE, due_on, measure.rstrip("。"))


@pytest.mark.parametrize(
    ("measure", "term"),
    [
        ("自省局印发指引后3个月内编制目录。", "3个月内"),
        ("自本通知印发之日起10个工作日内报名单。", "10个工作日内"),
        ("在法定期限内编制年度报告。", "法定期限内"),
        ("三年内建成。", "三年内"),
        ("6月前完成。", "6月前"),
    ],
)
def test_a_term_whose_day_the_list_does_not_tell_has_no_day(measure: str, term: str) -> None:
    found = proposed(measure)
    assert (found.kind, found.due_on, found.term) == (DATE, None, term)


@pytest.mark.parametrize(
    ("measure", "workdays", "term"),
    [
        ("能立即答复的立即答复；其他的，必须在5个工作日内答复。", 5, "5个工作日内"),
        ("受理后不超过十个工作日办结。", 10, "不超过十个工作日"),
        ("收到后３个工作日以内回复。", 3, "３个工作日以内"),
        ("20日内公开。", None, "20日内"),
        ("24小时内回应。", None, "24小时内"),
        ("征求意见一般不少于30日。", None, "不少于30日"),
    ],
)
def test_a_term_for_each_case_is_continuous(measure: str, workdays: int | None, term: str) -> None:
    found = proposed(measure)
    assert (found.kind, found.workdays, found.term, found.due_on) == (CONTINUOUS, workdays, term, None)


@pytest.mark.parametrize(
    "measure",
    [
        "公开办公地址。",
        "不定期开展研讨。",
        "按规定期限保存档案。",
        "指定期间由专人值守。",
        "选定期间由专人值守。",
        "至少参加第一次会议。",
        "至少一次性告知全部材料。",
        "助力营商环境持续改善。",
        "1月5日的旧件也要登记。",
        "推动更多事项一次办、网上办。",
        "第一次会议由局长主持。",
        "至少设置“视频、图片、文字”3个子栏目。",
        "分值权重不低于4%。",
        "落实国办发〔2020〕17号文件。",
        "落实《2023年12月底前完成事项的通知》。",
        "对2023年要点的落实情况开展“回头看”。",
        "明确提出意见的方式和期限。",
        "每次答复都要登记，每件都要有人管。",
        "落实县政府于2023年3月5日印发的通知。",
        "目录于2023年6月1日起施行。",
        "2月30日前完成。",
        "13月底前完成。",
    ],
)
def test_words_that_only_look_like_a_term_are_not_one(measure: str) -> None:
    found = proposed(measure)
    assert (found.kind, found.quota, found.due_on, found.workdays) == (CONTINUOUS, None, None, None)
    assert (found.phrase, found.term, found.others) == (NO_TERM, "", ())


@pytest.mark.parametrize("word", ["持续", "长期", "动态", "不断", "及时"])
def test_words_of_lasting_work_are_the_reason(word: str) -> None:
    assert proposed(f"办好窗口，{word}更新名录。").phrase == f"{word}更新名录"


def test_a_count_goes_before_a_term_and_both_are_kept() -> None:
    found = proposed("每年演练1次。接报后5个工作日内答复。")
    assert (found.kind, [other.workdays for other in found.others]) == (QUOTA, [5])


@pytest.mark.parametrize("measure", ["10月15日内报送。", "每年培训1次，及时公布。"])
def test_words_without_a_further_number_are_nothing_beside_the_first(measure: str) -> None:
    assert proposed(measure).others == ()


def test_a_clause_is_section_row_and_item() -> None:
    assert [proposal.clause for proposal in propose(read_text(TEXT))] == [
        *("1.1.1", "1.1.2", "1.1.3", "1.2.1"),
        *("2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.2.3"),
        *("4.1.0", "4.1.1"),
    ]


def test_units_of_the_row_stand_in_each_proposal() -> None:
    first, *_ = propose(read_text(TEXT))
    assert (first.lead, first.responsible) == (("县商务局",), ("各乡镇（街道）", "县市场局", "县供销社"))


def test_a_blank_lead_stays_blank_in_the_proposal() -> None:
    by_clause = {proposal.clause: proposal for proposal in propose(read_text(TEXT))}
    assert by_clause["2.1.1"].lead == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("做甲。再做乙。", "做甲"),
        ("公开甲（公开路径：1.网站；2.其他）。", "公开甲"),
        ("公开甲〔公开路径：1.网站；2.其他〕。", "公开甲"),
        ("落实国办发〔2020〕17号文件。", "落实国办发〔2020〕17号文件"),
        ("甲" * 60 + "。", "甲" * 60),
        ("甲" * 61, "甲" * 59 + "…"),
        ("甲" * 40 + "，" + "乙" * 40, "甲" * 40 + "…"),
        ("甲，" + "乙" * 70, "甲，" + "乙" * 57 + "…"),
    ],
)
def test_the_title_is_the_first_sentence_and_short(text: str, title: str) -> None:
    assert title_of(text) == title


def test_the_kinds_carry_their_chinese_words() -> None:
    assert DutyKind.choices() == [
        ("continuous", "持续"),
        ("quota", "年度次数"),
        ("periodic", "定期"),
        ("date", "限期"),
    ]
