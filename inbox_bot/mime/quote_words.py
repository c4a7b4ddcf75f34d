"""The fixed phrases with which mail programs mark history, forwards and footers.

Data only, as compiled patterns for one line or paragraph: English, Norwegian, Danish,
Swedish, German, French, Spanish, Italian, Dutch, Portuguese, Polish, Finnish. What a
match means is for `quoting` and `endings` to say. No pattern
may backtrack: the text is hostile.
"""

import re
from typing import Final

# "On 3 May 2026 at 10:04, Kari <kari@example.org> wrote:", lines already joined.
WROTE: Final = re.compile(
    r"\b(?:wrote|skrev|skreiv|schrieb|geschrieben|a écrit|escribió|ha escrito|"
    r"ha scritto|schreef|geschreven|escreveu|pisze|napisał|napisała|napisana przez|"
    r"kirjoitti)\b",
    re.IGNORECASE,
)
ATTRIBUTION_START: Final = re.compile(
    r"\s*(?:-{2,}\s*)?"
    r"(?:on|den|på|am|le|el|il|op|em|no dia|às|w dniu|dnia|\d|\[|<|\"|'|"
    r"mon|tue|wed|thu|fri|sat|sun|man|tir|tys|ons|tor|fre|lør|lau|laur|søn|"
    r"mån|tis|lör|sön|mo|di|mi|do|fr|sa|so|lun|mar|mer|mié|jeu|jue|gio|ven|vie|sam|"
    r"sáb|sab|dim|dom|ma|wo|vr|za|zo|seg|ter|qua|qui|sex|pon|pt|wt|śr|czw|niedz|"
    r"niedziela|poniedziałek|wtorek|środa|czwartek|piątek|sobota|"
    r"ke|to|pe|la|su|(?:maanan|tiis|torst|perjan|lauan|sunnun)tai|keskiviikko)\b",
    re.IGNORECASE,
)
# What only a program writes: an address, or a date with its time.
MACHINE_MADE: Final = re.compile(r"@|\d{1,2}[:.]\d{2}\b")
# A whole date: "22.11.2026", "2026-11-22", "22. nov. 2026", "Nov 22, 2026".
DATE: Final = re.compile(
    r"\b\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b"
    r"|\b\d{1,2}\.? (?:de )?[^\W\d_]{2,14}\.?,? (?:de )?\d{4}\b"
    r"|\b[^\W\d_]{3,9}\.? \d{1,2},? \d{4}\b"
)

