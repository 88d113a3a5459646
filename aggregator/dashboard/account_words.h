/* The sentences of the pages about users, sharing and reports, as messages.h has those of the others. */
#ifndef SPORLOS_AGGREGATOR_ACCOUNT_WORDS_H
#define SPORLOS_AGGREGATOR_ACCOUNT_WORDS_H

/* clang-format off */

/*  key, bokmål, nynorsk, English */
#define ACCOUNT_MESSAGES(X) \
    X(FORBIDDEN, "Du har ikke tilgang til dette", "Du har ikkje tilgang til dette", "You do not have access to this") \
    X(FORBIDDEN_LEDE, "Rollen din gir ikke rett til det. Be administratoren om hjelp.", "Rolla di gir ikkje rett til det. Be administratoren om hjelp.", "Your role does not allow it. Ask the administrator for help.") \
    X(FORM_FOREIGN, "Skjemaet kom ikke fra denne siden, så ingenting ble endret. Gå tilbake, last siden på nytt og prøv igjen.", "Skjemaet kom ikkje frå denne sida, så ingenting blei endra. Gå tilbake, last sida på nytt og prøv igjen.", "The form did not come from this page, so nothing was changed. Go back, reload the page and try again.") \
    X(FORM_FAULTS, "Noe mangler eller er feil. Rett dette, og send på nytt:", "Noko manglar eller er feil. Rett dette, og send på nytt:", "Something is missing or wrong. Correct this, and send it again:") \
    X(FAULT, "Feil", "Feil", "Error") \
    X(METHOD, "Slik kan ikke siden brukes", "Slik kan ikkje sida brukast", "This page cannot be used that way") \
    X(METHOD_LEDE, "Adressen svarer ikke på denne typen forespørsel. Åpne den fra menyen i stedet.", "Adressa svarar ikkje på denne typen førespurnad. Opne ho frå menyen i staden.", "The address does not answer this kind of request. Open it from the menu instead.") \
    X(BAD_ADDRESS, "Adressen kan ikke leses", "Adressa kan ikkje lesast", "The address cannot be read") \
    X(BAD_ADDRESS_LEDE, "Noe i adressen, etter spørsmålstegnet, er ødelagt eller for langt. Er lenken kopiert, mangler det kanskje en del av den.", "Noko i adressa, etter spørjeteiknet, er øydelagt eller for langt. Er lenkja kopiert, manglar det kanskje ein del av ho.", "Something in the address, after the question mark, is broken or too long. If the link was copied, a part of it may be missing.") \
    X(UNREADABLE, "Forespørselen kan ikke leses", "Førespurnaden kan ikkje lesast", "The request cannot be read") \
    X(UNREADABLE_LEDE, "Nettleseren eller noe på veien sendte noe som ikke følger reglene. Åpne siden på nytt.", "Nettlesaren eller noko på vegen sende noko som ikkje følgjer reglane. Opne sida på nytt.", "The browser, or something on the way, sent something that breaks the rules. Open the page again.") \
    X(TOO_LARGE, "Det du sendte, er for stort", "Det du sende, er for stort", "What you sent is too large") \
    X(TOO_LARGE_LEDE, "Ingenting ble lagret. Kort ned teksten, og send på nytt.", "Ingenting blei lagra. Kort ned teksten, og send på nytt.", "Nothing was saved. Shorten the text, and send it again.") \
    X(TOO_SLOW, "Forespørselen kom ikke fram i tide", "Førespurnaden kom ikkje fram i tide", "The request did not arrive in time") \
    X(TOO_SLOW_LEDE, "Forbindelsen er kanskje treg akkurat nå. Prøv igjen.", "Sambandet er kanskje tregt akkurat no. Prøv igjen.", "The connection may be slow right now. Try again.") \
    X(BUSY, "Det er mange her akkurat nå", "Det er mange her akkurat no", "It is busy here right now") \
    X(BUSY_LEDE, "Tjenesten svarer ikke for øyeblikket. Vent litt, og prøv igjen.", "Tenesta svarar ikkje for augeblinken. Vent litt, og prøv igjen.", "The service does not answer at the moment. Wait a little, and try again.") \
    X(ERROR_CODE, "Kode {}", "Kode {}", "Code {}") \
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
    X(USER_SITES_HELP, "Den som har «Alle nettsteder», får også dem som kommer senere.", "Den som har «Alle nettstader», får òg dei som kjem seinare.", "“All sites” includes those that are added later.") \
    X(USER_SITE_GONE, "{} (ikke i konfigurasjonen lenger)", "{} (ikkje i konfigurasjonen lenger)", "{} (no longer in the configuration)") \
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
    X(NAME_MISSING, "Skriv et brukernavn.", "Skriv eit brukarnamn.", "Enter a user name.") \
    X(NAME_LETTERS, "Brukernavnet kan bare ha små bokstaver a–z, tall og . _ - @", "Brukarnamnet kan berre ha små bokstavar a–z, tal og . _ - @", "The user name can only have lower-case letters a–z, digits and . _ - @") \
    X(NAME_LONG, "Brukernavnet kan ha høyst 64 tegn.", "Brukarnamnet kan ha høgst 64 teikn.", "The user name can have at most 64 characters.") \
    X(ROLE_MISSING, "Velg en rolle.", "Vel ei rolle.", "Choose a role.") \
    X(SITES_MISSING, "Velg «Alle nettsteder», eller minst ett nettsted.", "Vel «Alle nettstader», eller minst éin nettstad.", "Choose “All sites”, or at least one site.") \
    X(SITES_BOTH, "Velg enten «Alle nettsteder» eller bestemte nettsteder, ikke begge deler.", "Vel anten «Alle nettstader» eller bestemte nettstader, ikkje begge delar.", "Choose either “All sites” or particular sites, not both.") \
    X(SITES_UNKNOWN, "Et av nettstedene finnes ikke. Velg på nytt.", "Ein av nettstadene finst ikkje. Vel på nytt.", "One of the sites does not exist. Choose again.") \
    X(SITES_ADMINISTRATOR, "En administrator har alle nettsteder. Velg «Alle nettsteder», eller en annen rolle.", "Ein administrator har alle nettstader. Vel «Alle nettstader», eller ei anna rolle.", "An administrator has all sites. Choose “All sites”, or another role.") \
    X(PASSWORD_MISSING, "Skriv et passord.", "Skriv eit passord.", "Enter a password.") \
    X(PASSWORD_SHORT, "Passordet må ha minst 12 tegn.", "Passordet må ha minst 12 teikn.", "The password must have at least 12 characters.") \
    X(PASSWORD_LONG, "Passordet er for langt. Bruk høyst 250 tegn.", "Passordet er for langt. Bruk høgst 250 teikn.", "The password is too long. Use at most 250 characters.") \
    X(USER_SELF, "Du kan ikke fjerne deg selv eller ta fra deg selv rollen som administrator.", "Du kan ikkje fjerne deg sjølv eller ta frå deg sjølv rolla som administrator.", "You cannot remove yourself, nor take the administrator role from yourself.") \
    X(USER_UNKNOWN_FORM, "Skjemaet kjennes ikke igjen. Ingenting ble endret.", "Skjemaet blir ikkje kjent att. Ingenting blei endra.", "The form is not known. Nothing was changed.") \
    X(USER_EDIT, "Endre {}", "Endre {}", "Change {}") \
    X(USER_ACCESS, "Rolle og nettsteder", "Rolle og nettstader", "Role and sites") \
    X(USER_NO_SITES, "Ingen", "Ingen", "None") \
    X(USER_COUNT, "Brukere: {}", "Brukarar: {}", "Users: {}") \
    X(USER_BACK, "Alle brukere", "Alle brukarar", "All users") \
    X(USER_PASSWORD_LEDE, "Du setter et nytt passord for brukeren. Alle innloggingene til brukeren avsluttes. Gi passordet videre på en trygg måte; brukeren kan bytte det selv under «Min konto».", "Du set eit nytt passord for brukaren. Alle innloggingane til brukaren blir avslutta. Gi passordet vidare på ein trygg måte; brukaren kan byte det sjølv under «Kontoen min».", "You set a new password for the user. All of the user’s log-ins end. Hand the password over in a safe way; the user can change it under “My account”.") \
    X(USER_REMOVE, "Fjern brukeren", "Fjern brukaren", "Remove the user") \
    X(USER_REMOVE_LEDE, "Brukeren logges ut og slipper ikke inn igjen. Tallene, merknadene og lenkene blir stående.", "Brukaren blir logga ut og slepp ikkje inn att. Tala, merknadene og lenkjene blir ståande.", "The user is logged out and cannot come back. Numbers, notes and links stay.") \
    X(USER_ONLY_YOU, "Du er den eneste som kan logge inn. Legg til en administrator til, så ingen står utenfor om du er borte.", "Du er den einaste som kan logge inn. Legg til ein administrator til, så ingen står utanfor om du er borte.", "You are the only one who can log in. Add another administrator, so that nobody is shut out when you are away.") \
    X(MY_ACCOUNT, "Min konto", "Kontoen min", "My account") \
    X(MY_ACCOUNT_LEDE, "Hvem du er her, hva du kan se, og passordet ditt.", "Kven du er her, kva du kan sjå, og passordet ditt.", "Who you are here, what you can see, and your password.") \
    X(MY_ACCESS, "Tilgangen din", "Tilgangen din", "Your access") \
    X(MY_ACCESS_WHO, "Bare en administrator kan endre dette.", "Berre ein administrator kan endre dette.", "Only an administrator can change this.") \
    X(ROLE_ADMINISTRATOR_OWN, "Du ser og styrer alt. En annen administrator kan endre rollen din.", "Du ser og styrer alt. Ein annan administrator kan endre rolla di.", "You see and manage everything. Another administrator can change your role.") \
    X(MY_PROXY, "Du er logget inn gjennom virksomhetens innlogging. Passord og utlogging styres der.", "Du er logga inn gjennom innlogginga til verksemda. Passord og utlogging blir styrte der.", "You are logged in through the organisation’s log-in. Password and logging out are managed there.") \
    X(PASSWORD_CHANGE, "Bytt passord", "Byt passord", "Change password") \
    X(PASSWORD_CHANGE_LEDE, "Innloggingene dine på andre maskiner avsluttes. Her blir du værende innlogget.", "Innloggingane dine på andre maskiner blir avslutta. Her blir du verande innlogga.", "Your log-ins on other machines end. Here you stay logged in.") \
    X(PASSWORD_OLD, "Passordet du har nå", "Passordet du har no", "Your present password") \
    X(PASSWORD_AGAIN, "Nytt passord en gang til", "Nytt passord ein gong til", "New password once more") \
    X(PASSWORD_OLD_MISSING, "Skriv passordet du har nå.", "Skriv passordet du har no.", "Enter your present password.") \
    X(PASSWORD_OLD_WRONG, "Dette er ikke passordet du har nå.", "Dette er ikkje passordet du har no.", "This is not your present password.") \
    X(PASSWORD_DIFFERS, "De to nye passordene er ikke like.", "Dei to nye passorda er ikkje like.", "The two new passwords differ.") \
    X(PASSWORD_SAME, "Det nye passordet er det samme som det gamle.", "Det nye passordet er det same som det gamle.", "The new password is the same as the old one.") \
    X(PASSWORD_CHANGED, "Passordet er byttet, og innloggingene dine andre steder er avsluttet.", "Passordet er bytt, og innloggingane dine andre stader er avslutta.", "The password is changed, and your log-ins elsewhere have ended.") \
    X(PASSWORD_SLOW, "Det har vært for mange forsøk. Vent litt, og prøv igjen.", "Det har vore for mange forsøk. Vent litt, og prøv igjen.", "There have been too many attempts. Wait a little, and try again.") \
    X(LOGOUT_ALL, "Logg ut overalt", "Logg ut overalt", "Log out everywhere") \
    X(LOGOUT_ALL_LEDE, "Har du glemt å logge ut et sted, eller er du usikker på om andre er inne? Dette avslutter alle innloggingene dine, også denne.", "Har du gløymt å logge ut ein stad, eller er du usikker på om andre er inne? Dette avsluttar alle innloggingane dine, òg denne.", "Have you forgotten to log out somewhere, or do you doubt who else is in? This ends all of your log-ins, this one too.") \
    X(LOGOUT_ALL_COUNT, "Innlogginger nå: {}", "Innloggingar no: {}", "Log-ins right now: {}") \
    X(USER_GONE, "Det finnes ingen bruker med det navnet lenger.", "Det finst ingen brukar med det namnet lenger.", "There is no user of that name any more.") \
    X(DONE, "Lagret.", "Lagra.", "Saved.") \
    X(ACCESS_LOG, "Adgangslogg", "Tilgangslogg", "Access log") \
    X(ACCESS_LOG_LEDE, "Hvem som slapp inn hvor, første gang hver dag. Adresser lagres ikke, og radene slettes etter {} dager.", "Kven som slapp inn kvar, første gong kvar dag. Adresser blir ikkje lagra, og radene blir sletta etter {} dagar.", "Who was let in where, the first time on each day. Addresses are not stored, and rows are deleted after {} days.") \
    X(ACCESS_LOG_EMPTY, "Ingen har logget inn ennå.", "Ingen har logga inn enno.", "Nobody has logged in yet.") \
    X(ACCESS_LOG_SHOWN, "Rad {}–{} av {}", "Rad {}–{} av {}", "Rows {}–{} of {}") \
    X(ACCESS_LOG_NO_PAGE, "Så langt tilbake går ikke loggen.", "Så langt tilbake går ikkje loggen.", "The log does not go back that far.") \
    X(ACCESS_LOG_NEWEST, "Til de nyeste radene", "Til dei nyaste radene", "To the newest rows") \
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
    X(LINK_NONE, "Ingen lenker ennå. Lag en her for styret, en samarbeidspartner eller en nettside.", "Ingen lenkjer enno. Lag ei her for styret, ein samarbeidspartnar eller ei nettside.", "No links yet. Make one here for the board, a partner or a web page.") \
    X(LINK_LABEL_MISSING, "Skriv hvem eller hva lenken er til.", "Skriv kven eller kva lenkja er til.", "Enter who or what the link is for.") \
    X(LINK_LABEL_LONG, "Navnet er for langt. Bruk høyst 100 tegn.", "Namnet er for langt. Bruk høgst 100 teikn.", "The name is too long. Use at most 100 characters.") \
    X(LINK_DAYS_BAD, "Velg hvor lenge lenken skal gjelde.", "Vel kor lenge lenkja skal gjelde.", "Choose how long the link is to be valid.") \
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
    X(REPORT_NONE, "Ingen får rapporten ennå. Skriv adressen til den som skal ha den.", "Ingen får rapporten enno. Skriv adressa til den som skal ha han.", "Nobody gets the report yet. Enter the address of whoever is to have it.") \
    X(REPORT_MISSING, "Skriv en e-postadresse.", "Skriv ei e-postadresse.", "Enter an e-mail address.") \
    X(REPORT_BAD, "Det er ikke en vanlig e-postadresse. Skriv den som navn@virksomhet.no.", "Det er ikkje ei vanleg e-postadresse. Skriv ho som namn@verksemd.no.", "That is not a plain e-mail address. Write it like name@company.no.") \
    X(REPORT_KIND_BAD, "Velg hvor ofte rapporten skal sendes.", "Vel kor ofte rapporten skal sendast.", "Choose how often the report is to be sent.") \
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
