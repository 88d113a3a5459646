/* The sentences of the pages about users, sharing and reports, as messages.h has those of the others. */
#ifndef SPORLOS_AGGREGATOR_ACCOUNT_WORDS_H
#define SPORLOS_AGGREGATOR_ACCOUNT_WORDS_H

/* clang-format off */

/*  key, bokmål, nynorsk, English */
#define ACCOUNT_MESSAGES(X) \
    X(FORBIDDEN, "Du har ikke tilgang til dette", "Du har ikkje tilgang til dette", "You do not have access to this") \
    X(FORBIDDEN_LEDE, "Rollen din gir ikke rett til det. Be administratoren om hjelp.", "Rolla di gir ikkje rett til det. Be administratoren om hjelp.", "Your role does not allow it. Ask the administrator for help.") \
    X(FORM_FOREIGN, "Skjemaet kom ikke fra denne siden, så ingenting ble endret. Gå tilbake og prøv igjen.", "Skjemaet kom ikkje frå denne sida, så ingenting blei endra. Gå tilbake og prøv igjen.", "The form did not come from this page, so nothing was changed. Go back and try again.") \
    X(LINK_GONE, "Lenken gjelder ikke lenger", "Lenkja gjeld ikkje lenger", "The link is no longer valid") \
    X(LINK_GONE_LEDE, "Den er utløpt eller avsluttet, eller adressen er ikke hel. Be den du fikk lenken av, om en ny.", "Ho er utgått eller avslutta, eller adressa er ikkje heil. Be den du fekk lenkja av, om ei ny.", "It has expired or was ended, or the address is not whole. Ask whoever gave you the link for a new one.") \
    X(LOGIN_BUSY, "Mange logger inn akkurat nå. Prøv igjen om noen sekunder.", "Mange loggar inn akkurat no. Prøv igjen om nokre sekund.", "Many people are logging in right now. Try again in a few seconds.") \
    X(USERS, "Brukere", "Brukarar", "Users") \
    X(USERS_LEDE, "Hvem som kan logge inn, og hva de kan gjøre.", "Kven som kan logge inn, og kva dei kan gjere.", "Who can log in, and what they can do.") \
    X(USER, "Bruker", "Brukar", "User") \
    X(ROLE, "Rolle", "Rolle", "Role") \
    X(ROLE_READER, "Leser", "Lesar", "Reader") \
    X(ROLE_EDITOR, "Redaktør", "Redaktør", "Editor") \
    X(ROLE_ADMINISTRATOR, "Administrator", "Administrator", "Administrator") \
    X(ROLE_READER_MEANS, "ser tallene for sine nettsteder.", "ser tala for sine nettstader.", "sees the numbers of their sites.") \
    X(ROLE_EDITOR_MEANS, "kan i tillegg lage merknader, offentlige lenker og rapporter for sine nettsteder.", "kan i tillegg lage merknader, offentlege lenkjer og rapportar for sine nettstader.", "can also make annotations, public links and reports for their sites.") \
    X(ROLE_ADMINISTRATOR_MEANS, "kan alt på alle nettsteder, og styrer brukerne.", "kan alt på alle nettstader, og styrer brukarane.", "can do everything on all sites, and manages the users.") \
    X(ALL_SITES, "Alle nettsteder", "Alle nettstader", "All sites") \
    X(USER_SITES, "Nettsteder", "Nettstader", "Sites") \
    X(USER_SITES_HELP, "Med komma mellom. Tomt felt gir alle.", "Med komma mellom. Tomt felt gir alle.", "With commas between. Empty means all.") \
    X(USER_ADD, "Ny bruker", "Ny brukar", "New user") \
    X(USER_NAME_HELP, "Små bokstaver a–z, tall og . _ - @", "Små bokstavar a–z, tal og . _ - @", "Lower-case letters a–z, digits and . _ - @") \
    X(PASSWORD_HELP, "Minst 12 tegn. Lange setninger er bedre enn rare tegn.", "Minst 12 teikn. Lange setningar er betre enn rare teikn.", "At least 12 characters. Long phrases beat odd characters.") \
    X(NEW_PASSWORD, "Nytt passord", "Nytt passord", "New password") \
    X(ADD, "Legg til", "Legg til", "Add") \
    X(CHANGE_VERB, "Endre", "Endre", "Change") \
    X(SAVE, "Lagre", "Lagre", "Save") \
    X(REMOVE, "Fjern", "Fjern", "Remove") \
    X(REMOVE_SURE, "Ja, fjern {}", "Ja, fjern {}", "Yes, remove {}") \
    X(USER_IS_YOU, "deg", "deg", "you") \
    X(USER_TAKEN, "Det finnes en bruker med det navnet fra før.", "Det finst ein brukar med det namnet frå før.", "There is a user of that name already.") \
    X(USER_BAD, "Navnet kan ikke brukes, eller passordet er kortere enn 12 tegn. Ingenting ble endret.", "Namnet kan ikkje brukast, eller passordet er kortare enn 12 teikn. Ingenting blei endra.", "The name cannot be used, or the password is shorter than 12 characters. Nothing was changed.") \
    X(USER_BAD_SITE, "Ett av nettstedene finnes ikke. Skriv navnene slik de står i listen under. Ingenting ble endret.", "Ein av nettstadene finst ikkje. Skriv namna slik dei står i lista under. Ingenting blei endra.", "One of the sites does not exist. Write the names as in the list below. Nothing was changed.") \
    X(USER_GONE, "Det finnes ingen bruker med det navnet lenger.", "Det finst ingen brukar med det namnet lenger.", "There is no user of that name any more.") \
    X(USER_SELF, "Du kan ikke fjerne deg selv eller ta fra deg selv rollen som administrator.", "Du kan ikkje fjerne deg sjølv eller ta frå deg sjølv rolla som administrator.", "You cannot remove yourself, nor take the administrator role from yourself.") \
    X(DONE, "Lagret.", "Lagra.", "Saved.") \
    X(ACCESS_LOG, "Adgangslogg", "Tilgangslogg", "Access log") \
    X(ACCESS_LOG_LEDE, "Hvem som slapp inn hvor, første gang hver dag. Adresser lagres ikke, og radene slettes etter {} dager.", "Kven som slapp inn kvar, første gong kvar dag. Adresser blir ikkje lagra, og radene blir sletta etter {} dagar.", "Who was let in where, the first time on each day. Addresses are not stored, and rows are deleted after {} days.") \
    X(ACCESS_LOG_EMPTY, "Ingen har logget inn ennå.", "Ingen har logga inn enno.", "Nobody has logged in yet.") \
    X(WHEN, "Når", "Når", "When") \
    X(WHAT, "Hva", "Kva", "What") \
    X(ENTRY_LOGIN, "Logget inn", "Logga inn", "Logged in") \
    X(ENTRY_PROXY, "Kom inn gjennom virksomhetens innlogging", "Kom inn gjennom innlogginga til verksemda", "Came in through the organisation’s log-in") \
    X(ENTRY_SITE, "Så tallene for {}", "Såg tala for {}", "Saw the numbers of {}") \
    X(ENTRY_ADMINISTRATION, "Åpnet brukere eller adgangslogg", "Opna brukarar eller tilgangslogg", "Opened users or access log") \
    X(ENTRY_REFUSED, "Avvist: feil passord", "Avvist: feil passord", "Refused: wrong password") \
    X(ENTRY_CHANGE, "Endret: {}", "Endra: {}", "Changed: {}") \
    X(EARLIER, "Eldre", "Eldre", "Earlier") \
    X(LATER, "Nyere", "Nyare", "Later") \
    X(SHARING, "Deling", "Deling", "Sharing") \
    X(SHARING_LEDE, "Vis tallene til andre. De ser det samme som du, aldri mer, og kan ikke endre noe.", "Vis tala til andre. Dei ser det same som du, aldri meir, og kan ikkje endre noko.", "Show the numbers to others. They see what you see, never more, and cannot change anything.") \
    X(LINKS, "Offentlige lenker", "Offentlege lenkjer", "Public links") \
    X(LINKS_LEDE, "Alle som har lenken, kan se tallene uten å logge inn. Lenken vises bare én gang.", "Alle som har lenkja, kan sjå tala utan å logge inn. Lenkja blir berre vist éin gong.", "Anyone who has the link can see the numbers without logging in. The link is shown only once.") \
    X(LINK_FOR, "Hvem eller hva er den til?", "Kven eller kva er ho til?", "Who or what is it for?") \
    X(LINK_LASTS, "Gjelder i", "Gjeld i", "Valid for") \
    X(LINK_DAY, "en dag", "ein dag", "one day") \
    X(LINK_WEEK, "en uke", "ei veke", "one week") \
    X(LINK_MONTH, "en måned", "ein månad", "one month") \
    X(LINK_YEAR, "et år", "eitt år", "one year") \
    X(LINK_ALWAYS, "til den avsluttes", "til ho blir avslutta", "until it is ended") \
    X(LINK_MAKE, "Lag lenke", "Lag lenkje", "Make link") \
    X(LINK_NEW, "Her er lenken. Kopier den nå; den kan ikke vises igjen.", "Her er lenkja. Kopier ho no; ho kan ikkje visast igjen.", "Here is the link. Copy it now; it cannot be shown again.") \
    X(LINK_END, "Avslutt", "Avslutt", "End") \
    X(LINK_END_SURE, "Ja, avslutt {}", "Ja, avslutt {}", "Yes, end {}") \
    X(LINK_MADE, "Laget", "Laga", "Made") \
    X(LINK_EXPIRES, "Gjelder til", "Gjeld til", "Valid until") \
    X(LINK_NONE, "Ingen lenker.", "Ingen lenkjer.", "No links.") \
    X(LINK_BAD, "Lenken trenger et navn på høyst 100 tegn.", "Lenkja treng eit namn på høgst 100 teikn.", "The link needs a name of at most 100 characters.") \
    X(LINK_FULL, "Nettstedet har allerede 100 lenker. Avslutt noen først.", "Nettstaden har alt 100 lenkjer. Avslutt nokre først.", "The site has 100 links already. End some first.") \
    X(MAKER, "Av", "Av", "By") \
    X(REPORTS, "Rapport på e-post", "Rapport på e-post", "Report by e-mail") \
    X(REPORTS_LEDE, "Sendes når uken eller måneden er over og tallene er klare.", "Blir send når veka eller månaden er over og tala er klare.", "Sent when the week or month is over and its numbers are ready.") \
    X(REPORTS_OFF, "Denne installasjonen sender ikke e-post ennå: aggregator.sendmail er ikke satt.", "Denne installasjonen sender ikkje e-post enno: aggregator.sendmail er ikkje sett.", "This installation does not send e-mail yet: aggregator.sendmail is not set.") \
    X(MAIL_ADDRESS, "E-postadresse", "E-postadresse", "E-mail address") \
    X(HOW_OFTEN, "Hvor ofte", "Kor ofte", "How often") \
    X(EVERY_WEEK, "Hver uke", "Kvar veke", "Every week") \
    X(EVERY_MONTH, "Hver måned", "Kvar månad", "Every month") \
    X(REPORT_LAST, "Sist", "Sist", "Last") \
    X(REPORT_SENT, "sendt {}", "send {}", "sent {}") \
    X(REPORT_FAILED, "gikk ikke {}, prøver igjen", "gjekk ikkje {}, prøver igjen", "failed {}, trying again") \
    X(REPORT_UNSURE, "usikkert om den kom fram {}", "usikkert om han kom fram {}", "unknown whether it arrived {}") \
    X(REPORT_NEVER, "ikke ennå", "ikkje enno", "not yet") \
    X(REPORT_NONE, "Ingen får rapporten.", "Ingen får rapporten.", "Nobody gets the report.") \
    X(REPORT_BAD, "Det er ikke en vanlig e-postadresse.", "Det er ikkje ei vanleg e-postadresse.", "That is not a plain e-mail address.") \
    X(REPORT_TAKEN, "Den adressen får rapporten fra før.", "Den adressa får rapporten frå før.", "That address gets the report already.") \
    X(REPORT_FULL, "Nettstedet har allerede 100 mottakere.", "Nettstaden har alt 100 mottakarar.", "The site has 100 recipients already.") \
    X(EMBEDDING, "Innbygging", "Innbygging", "Embedding") \
    X(EMBEDDING_LEDE, "Lim dette inn på en side hos {} for å vise tallene der:", "Lim dette inn på ei side hos {} for å vise tala der:", "Paste this into a page of {} to show the numbers there:") \
    X(EMBEDDING_OFF, "Ingen nettsteder kan bygge inn tallene. Den som driver Sporløs, slår det på med valget embed for nettstedet.", "Ingen nettstader kan byggje inn tala. Den som driv Sporløs, slår det på med valet embed for nettstaden.", "No sites can embed the numbers. Whoever runs Sporløs turns it on with the site’s option embed.") \
    X(EMBED_TITLE, "Besøk på {}", "Besøk på {}", "Visits to {}") \
    X(MAIL_WEEK_SUBJECT, "{}: uke {}", "{}: veke {}", "{}: week {}") \
    X(MAIL_MONTH_SUBJECT, "{}: {}", "{}: {}", "{}: {}") \
    X(MAIL_OPEN, "Se mer i Sporløs", "Sjå meir i Sporløs", "See more in Sporløs") \
    X(MAIL_WHY, "Du får denne e-posten fordi noen som styrer {} i Sporløs, har satt deg opp. Be dem fjerne deg om du ikke vil ha den.", "Du får denne e-posten fordi nokon som styrer {} i Sporløs, har sett deg opp. Be dei fjerne deg om du ikkje vil ha han.", "You get this e-mail because somebody who manages {} in Sporløs added you. Ask them to remove you if you do not want it.") \
    X(MAIL_PARTLY, "Ikke sammenlignet med forrige periode: nettstedet er ikke talt i hele den.", "Ikkje samanlikna med førre periode: nettstaden er ikkje tald i heile han.", "Not compared with the period before: the site was not counted in all of it.") \
    X(MAIL_HIDDEN, "Kolon (:) betyr at tallet er skjult fordi det er for lite eller kommer fra for få nettverk.", "Kolon (:) betyr at talet er skjult fordi det er for lite eller kjem frå for få nettverk.", "A colon (:) means that the number is hidden because it is too small or comes from too few networks.")

/* clang-format on */

#endif
