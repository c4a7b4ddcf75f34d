"""How a folder is listed in answers that imaplib can read."""

from inbox_bot.adapters.imap_session import UIDS_IN_A_SEARCH, OpenFolder, uid_spans


def folder(messages: int, uid_next: int) -> OpenFolder:
    return OpenFolder(
        name="INBOX",
        readonly=True,
        uid_validity=1,
        uid_next=uid_next,
        messages=messages,
    )


def test_an_ordinary_folder_is_listed_at_once() -> None:
    assert [(8, None)] == uid_spans(8, folder(UIDS_IN_A_SEARCH, 4_000_000_000))


def test_a_huge_folder_is_listed_in_spans_without_gap_or_overlap() -> None:
    spans = uid_spans(5, folder(UIDS_IN_A_SEARCH + 1, 200_000))

    assert [(5, 90_004), (90_005, 180_004), (180_005, 199_999)] == spans


def test_of_a_huge_folder_read_to_its_end_nothing_is_listed() -> None:
    assert [] == uid_spans(200_000, folder(UIDS_IN_A_SEARCH + 1, 200_000))