# Hyphens of every kind: some programs use the typographical ones.
_LINE: Final = r"[-_*=\u2010-\u2015]{2,}\s*"
_RULE: Final = rf"\s*{_LINE}"
ORIGINAL: Final = re.compile(
    _RULE + r"(?:(?:the )?original (?:message|appointment|e-?mail|mail)|"
    r"opprinnelig (?:melding|avtale|e-post)|opphavl?eg melding|"
    r"oprindelig (?:meddelelse|besked|mail|aftale)|"
    r"ursprungligt? (?:meddelande|mejl|avtalad tid)|"
    r"urspr(?:ü|ue)ngliche[r]? (?:nachricht|e-?mail|mail|termin)|"
    r"original-?(?:nachricht|e-?mail)|message d.origine|(?:message|courriel) original|"
    r"message initial|(?:mensaje|correo) original|messaggio originale|"
    r"oorspronkelijk(?:e)? (?:bericht|e-?mail|afspraak)|origineel bericht|"
    r"mensagem original|wiadomość oryginalna|oryginalna wiadomość|"
    r"(?:pierwotna|treść oryginalnej) wiadomo(?:ść|ści)|"
    r"alkuperäinen (?:viesti|sähköposti|tapaaminen))"
    rf"\s*{_LINE}",
    re.IGNORECASE,
)
_FORWARDED: Final = (
    r"forwarded (?:message|mail)(?: from [^\n]{1,80}?)?|"
    r"videresendt (?:melding|e-post|meddelelse|besked|mail)|"
    r"vidaresend[t]? (?:melding|e-post)|"
    r"vidarebefordrat (?:meddelande|mejl|brev|e-post)|"
    r"weitergeleitete (?:nachricht|e-?mail|mail)|"
    r"(?:message|mail|courriel) (?:transféré|réexpédié|transmis)|"
    r"(?:mensaje|correo) reenviado|messaggio inoltrato|doorgestuurd(?:e)? (?:bericht|e-?mail)|"
    r"mensagem (?:encaminhada|reencaminhada)|"
    r"(?:wiadomość przekazana|przekazana wiadomość|przesłana wiadomość|"
    r"treść przekazanej wiadomości)|"
    r"(?:välitetty|edelleen ?lähetetty) viesti"
)
FORWARDED: Final = re.compile(
    rf"{_RULE}(?:{_FORWARDED})\s*{_LINE}"
    r"|\s*(?:begin forwarded message|"
    r"(?:start på |begynnelse på )?(?:videresendt|vidaresend[t]?) (?:melding|besked|meddelelse|e-post)|"
    r"(?:början på )?vidarebefordrat (?:brev|mejl|meddelande)|"
    r"anfang der weitergeleiteten (?:nachricht|e-?mail)|"
    r"début du (?:message|courriel) (?:réexpédié|transféré)|inicio del mensaje reenviado|"
    r"inizio (?:del )?messaggio inoltrato|begin (?:van )?doorgestuurd bericht|"
    r"início da mensagem (?:encaminhada|reencaminhada)|"
    r"początek przekazywanej wiadomości|(?:välitetty|edelleenlähetetty) viesti alkaa)\s?:\s*",
    re.IGNORECASE,
)
FORWARD_SUBJECT: Final = re.compile(
    r"\s*(?:\[[^\]]{0,40}\]\s*)?(?:fwd?|vs|vb|wg|tr|rv|i|enc|doorst|pd|vl|"
    r"videresendt|vidaresend|vidarebefordrat)\s?:",
    re.IGNORECASE,
)

_LABELS: Final = {
    "from": "from|fra|frå|från|von|de|da|van|od|lähettäjä|expéditeur|mittente",
    "date": "sent(?: on| at)?|date|sendt|dato|skickat|skickades|datum|gesendet(?: am)?|"
    "envoyé(?: le)?|enviado el|enviado(?: em)?|fecha|inviato(?: il)?|data|"
    "verzonden(?: op)?|enviada(?: em)?|wysłano|wysłane|lähetetty|päiväys|päivämäärä|pvm",
    "to": "to|til|till|an|à|para|a|aan|do|vastaanottaja|kenelle|destinatario|destinataire",
    "cc": "cc|bcc|kopi|kopia|kopie|kopio|copie|dw|reply-to|svar til|svara till|"
    "antwort an|répondre à|responder a|rispondi a|antwoord aan|odpowiedz do|vastaa",
    "subject": "subject|emne|ämne|betreff|objet|asunto|oggetto|onderwerp|assunto|temat|aihe",
}
# "*From:* Kari" is how programs write bold labels in plain text.
HEADER_LINE: Final = re.compile(
    r"\s{0,8}\*{0,2}(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items())
    + r")\s?\*{0,2}:\*{0,2}\s*(?P<value>.*)",
    re.IGNORECASE,
)

