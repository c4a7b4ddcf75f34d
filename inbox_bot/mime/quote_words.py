"""The fixed phrases with which mail programs mark history, forwards and footers.

Data only, as compiled patterns for one line or paragraph: English, Norwegian, Danish,
Swedish, German, French, Spanish, Italian, Dutch, Portuguese, Polish, Finnish. What a
match means is for `quoting` to say. No pattern may backtrack: the text is hostile.
"""

import re
from typing import Final

# "On 3 May 2026 at 10:04, Kari <kari@example.org> wrote:", lines already joined.
WROTE: Final = re.compile(
    r"\b(?:wrote|skrev|skreiv|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|"
    r"pisze|napisał|kirjoitti)\b",
    re.IGNORECASE,
)
ATTRIBUTION_START: Final = re.compile(
    r"\s*(?:on|den|på|am|le|el|il|op|em|w dniu|dnia|\d|\[|<|\"|'|"
    r"mon|tue|wed|thu|fri|sat|sun|man|tir|tys|ons|tor|fre|lør|lau|laur|søn|sun|"
    r"mån|tis|lör|sön|mo|di|mi|do|fr|sa|so|lun|mar|mer|mié|jeu|jue|gio|ven|vie|sam|"
    r"sáb|sab|dim|dom|ma|wo|vr|za|zo|seg|ter|qua|qui|sex|pon|pt|wt|śr|czw|niedz|"
    r"ke|to|pe|la|su)\b",
    re.IGNORECASE,
)
# What only a program writes: an address, or a date with its time.
MACHINE_MADE: Final = re.compile(r"@|\d{1,2}[:.]\d{2}\b")

_RULE: Final = r"\s*[-_*=]{2,}\s*"
ORIGINAL: Final = re.compile(
    _RULE + r"(?:original (?:message|appointment)|opprinnelig melding|"
    r"opphavl?eg melding|oprindelig meddelelse|ursprungligt meddelande|"
    r"ursprüngliche nachricht|message d.origine|message original|mensaje original|"
    r"messaggio originale|oorspronkelijk bericht|mensagem original|"
    r"wiadomość oryginalna|oryginalna wiadomość|alkuperäinen viesti)\s*[-_*=]{2,}\s*",
    re.IGNORECASE,
)
_FORWARDED: Final = (
    r"forwarded (?:message|mail)(?: from [^\n]{1,80}?)?|videresendt (?:melding|e-post|meddelelse|besked|mail)|"
    r"vidaresend[t]? (?:melding|e-post)|vidarebefordrat (?:meddelande|mejl|brev|e-post)|"
    r"weitergeleitete nachricht|message transféré|mensaje reenviado|"
    r"messaggio inoltrato|doorgestuurd bericht|mensagem (?:encaminhada|reencaminhada)|"
    r"(?:wiadomość przekazana|przekazana wiadomość|treść przekazanej wiadomości)|"
    r"(?:välitetty|edelleenlähetetty) viesti"
)
FORWARDED: Final = re.compile(
    rf"{_RULE}(?:{_FORWARDED})\s*[-_*=]{{2,}}\s*"
    r"|\s*(?:begin forwarded message|(?:start på )?videresendt (?:melding|besked|meddelelse)|"
    r"vidarebefordrat brev|anfang der weitergeleiteten (?:nachricht|e-mail)|"
    r"début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|"
    r"inizio (?:del )?messaggio inoltrato|begin doorgestuurd bericht|"
    r"início da mensagem (?:encaminhada|reencaminhada)|"
    r"początek przekazywanej wiadomości|välitetty viesti alkaa)\s?:\s*",
    re.IGNORECASE,
)
FORWARD_SUBJECT: Final = re.compile(
    r"\s*(?:\[[^\]]{0,40}\]\s*)?(?:fwd?|vs|vb|wg|tr|rv|i|enc|doorst|pd|vl)\s?:",
    re.IGNORECASE,
)

_LABELS: Final = {
    "from": "from|fra|frå|från|von|de|da|van|od|lähettäjä",
    "date": "sent|date|sendt|dato|skickat|datum|gesendet|envoyé|enviado el|enviado|fecha|"
    "inviato|data|verzonden|enviada em|enviado em|enviada|wysłano|lähetetty|päiväys|päivämäärä",
    "to": "to|til|till|an|à|para|a|aan|do|vastaanottaja",
    "cc": "cc|kopi|kopia|kopie|reply-to|svar til",
    "subject": "subject|emne|ämne|betreff|objet|asunto|oggetto|onderwerp|assunto|temat|aihe",
}
# "*From:* Kari" is how programs write bold labels in plain text.
HEADER_LINE: Final = re.compile(
    r"\s{0,8}\*?(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items())
    + r")\s?\*?:\*?\s*(?P<value>.*)",
    re.IGNORECASE,
)

