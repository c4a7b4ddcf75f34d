"""Whose words are whose in plain text."""

import time
from datetime import UTC, datetime

import pytest

from inbox_bot.domain.message import Address
from inbox_bot.mime.quoting import is_forward, split

OWN = "Please send me a copy of my data."
OLA = Address(addr_spec="ola@example.com", display_name="Ola Hansen")
OLD = "We have your request."


@pytest.mark.parametrize(
    "line",
    [
        "On Sun, 22 Nov 2026 at 10:04, LeadJabber <privacy@leadjabber.test> wrote:",
        "On Sun, 22 Nov 2026 at 10:04, LeadJabber\n<privacy@leadjabber.test> wrote:",
        "søn. 22. nov. 2026 kl. 10:04 skrev LeadJabber <privacy@leadjabber.test>:",
        "Den 22.11.2026 10:04, skrev LeadJabber:",
        "Den søn. 22. nov. 2026 kl. 10.04 skreiv LeadJabber <privacy@leadjabber.test>:",
        "Den sön 22 nov. 2026 kl 10:04 skrev LeadJabber <privacy@leadjabber.test>:",
        "Am So., 22. Nov. 2026 um 10:04 Uhr schrieb LeadJabber\n<privacy@leadjabber.test>:",
        "Le dim. 22 nov. 2026 à 10:04, LeadJabber <privacy@leadjabber.test> a écrit :",
        "El dom, 22 nov 2026 a las 10:04, LeadJabber (<privacy@leadjabber.test>) escribió:",
        "Il giorno dom 22 nov 2026 alle ore 10:04 LeadJabber <privacy@leadjabber.test> ha scritto:",
        "Op zo 22 nov 2026 om 10:04 schreef LeadJabber <privacy@leadjabber.test>:",
        "Em dom., 22 de nov. de 2026 às 10:04, LeadJabber <privacy@leadjabber.test> escreveu:",
        "niedz., 22 lis 2026 o 10:04 LeadJabber <privacy@leadjabber.test> napisał(a):",
        "W dniu 22.11.2026 o 10:04, LeadJabber pisze:",
        "su 22. marrask. 2026 klo 10.04 LeadJabber (privacy@leadjabber.test) kirjoitti:",
        "-----Original Message-----",
        "-----Opprinnelig melding-----",
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "-----Messaggio originale-----",
        "-----Oorspronkelijk bericht-----",
        "-----Mensagem original-----",
        "-----Wiadomość oryginalna-----",
        "-----Alkuperäinen viesti-----",
        "-----Ursprungligt meddelande-----",
        "-----Oprindelig meddelelse-----",
        "From: LeadJabber\nSent: Sunday\nTo: Kari\nSubject: Re: My data\n",
        "Fra: LeadJabber\nSendt: søndag\nTil: Kari\nEmne: Re: Mine data\n",
        "Från: LeadJabber\nSkickat: söndag\nTill: Kari\nÄmne: Re: Mina\n",
        "Von: LeadJabber\nGesendet: Sonntag\nAn: Kari\nBetreff: AW: Daten\n",
        "De : LeadJabber\nEnvoyé : dimanche\nÀ : Kari\nObjet : RE: donnees\n",
        "De: LeadJabber\nEnviado el: domingo\nPara: Kari\nAsunto: RE: datos\n",
        "Da: LeadJabber\nInviato: domenica\nA: Kari\nOggetto: R: dati\n",
        "Van: LeadJabber\nVerzonden: zondag\nAan: Kari\nOnderwerp: RE: data\n",
        "De: LeadJabber\nEnviada em: domingo\nPara: Kari\nAssunto: RE: dados\n",
        "Od: LeadJabber\nWysłano: niedziela\nDo: Kari\nTemat: RE: dane\n",
        "Lähettäjä: LeadJabber\nLähetetty: sunnuntai\nVastaanottaja: Kari\nAihe: VS: data\n",
        "________________________________\n*From:* LeadJabber\n*Date:* today\n*Subject:* x\n",
    ],
)
@pytest.mark.parametrize("mark", ["", "> "])
def test_history_is_cut_in_every_language(line, mark):
    result = split(f"{OWN}\n\n{line}\n{mark}{OLD}\n")

    assert OWN == result.author
    assert OLD in result.quoted
    assert () == result.forwarded


def test_words_between_quoted_lines_are_the_authors():
    result = split(
        "On Sun, 22 Nov 2026 at 10:04, LeadJabber <privacy@leadjabber.test> wrote:\n"
        "> Which account?\nThe one of kari@example.org.\n>> older\n> Anything else?\n\nNo.\n"
    )

    assert "The one of kari@example.org.\n\nNo." == result.author
    assert "Which account?" in result.quoted
    assert "> older" in result.quoted


def test_what_the_author_says_somebody_wrote_is_prose():
    words = "On 3 May you wrote:\nwe hold nothing. That is false."

    assert words == split(words).author


@pytest.mark.parametrize(
    "words",
    [
        "On the phone she wrote:\nnothing",
        "On 3 May 2026 this begins like one\n\nand ends.",
        "On " + "very " * 80 + "long 1 wrote:",
        "On 3 May\nand 4 May\nand 5 May\nnobody wrote:",
        "On 3 May 2026 we met, and so:\nsend it",
        "On 3 May 2026 I saw it",
        "From: here on I object.\nTo be clear: stop.",
        "____________________\nline",
        "From: a place I know",
    ],
)
def test_prose_that_looks_like_history_stays(words):
    assert words == split(words).author