DEVICE: Final = re.compile(
    r"i-?phon|i-?pad|i-?pod|android|smart ?phone|smarttelefon|phone|telefo|téléphon|telefoon|telefon|"
    r"mobil|mobiel|móvil|movil|handy|komórk|puhelim|galaxy|samsung|huawei|xiaomi|redmi|oneplus|pixel|"
    r"nokia|sony|blackberry|tablet|outlook|\bmail\b|yahoo|gmail|gmx|proton|ios\b|app\b|laitteesta",
    re.IGNORECASE,
)
SENT_FROM: Final = re.compile(
    r"\W{0,3}(?:(?:sent|posted) (?:from|via|with|using|by)\b|(?:sendt|sent) (?:fra|frå|via|med)\b|"
    r"skicka(?:t|des) (?:från|via|med)\b|gesendet (?:von|mit|über|aus)\b|"
    r"(?:diese (?:nachricht|e-?mail) wurde )?(?:von|mit) mein[^.,]{1,60} gesendet|envoyée? (?:de|depuis|à partir|via|avec)\b|"
    r"envoyée? d.|enviad[oa] (?:desde|do|da|de|a partir|via|por|con|com|pelo)\b|"
    r"inviat[oa] (?:da|dal|dall|dalla|con|tramite)\b|"
    r"(?:verzonden|verstuurd|gestuurd) (?:vanaf|vanuit|van|met|via)\b|"
    r"wysłan[eoay] (?:z|ze|za|przy|przez)\b|lähetetty\b)",
    re.IGNORECASE,
)
SENT_LINE: Final = re.compile(
    r"(?P<device>[^.,;!?]{1,100})[.!]?(?:[.,;–-]*\s*(?:so |please )*(?:excuse|pardon|sorry|apolog|forgive)[^\n]{0,80})?",
    re.IGNORECASE,
)
GET_OUTLOOK: Final = re.compile(
    r"\s*(?:get|hent(?:et fra)?|få|skaff(?: deg|a)?|hämta|holen sie(?: sich)?|laden sie|obtenir|"
    r"téléchargez?r?|obtener|obtenga|descarg(?:a|ue|ar)|ottieni|scarica|download|obter|obtenha|baix(?:ar|e)|"
    r"pobierz|hanki|lataa)\b.{0,24}\boutlook (?:mobile )?(?:for|för|til|für|pour|para|per|voor|dla|na|"
    r"androidi|iosi).{0,120}"
    r"|\s*outlook (?:for|för|til|für|voor|para|per|pour|dla) (?:ios|android|windows|mac)\b.{0,60}",
    re.IGNORECASE,
)