MOBILE: Final = re.compile(
    r"\s*(?:sent from (?:my|outlook|mail|yahoo|proton|samsung|the)\b.{0,80}"
    r"|sent (?:via|with) .{1,40}(?:iphone|ipad|android|mobile|proton).{0,40}"
    r"|get outlook for .{1,120}|(?:hent|hentet fra|skaff deg|få) outlook (?:for|til) .{1,120}"
    r"|sendt fra (?:min|mi|outlook|mail|yahoo|proton|samsung|mobilen).{0,80}"
    r"|sendt frå .{1,80}|skickat från (?:min|outlook|mail).{0,80}|hämta outlook .{1,120}"
    r"|(?:von meine[mr] .{1,40} gesendet|gesendet (?:von|mit) .{1,80}|outlook für .{1,60})"
    r"|envoyé (?:de|depuis|à partir) .{1,80}|enviado (?:desde|do|de|a partir) .{1,80}"
    r"|inviato da(?:l|ll)?\b.{1,80}|(?:verzonden|verstuurd) (?:vanaf|met|via) .{1,80}"
    r"|obtenir outlook .{1,120}|obtener outlook .{1,120}|ottieni outlook .{1,120}"
    r"|outlook (?:downloaden )?voor .{1,80}|obter o outlook .{1,120}|pobierz aplikację outlook .{1,120}"
    r"|wysłan[eo] z .{1,80}|lähetetty .{1,40}(?:sta|stä|ista|lta|ltä)\b.{0,40}|hanki outlook .{1,120})\s*",
    re.IGNORECASE,
)

# Banners that a border server puts on top.
BANNER: Final = re.compile(
    r"\s*\W{0,4}(?:caution|warning|external(?: e-?mail| sender)?|ekstern e-post|extern e-post)"
    r"\W{1,4}.{0,80}(?:outside|external|originated|utenfor|ekstern|utanför|extern)",
    re.IGNORECASE,
)
CONFIDENTIALITY: Final = re.compile(
    r"\s*\W{0,4}(?:confidentiality (?:notice|note|disclaimer)\b|disclaimer\s?:"
    r"|(?:the (?:information|content)s? (?:contained )?(?:in|of) )?"
    r"this (?:e-?mail|message|communication|transmission)\b.{0,120}"
    r"(?:confidential|privileged|intended (?:only|solely|for))"
    r"|if you (?:have received|are not the intended|received this).{0,80}(?:error|recipient|mistake)"
    r"|please consider the environment|think before you print"
    r"|(?:tenk på miljøet|tænk på miljøet|tänk på miljön)"
    r"|denne (?:e-?posten?|e-?mail|meldingen?|mail).{0,120}(?:konfidensiell|fortrolig|taushetsbelagt)"
    r"|(?:dersom|hvis) du (?:har mottatt|har modtaget|ikke er rett).{0,80}(?:feil|fejl|mottaker|modtager)"
    r"|dette (?:e-?postmeldingen|meddelandet|e-?postmeddelandet|e-?brevet).{0,120}konfidentiell"
    r"|detta (?:e-?post|e-?mail|mail|meddelande).{0,120}konfidentiell"
    r"|diese (?:e-?mail|nachricht).{0,120}(?:vertraulich|bestimmungsgemäß)"
    r"|ce (?:message|courriel|mail|courrier).{0,120}confidentiel"
    r"|este (?:mensaje|correo|e-?mail).{0,120}confidencial"
    r"|esta mensagem.{0,120}confidencia"
    r"|(?:questo|il presente) (?:messaggio|e-?mail).{0,120}(?:riservat|confidenzial)"
    r"|(?:dit bericht|deze e-?mail).{0,120}vertrouwelijk"
    r"|(?:ta wiadomość|niniejsza wiadomość).{0,120}(?:poufn)"
    r"|tämä (?:viesti|sähköposti).{0,120}luottamuksell)",
    re.IGNORECASE,
)
# Never a plain "unsubscribe" or "meld meg av": that may be all that a person asks for.
MARKETING: Final = re.compile(
    r"\s*\W{0,4}(?:you(?:'re| are)? (?:are )?(?:receiv(?:ing|ed)|getting|got) this (?:e-?mail|message|newsletter).{0,40}because"
    r"|(?:to )?unsubscribe\s?[|•·].{0,120}|.{1,60}[|•·]\s?unsubscribe\s*$"
    r"|(?:to (?:unsubscribe|opt out|stop receiving)|if you (?:no longer (?:wish|want)|don.t want|do not (?:wish|want))).{0,120}"
    r"(?:click|follow (?:this|the) link|visit|unsubscribe here)"
    r"|click here to unsubscribe|view (?:this e-?mail )?in (?:your )?browser|manage (?:your )?(?:e-?mail )?preferences"
    r"|du (?:mottar|får|modtager) denne (?:e-?posten?|e-?mailen?|meldingen|mailen?|nyhetsbrevet).{0,40}fordi"
    r"|du får det här (?:mejlet|e-?postmeddelandet|brevet).{0,40}(?:eftersom|för att)"
    r"|klikk her for å (?:melde deg av|avslutte)|klik her for at (?:afmelde|framelde)|klicka här för att avregistrera"
    r"|sie erhalten diese (?:e-?mail|nachricht).{0,40}weil|klicken sie hier,? um sich (?:vom newsletter )?abzumelden"
    r"|vous recevez ce(?:t)? (?:message|e-?mail|courriel).{0,40}(?:car|parce)"
    r"|recibe[s]? este (?:correo|mensaje|e-?mail).{0,40}porque"
    r"|u ontvangt deze (?:e-?mail|nieuwsbrief).{0,40}omdat)",
    re.IGNORECASE,
)
