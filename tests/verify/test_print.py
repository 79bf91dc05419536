"""A document in print held to its page: what stands there once, often, or cut in two by a drawing."""

from tongbao_verify.print import taken_out

PARAGRAPH = "rated good (2): Shifu (100.00 points) and Gaoxin (98.20 points), without Liudu; Liudu did not report."
TITLE, DRAWING, NAME = "Pass rates by food", "Shifu 100.00 Gaoxin 98.20", "Liudu"
PRINTS = [("text", PARAGRAPH, ""), ("title", TITLE, ""), ("drawing", DRAWING, "drawn"), ("caption", NAME, "")]
FIRST, LAST = PARAGRAPH[:70], PARAGRAPH[70:]


def test_a_paragraph_that_a_drawing_cuts_in_two_is_whole_though_a_short_name_stands_in_both():
    rest, missing = taken_out(f"{FIRST}\n{TITLE}\n{DRAWING}\n{LAST}\n{NAME}", PRINTS)
    assert (rest.strip(), missing) == ("", [])


def test_what_stands_between_the_halves_and_on_no_page_is_left():
    rest, missing = taken_out(f"{FIRST}\n{TITLE}\n{DRAWING}\n300 cases\n{LAST}\n{NAME}", PRINTS)
    assert "300cases" in rest
    assert missing == [PRINTS[0]]


def test_what_is_missing_is_named():
    assert taken_out(f"{PARAGRAPH}\n{NAME}\n{DRAWING}", PRINTS)[1] == [PRINTS[1]]