# Banners that a border server puts on top.
BANNER: Final = re.compile(
    r"\s*\W{0,4}(?:caution|warning|external(?: e-?mail| sender)?|ekstern e-post|extern e-post|"
    r"advarsel|obs|varning|vorsicht|achtung|warnung|attention|precaución|atención|attenzione|"
    r"let op|waarschuwing|uwaga|cuidado|atenção|huom(?:io)?)"
    r"\W{1,4}.{0,80}(?:outside|external|originated|utenfor|ekstern|utanför|extern|außerhalb|"
    r"extérieur|externe|fuera|esterno|esterna|buiten|zewnętrzn|spoza|fora d|ulkopuol|ulkoi)",
    re.IGNORECASE,
)
CONFIDENTIALITY: Final = re.compile(
    r"\s*\W{0,4}(?:confidentiality (?:notice|note|disclaimer)\b|disclaimer\s?:"
    r"|(?:the (?:information|content)s? (?:contained )?(?:in|of) )?"
    r"this (?:e-?mail|message|communication|transmission)\b.{0,120}"
    r"(?:confidential|privileged|intended (?:only|solely|for))"
    r"|if you (?:have |are |were )?(?:\w+ly )?(?:received?|got|get) (?:this|it)\b.{0,80}"
    r"(?:error|mistake|accident)"
    r"|if you (?:are|were) not (?:the |an |its )?(?:intended|named|addressed|proper).{0,80}"
    r"(?:recipient|addressee)"
    r"|please (?:consider|think of|mind) the (?:environment|planet)|think before you print"
    r"|(?:please )?(?:save a tree|don.t print this e-?mail)"
    r"|(?:vennligst |venligst |snälla )?(?:ta hensyn til|tenk på|tænk på|tänk på) (?:miljø|miljö)"
    r"|må denne e-posten skrives ut|(?:bitte )?(?:denken sie|prüfen sie).{0,60}(?:umwelt|ausdruck)"
    r"|(?:pensez|merci de penser|avant d.imprimer).{0,60}(?:environnement|planète|imprimer)"
    r"|(?:piense|antes de imprimir|por favor,? piense).{0,80}(?:medio ?ambiente|necesario)"
    r"|(?:pensa|prima di stampare|rispetta).{0,60}(?:ambiente|stampare)"
    r"|(?:denk aan het milieu|bedenk).{0,60}(?:milieu|afdruk|print)"
    r"|(?:pomyśl|zanim wydrukujesz|chroń).{0,60}(?:środowisk|wydruk)"
    r"|(?:pense|antes de imprimir).{0,60}(?:ambiente|imprimir)"
    r"|(?:ajattele|mieti).{0,40}(?:ympäristö|tulost)"
    r"|(?:denne|dette|detta) (?:e-?post\w*|e-?brev\w*|e-?mail\w*|melding\w*|meddeland\w*|"
    r"meddelels\w*|mail\w*|mejl\w*|besked\w*)\b.{0,120}"
    r"(?:ko[nm]fidensiel|konfidentiel|fortro(?:li|le)|taushetsbelagt|bare for|endast (?:för|avse))"
    r"|(?:dersom|hvis|om|skulle) (?:du|de|ni|dykk) (?:har |ha |ikke er |ikkje er |inte är |av misstag |"
    r"ved en fejl |ved en feil )?(?:mottatt|motteke|modtaget|mottagit|fått|få|rett|den rette|rette|"
    r"avsedd|mottar) ?(?:denne|dette|detta|den|det|dette|mottaker|modtager|mottagar)?.{0,80}"
    r"(?:feil|fejl|misstag|mottaker|mottakar|modtager|mottagare)"
    r"|diese (?:e-?mail|nachricht|mail).{0,120}(?:vertraulich|bestimmungsgemäß|ausschließlich für)"
    r"|(?:wenn|sollten|falls) sie (?:nicht der|diese).{0,100}(?:adressat|empfänger|irrtümlich|versehentlich)"
    r"|(?:ce|cet) (?:message|courriel|e-?mail|mail|courrier).{0,120}confidentiel"
    r"|si vous (?:avez reçu|recevez|n.êtes pas).{0,80}(?:erreur|destinataire)"
    r"|este (?:mensaje|correo|e-?mail|mensagem).{0,120}confidencia"
    r"|si (?:ha|usted ha|no es|usted no es) .{0,20}(?:este|recibido este|destinatario).{0,80}(?:error|destinatario|equivocación)"
    r"|esta (?:mensagem|comunicação).{0,120}confidencia"
    r"|(?:se|caso) (?:recebeu|tenha recebido|não (?:é|for)) (?:esta|este|o).{0,80}(?:erro|engano|lapso|destinatário)"
    r"|(?:questo|il presente|la presente|questa) (?:messaggio|e-?mail|comunicazione).{0,120}(?:riservat|confidenzial)"
    r"|(?:se|qualora) (?:ha|avete|abbiate|aveste|lei non|non siete|non è) .{0,60}(?:messaggio|e-?mail|destinatari).{0,60}(?:errore|destinatari)"
    r"|(?:dit bericht|deze e-?mail|dit e-?mailbericht).{0,120}(?:vertrouwelijk|uitsluitend bestemd)"
    r"|(?:indien|als|mocht) (?:u|je) (?:dit bericht|deze e-?mail|niet de).{0,80}(?:onterecht|abusievelijk|per ongeluk|vergissing|geadresseerde|ontvanger|onrechte)"
    r"|(?:ta|niniejsza) (?:wiadomość|korespondencja).{0,120}(?:poufn)"
    r"|(?:jeśli|jeżeli) (?:otrzyma[lł]\w*|nie jest|nie są).{0,20}(?:tę|tą|wiadomość|niniejsz|adresat|państwo).{0,80}(?:omył|pomył|błęd|adresat)"
    r"|tämä (?:viesti|sähköposti\w*).{0,120}luottamuksell"
    r"|(?:jos|mikäli) (?:olet|et ole|sait) .{0,20}(?:viesti|sähköposti|tämän|tarkoitettu).{0,80}(?:vahing|ereh|vastaanottaja))",
    re.IGNORECASE,
)
# Never a plain "unsubscribe" or "meld meg av": that may be all that a person asks for.
MARKETING: Final = re.compile(
    r"\s*\W{0,4}(?:you(?:'re| are|’re)? (?:are )?(?:receiv(?:e|ing|ed)|getting|got) this (?:e-?mail|message|newsletter).{0,40}(?:because|as)"
    r"|(?:to )?unsubscribe\s?[|•·].{0,120}|.{1,60}[|•·]\s?unsubscribe\s*$"
    r"|(?:to (?:unsubscribe|opt out|stop receiving)|if you (?:no longer (?:wish|want)|don.t want|do not (?:wish|want))).{0,120}"
    r"(?:click|follow (?:this|the) link|visit|unsubscribe here)"
    r"|click here to (?:unsubscribe|opt out)|view (?:this e-?mail )?in (?:your )?browser|manage (?:your )?(?:e-?mail )?preferences"
    r"|du (?:mottar|mottek|får|modtager) denne (?:e-?posten?|e-?mailen?|mail|meldingen|mailen?|nyhetsbrevet).{0,40}fordi"
    r"|du får (?:det här|detta) (?:mejlet|e-?postmeddelandet|brevet|mejl|utskick).{0,40}(?:eftersom|för att)"
    r"|(?:klikk|klik|klicka|trykk) (?:her|här) (?:for å|for at|för att) (?:melde|avslutte|avmelde|afmelde|framelde|avregistrera|avsluta|avprenumerera)"
    r"|for å (?:melde deg av|avslutte).{0,60}klikk|for at (?:afmelde|framelde).{0,60}klik|för att (?:avregistrera|avsluta|avprenumerera).{0,60}klicka"
    r"|sie erhalten diese (?:e-?mail|nachricht|mail).{0,40}(?:weil|da )|klicken sie hier,? um (?:sich|den)|(?:um sich|zum) .{0,20}abmelde.{0,60}klick"
    r"|vous recevez ce(?:t|tte)? (?:message|e-?mail|courriel).{0,40}(?:car|parce)|(?:cliquez ici pour|pour) vous (?:désabonner|désinscrire)(?:\W*$|.{0,40}cliquez|[^\n]{0,3}$)"
    r"|(?:usted )?(?:ha )?recib(?:e|es|ido) este (?:correo|mensaje|e-?mail).{0,40}porque|para (?:darse|cancelar|dejar).{0,60}(?:haga|haz|pulse|pincha) (?:clic|aquí)"
    r"|(?:ricevi|riceve|ha ricevuto|hai ricevuto) questa e-?mail.{0,40}(?:perché|in quanto)|per (?:cancellarti|cancellarsi|annullare|disiscriver\w+).{0,60}clicc"
    r"|(?:u|je) ontvangt (?:deze|dit) (?:e-?mail|nieuwsbrief|bericht).{0,40}omdat|(?:klik hier om|om) (?:u |je |uzelf )?(?:af te melden|uit te schrijven)(?:\W*$|.{0,40}klik)"
    r"|otrzymuje(?:sz|cie|ją państwo) (?:tę|tego) (?:wiadomość|maila|e-?mail).{0,40}(?:ponieważ|gdyż|bo)|(?:aby|żeby) (?:zrezygnować|wypisać się).{0,60}klikn"
    r"|(?:está a receber|recebe|você recebeu|você está recebendo) est[ea] (?:e-?mail|mensagem).{0,40}(?:porque|pois)|para (?:cancelar|anular|deixar).{0,60}cli(?:que|car)"
    r"|saat tämän (?:viestin|sähköpostin|uutiskirjeen).{0,40}koska|(?:peruuta|peru|peruuttaaksesi).{0,40}(?:klikkaa|napsauta|tästä))",
    re.IGNORECASE,
)