@pytest.mark.parametrize(
    "line",
    [
        "---------- Forwarded message ---------",
        "-------- Videresendt melding --------",
        "---------- Weitergeleitete Nachricht ---------",
        "---------- Message transféré ----------",
        "---------- Vidarebefordrat meddelande ----------",
        "Begin forwarded message:",
        "Start på videresendt melding:",
        "Anfang der weitergeleiteten Nachricht:",
    ],
)
def test_a_mere_forward_has_no_words_of_its_author(line):
    result = split(
        f"{line}\n\nFrom: Ola Hansen <ola@example.com>\n"
        "Date: Sat, 21 Nov 2026 09:00:00 +0100\nSubject: My data\nTo: info@leadjabber.test\n\n"
        "Delete everything about me.\n"
    )

    assert "" == result.author
    assert OLA == result.forwarded[0].sender
    assert "My data" == result.forwarded[0].subject
    assert datetime(2026, 11, 21, 8, 0, tzinfo=UTC) == result.forwarded[0].date
    assert "Delete everything about me." == result.forwarded[0].text


def test_a_forward_without_header_lines_keeps_its_text():
    forwarded = split("FYI\n\nBegin forwarded message:\n\n> Delete me.\n").forwarded[0]

    assert "Delete me." == forwarded.text
    assert None is forwarded.sender
    assert None is forwarded.date


def test_header_lines_alone_are_a_forward():
    result = split(
        "From: Ola <ola@example.com>\nSent: Saturday\nSubject: My data\n\nDelete me."
    )

    assert "" == result.author
    assert "Delete me." == result.forwarded[0].text


def test_the_subject_tells_a_forward_from_an_answer():
    body = (
        f"{OWN}\n\nFrom: Ola <ola@example.com>\nSent: Saturday\nSubject: Mine\n\n{OLD}"
    )

    assert OLD == split(body, forwards=True).forwarded[0].text
    assert OLD in split(body).quoted


@pytest.mark.parametrize(
    "prefix", ["Fwd: ", "FW: ", "VS: ", "WG: ", "TR: ", "[ext] Fwd: "]
)
def test_a_forwarding_subject_is_known(prefix):
    assert is_forward(f"{prefix}My data")


@pytest.mark.parametrize("title", ["Re: My data", "Forward my data", ""])
def test_any_other_subject_is_none(title):
    assert not is_forward(title)


@pytest.mark.parametrize("delimiter", ["-- ", "--"])
def test_a_signature_is_cut(delimiter):
    result = split(f"{OWN}\n\n{delimiter}\nKari Nordmann\nData Deletion Ltd\n")

    assert OWN == result.author
    assert "Data Deletion Ltd" in result.signature


def test_a_long_text_below_two_dashes_is_no_signature():
    text = "Dear all\n--\n" + "\n".join(f"{number}. I object." for number in range(20))

    assert text == split(text).author


def test_a_signature_above_history_leaves_words_below_it():
    result = split(f"{OWN}\n-- \nKari\n> old\nAnd delete it afterwards.\n")

    assert f"{OWN}\n\nAnd delete it afterwards." == result.author


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Sendt fra min iPhone",
        "Sendt fra Outlook for iOS",
        "Hent Outlook for Android<https://example.com/x>",
        "Hentet fra Outlook for iOS",
        "Get Outlook for iOS<https://example.com/x>",
        "Skickat från min iPhone",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verzonden vanaf mijn iPhone",
        "Lähetetty iPhonesta",
        "Wysłane z iPhone'a",
    ],
)
def test_a_phones_signature_is_cut(line):
    result = split(f"{OWN}\n\n{line}\n")

    assert OWN == result.author
    assert line == result.signature


@pytest.mark.parametrize(
    "footer",
    [
        "CONFIDENTIALITY NOTICE: delete this e-mail if it is not for you.",
        "This e-mail and any attachments are\nconfidential. Please delete it.",
        "The information in this message is intended only for the addressee.",
        "Denne e-posten kan være konfidensiell. Slett den.",
        "Diese E-Mail enthält vertrauliche Informationen. Löschen Sie sie.",
        "Please consider the environment before printing.",
        "You are receiving this email because you subscribed. Unsubscribe",
        "Unsubscribe | View in browser",
        "If you no longer wish to receive these emails, click here.",
        "Du mottar denne e-posten fordi du er kunde.",
        "CAUTION: This email originated from outside the organisation.",
    ],
)
def test_a_footer_is_cut(footer):
    result = split(f"{OWN}\n\n{footer}\n\nKari\n")

    assert f"{OWN}\n\nKari" == result.author
    assert footer == result.footer


@pytest.mark.parametrize(
    "words",
    [
        "Unsubscribe",
        "Unsubscribe me from this list.",
        "Meld meg av nyhetsbrevet",
        "Privacy notice: where do you keep my data?",
        "LEGAL NOTICE: I demand access to my data.",
        "The information you hold is confidential and I want it deleted.",
        "I no longer wish to receive these emails.",
    ],
)
def test_a_request_that_sounds_like_a_footer_stays(words):
    assert words == split(words).author


def test_words_below_a_banner_in_one_paragraph_stay():
    banner = "[EXTERNAL] This message comes from outside, external sender"

    assert OWN == split(f"{banner}\n{OWN}").author


@pytest.mark.parametrize(
    "line",
    [
        "--",
        "> ",
        ">\na",
        "de: x",
        "on 3 wrote:\n",
        "on 3 wrote",
        "_" * 12,
        "a",
        "from: x\n" * 2,
    ],
)
def test_a_bomb_of_lines_costs_no_time(line):
    started = time.process_time()
    split(f"{line}\n" * (200_000 // len(line)))

    assert time.process_time() - started < 10
