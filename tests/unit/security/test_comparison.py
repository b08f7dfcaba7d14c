from authweave.security import constant_time_equal


def test_any_two_texts_can_be_compared() -> None:
    """Equal ones are equal, others are not, and what no encoding can write is no error."""
    assert constant_time_equal("", "")
    assert constant_time_equal("ü\ud800", "ü\ud800")
    assert not constant_time_equal("ü", "ö")
    assert not constant_time_equal("a", "ab")
