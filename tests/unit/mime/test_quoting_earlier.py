"""Attributions, forwards and the sender's own earlier words, by client and language."""

import time

import pytest

from inbox_bot.domain.message import Address
from inbox_bot.mime.quoting import own_earlier, split
from tests.unit.mime.mails import mail, parse

KARI = Address(addr_spec="kari@example.org", display_name="Kari Nordmann")
US = "LeadJabber <privacy@leadjabber.test>"
HER = "Kari Nordmann <kari@example.org>"
FIRST = "Please delete my account."

ATTRIBUTIONS = [
    "On Nov 22, 2026, at 10:04 AM, {} wrote:",
    "On Sunday, November 22, 2026 at 10:04:00 AM GMT+1, {} wrote:",
    "22. nov. 2026 kl. 10:04 skrev {}:",
    "På søndag 22. november 2026, 10:04:00 CET skrev {}:",
    "Den 22. nov. 2026 kl. 10.04 skreiv {}:",
    "{} skrev den 22 nov. 2026 10:04:",
    "Den 22. nov. 2026 kl. 10.04 skrev {}:",
    "{} schrieb am So., 22. Nov. 2026, 10:04:",
    "Am 22.11.2026 um 10:04 hat {} Folgendes geschrieben:",
    "Le 22 nov. 2026 à 10:04, {} a écrit :",
    "El 22 nov 2026, a las 10:04, {} escribió:",
    "Il giorno 22 nov 2026, alle ore 10:04, {} ha scritto:",
    "Op 22 nov. 2026 om 10:04 heeft {} het volgende geschreven:",
    "Wiadomość napisana przez {} w dniu 22 lis 2026, o godz. 10:04:",
    "{} escreveu no dia domingo, 22/11/2026 às 10:04:",
    "{} kirjoitti 22.11.2026 kello 10.04:",
]
HEADERS = [
    "From: {}\nSent: Sunday\nTo: X\nSubject: Y\n",
    "*Fra:* {}\n*Sendt:* søndag\n*Til:* X\n*Emne:* Y\n",
    "Frå: {}\nSendt: søndag\nTil: X\nEmne: Y\n",
    "Från: {}\nSkickat: söndag\nTill: X\nÄmne: Y\n",
    "*Von:* {}\n*Gesendet:* Sonntag\n*An:* X\n*Betreff:* Y\n",
    "De : {}\nEnvoyé : dimanche\nÀ : X\nObjet : Y\n",
    "De: {}\nEnviado el: domingo\nPara: X\nAsunto: Y\n",
    "Da: {}\nInviato: domenica\nA: X\nOggetto: Y\n",
    "Van: {}\nVerzonden: zondag\nAan: X\nOnderwerp: Y\n",
    "Od: {}\nWysłano: niedziela\nDo: X\nTemat: Y\n",
    "De: {}\nEnviada em: domingo\nPara: X\nAssunto: Y\n",
    "Lähettäjä: {}\nLähetetty: sunnuntai\nVastaanottaja: X\nAihe: Y\n",
]


@pytest.mark.parametrize("form", [*ATTRIBUTIONS, *HEADERS])
@pytest.mark.parametrize("mark", ["", "> "])
def test_only_the_senders_own_quotation_is_earlier(form, mark):
    own = f"Any news?\n\n{form.format(HER)}\n{mark}{FIRST}\n"
    ours = f"Thanks!\n\n{form.format(US)}\n{mark}{FIRST}\n"

    assert ("Any news?", FIRST) == (split(own).author, own_earlier(own, KARI))
    assert ("Thanks!", "") == (split(ours).author, own_earlier(ours, KARI))


@pytest.mark.parametrize("form", ATTRIBUTIONS)
def test_a_name_alone_will_do(form):
    text = f"Hi\n\n{form.format('Kari Nordmann')}\n> {FIRST}\n"

    assert FIRST == own_earlier(text, KARI)


@pytest.mark.parametrize(
    "name", ["Ola Nordmann", "Kari Nordmann Hansen", "Per Kari Nordmann"]
)
def test_a_longer_or_other_name_is_somebody_else(name):
    text = f"Hi\n\nOn 22 Nov 2026 at 10:04, {name} wrote:\n> {FIRST}\n"

    assert "" == own_earlier(text, KARI)


def test_the_first_mail_of_an_outlook_thread_is_found():
    text = (
        "Any news?\n\n"
        f"From: {US}\nSent: Monday\nTo: {HER}\nSubject: Re: Y\n\nDo you want access?\n\n"
        f"From: {HER}\nSent: Sunday\nTo: {US}\nSubject: Y\n\n{FIRST}\n\nRegards\nKari\n"
    )

    assert FIRST == own_earlier(text, KARI)
    assert "Any news?" == split(text).author


def test_the_first_mail_of_a_marked_thread_is_found():
    text = (
        f"Any news?\n\nOn 23 Nov 2026 at 10:04, {US} wrote:\n> Access?\n>\n"
        f"> On 22 Nov 2026 at 10:04, Kari Nordmann <kari@example.org>\n> wrote:\n>> {FIRST}\n> Bye\n"
    )

    assert FIRST == own_earlier(text, KARI)


def test_the_parser_fills_it_and_no_sender_has_none():
    text = f"Hi\n\nOn 22 Nov 2026 at 10:04, {HER} wrote:\n> {FIRST}\n"

    assert FIRST == parse(mail(body=text)).own_earlier
    assert "" == own_earlier(text, None)


def test_words_right_above_an_attribution_stay():
    text = f"Thanks\n{HER} wrote on 22.11.2026 10:04:\n> {FIRST}"

    assert "Thanks" == split(text).author


@pytest.mark.parametrize(
    "line",
    [
        "----- Forwarded Message -----",
        "-------- Weitergeleitete Nachricht --------",
        "-------- Messaggio Inoltrato --------",
        "-------- Mensaje reenviado --------",
        "-------- Doorgestuurd bericht --------",
        "-------- Treść przekazanej wiadomości --------",
        "-------- Mensagem encaminhada --------",
        "-------- Välitetty viesti --------",
        "Start på vidaresend melding:",
        "Start på videresendt besked:",
        "Vidarebefordrat brev:",
        "Début du message réexpédié :",
    ],
)
def test_words_below_a_marked_forward_are_the_authors(line):
    result = split(f"FYI\n\n{line}\n\n> From: {US}\n> Subject: Y\n>\n> {FIRST}\n\nOdd.")

    assert "FYI\n\nOdd." == result.author
    assert FIRST == result.forwarded[0].text


@pytest.mark.parametrize(
    "line",
    [">" * 600, "> On 3 May 2026 at 10:00, kari@example.org wrote:", "From: x\nTo:"],
)
def test_a_bomb_of_quotations_costs_no_time(line):
    started = time.process_time()
    own_earlier(f"{line}\n" * (200_000 // len(line)), KARI)

    assert time.process_time() - started < 10
