"""Closings, phones' signatures and footers in thirteen languages; prose beside them."""

import time

import pytest

from inbox_bot.mime.quoting import split

OWN = "Please send me a copy of my data."
BLOCK = (
    "Kari Nordmann\nHead of Sales\nSlett Ingenting AS\n+47 22 00 00 00 | www.example.org\n"
    "Delete nothing, archive everything!"
)


@pytest.mark.parametrize(
    "closing",
    [
        "Best regards,",
        "Kind regards",
        "Yours sincerely,",
        "Cheers,",
        "Med vennlig hilsen",
        "Mvh",
        "Med vennleg helsing",
        "Beste helsing",
        "Med vänliga hälsningar",
        "Vänligen",
        "Med venlig hilsen",
        "De bedste hilsner",
        "Mit freundlichen Grüßen",
        "Viele Grüße aus Berlin",
        "MfG",
        "Cordialement,",
        "Bien à vous,",
        "Veuillez agréer, Madame, Monsieur, mes salutations distinguées.",
        "Saludos",
        "Un cordial saludo,",
        "Atentamente,",
        "Met vriendelijke groet,",
        "Cordiali saluti",
        "Distinti saluti,",
        "Pozdrawiam",
        "Z poważaniem,",
        "Com os melhores cumprimentos,",
        "Atenciosamente,",
        "Ystävällisin terveisin",
        "Terveisin",
    ],
)
def test_a_closing_and_the_block_below_it_are_a_signature(closing):
    result = split(f"{OWN}\n\n{closing}\n{BLOCK}\n")

    assert OWN == result.author
    assert "Delete nothing" in result.signature


@pytest.mark.parametrize(
    "line", ["Mvh Kari", "Best regards, Kari Nordmann", "Hilsen fra Kari", "LG Kari"]
)
def test_a_closing_may_hold_the_name(line):
    assert OWN == split(f"{OWN}\n{line}").author


@pytest.mark.parametrize(
    "more",
    [
        "PS: please also delete my chat",
        "P.S. Slett chatten",
        "PD: borren el chat",
        "Could the chat with support be deleted too?",
        "The chat from last week should be deleted as well.",
        "Und bitte auch den Chat.",
        "Delete everything",
    ],
)
def test_prose_below_a_closing_stays(more):
    assert f"{OWN}\n\n{more}" == split(f"{OWN}\n\nRegards\nKari\n\n{more}").author


def test_thanks_stay_while_the_block_below_goes():
    assert f"{OWN}\nThanks!" == split(f"{OWN}\nThanks!\n{BLOCK}").author


def test_a_name_like_a_word_for_mine_is_a_name():
    assert OWN == split(f"{OWN}\nMvh\n{BLOCK.replace('Kari', 'Mina')}").author


def test_addresses_below_thanks_stay():
    words = "Please erase these:\nThanks\nOla Hansen, ola@example.org"

    assert words == split(words).author


@pytest.mark.parametrize(
    "words", ["Saludos,\n\nborrado de datos", "Thanks!", "Best case: delete it\nKari"]
)
def test_what_only_looks_like_a_closing_stays(words):
    assert words == split(words).author


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my Galaxy",
        "Sent from my iPhone, please excuse brevity.",
        "Sent from Yahoo Mail for iPhone",
        "Sendt frå min iPhone",
        "Sendt fra min mobil",
        "Von meinem Samsung Galaxy Smartphone gesendet.",
        "Gesendet von Outlook für Android",
        "Envoyé à partir de Outlook pour Android",
        "Enviado do meu iPhone",
        "Inviato dal mio iPad",
        "Verstuurd vanaf mijn iPhone",
        "Wysłano z telefonu Samsung",
        "Lähetetty Outlook for Androidista",
        "Hämta Outlook för Android",
        "Hent Outlook til Android",
        "Outlook für Android herunterladen",
        "Obtenir Outlook pour Android",
        "Obtener Outlook para Android",
        "Ottieni Outlook per Android",
        "Outlook voor Android downloaden",
        "Pobierz aplikację Outlook dla systemu Android",
        "Obter o Outlook para Android",
        "Hanki Outlook for Android",
    ],
)
def test_a_phones_line_goes(line):
    assert OWN == split(f"{OWN}\n\n{line}").author


@pytest.mark.parametrize(
    "words",
    [
        "Sent from my phone and please delete my account",
        "Von meinem iPhone wurden Daten erfasst, löschen Sie sie",
        "Get my data out of Outlook for Android",
        "If you have received my CV by mistake, delete it.",
        "To stop receiving these mails I have to click on ten links. Stop it.",
    ],
)
def test_a_request_that_sounds_like_a_programs_line_stays(words):
    assert words == split(words).author


@pytest.mark.parametrize(
    "footer",
    [
        "If you received this in error, delete this message.",
        "Dersom du har mottatt denne e-posten ved en feil, slett den.",
        "Dersom du ikkje er rett mottakar, slett meldinga.",
        "Om du har fått detta mejl av misstag, radera det.",
        "Hvis du har modtaget denne mail ved en fejl, slet den.",
        "Wenn Sie nicht der richtige Adressat sind, löschen Sie diese E-Mail.",
        "Si vous avez reçu ce message par erreur, supprimez-le.",
        "Si ha recibido este mensaje por error, bórrelo.",
        "Se avete ricevuto questo messaggio per errore, cancellatelo.",
        "Indien u dit bericht per ongeluk ontvangt, verwijder het dan.",
        "Jeśli otrzymali Państwo tę wiadomość omyłkowo, prosimy ją usunąć.",
        "Se recebeu esta mensagem por engano, elimine-a.",
        "Jos olet saanut tämän viestin vahingossa, poista se.",
        "Tenk på miljøet før du skriver ut.",
        "Tänk på miljön innan du skriver ut.",
        "Pensez à l'environnement avant d'imprimer.",
        "Denk aan het milieu voordat u print.",
        "To unsubscribe click here",
        "Klikk her for å melde deg av",
        "Klicka här för att avregistrera dig",
        "Klik her for at afmelde nyhedsbrevet",
        "Klicken Sie hier, um sich abzumelden",
        "Cliquez ici pour vous désabonner",
        "Para darse de baja haga clic aquí",
        "Per cancellarti clicca qui",
        "Klik hier om u af te melden",
        "Aby zrezygnować, kliknij tutaj",
        "Para cancelar a subscrição clique aqui",
        "Saat tämän viestin, koska olet tilaaja.",
    ],
)
def test_a_footer_goes_in_every_language(footer):
    result = split(f"{OWN}\n\n{footer}")

    assert (OWN, footer) == (result.author, result.footer)


@pytest.mark.parametrize(
    "line", ["Regards", "Regards\nKari +47", "Thanks\nK", "I\nBest", "Best " * 30]
)
def test_a_bomb_of_closings_costs_no_time(line):
    started = time.process_time()
    split("Hi\n" + f"{line}\n" * (200_000 // len(line)))

    assert time.process_time() - started < 10
