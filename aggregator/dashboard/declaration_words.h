/*
 * The sentences of the declaration, as messages.h has those of the other pages. They are read by people who visit a
 * site, and some are copied into its own privacy statement.
 */
#ifndef SPORLOS_AGGREGATOR_DECLARATION_WORDS_H
#define SPORLOS_AGGREGATOR_DECLARATION_WORDS_H

/* clang-format off */

/*  key, bokmål, nynorsk, English */
#define DECLARATION_MESSAGES(X) \
    X(DECLARATION, "Dette telles", "Dette blir talt", "What is counted") \
    X(DECLARATION_OF, "Dette telles på {}", "Dette blir talt på {}", "What is counted on {}") \
    X(DECLARATION_LEDE, "Her står alt som telles når noen besøker nettstedet. Siden er laget av programmet som teller, fra de samme tabellene som det teller etter.", \
      "Her står alt som blir talt når nokon besøkjer nettstaden. Sida er laga av programmet som tel, frå dei same tabellane som det tel etter.", \
      "This is everything that is counted when someone visits the site. The page is made by the program that counts, from the same tables it counts by.") \
    X(DECLARATIONS_LEDE, "Velg et nettsted for å se hva som telles der, og hvordan.", "Vel ein nettstad for å sjå kva som blir talt der, og korleis.", \
      "Choose a site to see what is counted there, and how.") \
    X(DECLARATION_VERSION, "Versjon {}, i kraft siden {}", "Versjon {}, i kraft sidan {}", "Version {}, in force since {}") \
    X(DECLARATION_AHEAD, "Gjelder fra {}", "Gjeld frå {}", "In force from {}") \
    X(DECLARATION_AHEAD_LEDE, "Fra denne datoen telles mer enn nå. Det kunngjøres minst 14 dager før, og ingenting av det telles tidligere.", \
      "Frå denne datoen blir det talt meir enn no. Det blir kunngjort minst 14 dagar før, og ingenting av det blir talt tidlegare.", \
      "From this date more is counted than now. It is announced at least 14 days before, and none of it is counted earlier.") \
    X(DECLARATION_HOW_OFTEN, "Ett tall per", "Eitt tal per", "One number per") \
    X(DECLARATION_NAMED, "Hvilke sider som har et navn, er nettstedets egen inndeling. Resten telles samlet som «annet».", \
      "Kva sider som har eit namn, er nettstaden si eiga inndeling. Resten blir talt samla som «anna».", \
      "Which pages have a name is the site’s own structure. The rest are counted together as ‘other’.") \
    X(DECLARATION_HIDDEN, "Slik skjules den enkelte", "Slik blir den einskilde skjult", "How each person is hidden") \
    X(DECLARATION_RULE_NOISE, "Hver teller begynner på et tilfeldig tall mellom −{} og {} (varians {}). Det skrives ikke opp for seg.", \
      "Kvar teljar byrjar på eit tilfeldig tal mellom −{} og {} (varians {}). Det blir ikkje skrive opp for seg.", \
      "Each counter starts at a random number between −{} and {} (variance {}). It is not written down by itself.") \
    X(DECLARATION_RULE_SHOW, "Et tall vises når det er {} eller mer; da ligger minst {} hendelser bak, når én teller har talt. Summer, og tall fra flere tellere, har en høyere grense, som er statistisk.", \
      "Eit tal blir vist når det er {} eller meir; då ligg minst {} hendingar bak, når éin teljar har talt. Summar, og tal frå fleire teljarar, har ei høgare grense, som er statistisk.", \
      "A number is shown when it is {} or more; at least {} events are then behind it, when one counter has counted. Sums, and numbers from several counters, have a higher limit, which is statistical.") \
    X(DECLARATION_RULE_WITNESS_PERIOD, "Det må komme fra minst {} ulike nettverk.", "Det må kome frå minst {} ulike nettverk.", "It must come from at least {} different networks.") \
    X(DECLARATION_RULE_WITNESS_DAY, "Det må komme fra minst {} ulike nettverk på én og samme dag.", "Det må kome frå minst {} ulike nettverk på ein og same dag.", \
      "It must come from at least {} different networks on one and the same day.") \
    X(DECLARATION_RULE_CLOSED, "Bare timer, dager og måneder som er over, vises.", "Berre timar, dagar og månader som er over, blir viste.", \
      "Only hours, days and months that are over are shown.") \
    X(DECLARATION_RULE_LAST, "De som driver nettstedet, ser i tillegg i hvilket minutt en side sist ble vist.", \
      "Dei som driv nettstaden, ser i tillegg i kva minutt ei side sist vart vist.", \
      "Those who run the site also see the minute in which a page was last viewed.") \
    X(DECLARATION_RULE_LAST_HOUR, "De som driver nettstedet, ser i tillegg i hvilken time en side sist ble vist, når timen er over (før det finnes tall for en dag: i hvilket minutt).", \
      "Dei som driv nettstaden, ser i tillegg i kva time ei side sist vart vist, når timen er over (før det finst tal for ein dag: i kva minutt).", \
      "Those who run the site also see the hour in which a page was last viewed, when it is over (before there are numbers for a day: the minute).") \
    X(DECLARATION_RULE_JOIN, "Hvert tall står alene. Side og kommune kan ikke kobles, og ingen følges fra side til side.", \
      "Kvart tal står åleine. Side og kommune kan ikkje koplast, og ingen blir følgde frå side til side.", \
      "Each number stands alone. Page and municipality cannot be joined, and nobody is followed from page to page.") \
    X(DECLARATION_READ, "Dette leses når en side vises", "Dette blir lese når ei side blir vist", "What is read when a page is viewed") \
    X(DECLARATION_READ_ADDRESS, "IP-adressen kortes ned før noe annet ser den: {} av 32 biter (IPv4) eller {} av 128 (IPv6) brukes i minnet så lenge det trengs for å se om flere ulike nettverk har bidratt, høyst til perioden er over, og lagres ikke.", \
      "IP-adressa blir korta ned før noko anna ser ho: {} av 32 bitar (IPv4) eller {} av 128 (IPv6) blir brukte i minnet så lenge det trengst for å sjå om fleire ulike nettverk har vore med, høgst til perioden er over, og blir ikkje lagra.", \
      "The IP address is cut before anything else sees it: {} of 32 bits (IPv4) or {} of 128 (IPv6) are used in memory as long as it takes to see whether several networks took part, at most until the period is over, and not stored.") \
    X(DECLARATION_READ_AGENT, "Nettleserens navn (User-Agent) leses bare for å kjenne igjen roboter. Det telles og lagres ikke.", \
      "Namnet på nettlesaren (User-Agent) blir berre lese for å kjenne att robotar. Det blir ikkje talt eller lagra.", \
      "The browser’s name (User-Agent) is read only to recognise robots. It is neither counted nor stored.") \
    X(DECLARATION_READ_NO_AGENT, "Nettleserens navn (User-Agent) leses ikke.", "Namnet på nettlesaren (User-Agent) blir ikkje lese.", "The browser’s name (User-Agent) is not read.") \
    X(DECLARATION_READ_SITE, "Hvilket nettsted det gjelder.", "Kva nettstad det gjeld.", "Which site it is about.") \
    X(DECLARATION_READ_TYPE, "Hva slags melding det er.", "Kva slags melding det er.", "What kind of message it is.") \
    X(DECLARATION_READ_URL, "Adressen til siden, uten spørring. Den får bare navn når den er listet eller mange nok har besøkt den.", \
      "Adressa til sida, utan spørjing. Ho får berre namn når ho er lista eller mange nok har besøkt ho.", \
      "The page’s address, without its query. It gets a name only when it is listed or enough people have visited it.") \
    X(DECLARATION_READ_LISTED, "Adressen til siden, uten spørring. Den får bare navn når den står på nettstedets liste.", \
      "Adressa til sida, utan spørjing. Ho får berre namn når ho står på lista til nettstaden.", \
      "The page’s address, without its query. It gets a name only when it is on the site’s list.") \
    X(DECLARATION_READ_QUERY, "Adressen til siden, og av spørringen bare «{}»: det det søkes etter. Siden får bare navn når den er listet eller mange nok har besøkt den.", \
      "Adressa til sida, og av spørjinga berre «{}»: det det blir søkt etter. Sida får berre namn når ho er lista eller mange nok har besøkt ho.", \
      "The page’s address, and of its query only ‘{}’: what is searched for. The page gets a name only when it is listed or enough people have visited it.") \
    X(DECLARATION_READ_ENTRY, "Om besøket begynner her: ja eller nei.", "Om besøket byrjar her: ja eller nei.", "Whether the visit begins here: yes or no.") \
    X(DECLARATION_READ_WORD, "Ord det søkes etter på nettstedet. Et ord får bare navn når mange nok har søkt etter det; tall, adresser og e-post fjernes.", "Ord det blir søkt etter på nettstaden. Eit ord får berre namn når mange nok har søkt etter det; tal, adresser og e-post blir fjerna.", "Words searched for on the site. A word gets a name only when enough people have searched for it; numbers, addresses and e-mail are removed.") \
    X(DECLARATION_READ_FRUITLESS, "Om søket ga treff: ja eller nei.", "Om søket gav treff: ja eller nei.", "Whether the search had results: yes or no.") \
    X(DECLARATION_READ_REFERRER, "Hvilket nettsted besøket kommer fra, aldri hvilken side der. Nettstedet får bare navn når mange nok har kommet derfra.", "Kva nettstad besøket kjem frå, aldri kva side der. Nettstaden får berre namn når mange nok har kome derifrå.", "Which website the visit comes from, never which page there. It gets a name only when enough people have come from it.") \
    X(DECLARATION_READ_SOURCE, "Kilden som lenken til siden er merket med (utm_source).", "Kjelda som lenkja til sida er merkt med (utm_source).", "The source that the link to the page is marked with (utm_source).") \
    X(DECLARATION_READ_MEDIUM, "Kanalen som lenken til siden er merket med (utm_medium).", "Kanalen som lenkja til sida er merkt med (utm_medium).", "The medium that the link to the page is marked with (utm_medium).") \
    X(DECLARATION_READ_CAMPAIGN, "Kampanjen som lenken til siden er merket med (utm_campaign).", "Kampanjen som lenkja til sida er merkt med (utm_campaign).", "The campaign that the link to the page is marked with (utm_campaign).") \
    X(DECLARATION_READ_VIEWPORT, "Bredden på vinduet, bare fra nettlesere som kan være på en iPad: nettbrett eller datamaskin.", "Breidda på vindauget, berre frå nettlesarar som kan vere på ein iPad: nettbrett eller datamaskin.", "The width of the window, only from browsers that may be on an iPad: tablet or computer.") \
    X(DECLARATION_READ_TAGS, "Sidens emneord. Bare de som står på nettstedets liste, telles.", "Emneorda til sida. Berre dei som står på lista til nettstaden, blir talde.", "The page’s topics. Only those on the site’s list are counted.") \
    X(DECLARATION_READ_VISIBLE, "Hvor lenge siden var synlig, i sju grove trinn.", "Kor lenge sida var synleg, i sju grove steg.", "How long the page was visible, in seven coarse steps.") \
    X(DECLARATION_READ_DEPTH, "Hvor langt ned siden ble lest, i fire deler.", "Kor langt ned sida blei lesen, i fire delar.", "How far down the page was read, in four parts.") \
    X(DECLARATION_READ_LENGTH, "Hvor lenge siden som et besøk begynte på, var synlig, i sju grove trinn.", "Kor lenge sida som eit besøk byrja på, var synleg, i sju grove steg.", "How long the page that a visit began with was visible, in seven coarse steps.") \
    X(DECLARATION_READ_ANSWER, "Hvilket av nettstedets faste svar leseren ga. Det er ikke fritekst.", "Kva for eit av dei faste svara til nettstaden lesaren gav. Det er ikkje fritekst.", "Which of the site’s fixed answers the reader gave. There is no free text.") \
    X(DECLARATION_READ_VALUE, "Filen som lastes ned, nettstedet som en lenke går til, adressen som ikke finnes, eller navnet på en hendelse. Det får bare navn når det er listet eller mange nok har gjort det samme.", "Fila som blir lasta ned, nettstaden som ei lenkje går til, adressa som ikkje finst, eller namnet på ei hending. Det får berre namn når det er lista eller mange nok har gjort det same.", "The file that is downloaded, the website that a link leads to, the address that is not there, or the name of an event. It gets a name only when it is listed or enough people have done the same.") \
    X(DECLARATION_READ_AGENT_TABLES, "Nettleserens navn (User-Agent) og det den selv sier om enheten (klienthint) leses for å kjenne igjen roboter, og for de av tallene over som gjelder enhet, nettleser, operativsystem og besøkende. Der besøkende telles, holdes en nøklet verdi av den og det nedkortede nettverket i minnet dagen ut. Selve teksten lagres ikke.", \
      "Namnet på nettlesaren (User-Agent) og det han sjølv seier om eininga (klienthint) blir lese for å kjenne att robotar, og for dei av tala over som gjeld eining, nettlesar, operativsystem og besøkjande. Der besøkjande blir talde, blir ein nøkla verdi av han og det nedkorta nettverket halden i minnet dagen ut. Sjølve teksten blir ikkje lagra.", \
      "The browser’s name (User-Agent) and what it says itself of the device (client hints) are read to recognise robots, and for those of the numbers above that are about device, browser, operating system and visitors. Where visitors are counted, a keyed value of it and the shortened network is held in memory for the rest of the day. The text itself is not stored.") \
    X(DECLARATION_READ_FIELD, "Feltet «{}».", "Feltet «{}».", "The field ‘{}’.") \
    X(DECLARATION_NO_COOKIES, "Det settes ingen informasjonskapsler, og ingenting lagres i nettleseren.", "Det blir ikkje sett informasjonskapslar, og ingenting blir lagra i nettlesaren.", \
      "No cookies are set and nothing is stored in the browser.") \
    X(DECLARATION_KEPT, "Hvor lenge tallene finnes", "Kor lenge tala finst", "How long the numbers exist") \
    X(DECLARATION_KEPT_REDIS, "Tellere som løper, slettes når perioden er lukket, og senest etter {} dager (time), {} dager (dag) eller {} dager (måned).", \
      "Teljarar som går, blir sletta når perioden er lukka, og seinast etter {} dagar (time), {} dagar (dag) eller {} dagar (månad).", \
      "Running counters are deleted when their period is closed, and at the latest after {} days (hour), {} days (day) or {} days (month).") \
    X(DECLARATION_KEPT_ARCHIVE, "Ferdige tall beholdes i arkivet i {} dager.", "Ferdige tal blir haldne i arkivet i {} dagar.", "Finished numbers are kept in the archive for {} days.") \
    X(DECLARATION_KEPT_ALWAYS, "Ferdige tall beholdes i arkivet uten sluttdato. De sier ikke noe om den enkelte.", \
      "Ferdige tal blir haldne i arkivet utan sluttdato. Dei seier ikkje noko om den einskilde.", \
      "Finished numbers are kept in the archive without an end date. They say nothing about any one person.") \
    X(DECLARATION_SEEN, "Hvem som ser tallene", "Kven som ser tala", "Who sees the numbers") \
    X(DECLARATION_SEEN_ACCOUNTS, "De som har fått en konto for nettstedet, de som drifter løsningen, og de som får en lenke eller en rapport på e-post av disse.", \
      "Dei som har fått ein konto for nettstaden, dei som driftar løysinga, og dei som får ei lenkje eller ein rapport på e-post av desse.", \
      "Those who were given an account for the site, those who run the system, and those to whom these send a link or a report by e-mail.") \
    X(DECLARATION_DECLINE_HERE, "Du kan også reservere deg her:", "Du kan òg reservere deg her:", "You can also decline here:") \
    X(DECLARATION_SEEN_PUBLIC, "Alle. Tallene er offentlige.", "Alle. Tala er offentlege.", "Everyone. The numbers are public.") \
    X(DECLARATION_DECLINE, "Slik reserverer du deg", "Slik reserverer du deg", "How to decline") \
    X(DECLARATION_DECLINE_HOW, "Slå på Global Privacy Control eller Do Not Track i nettleseren din, eller bruk knappen på reservasjonssiden. Da telles bare at noen har reservert seg, ett tall per dag; det nedkortede nettverket brukes i minnet til det og til å begrense hvor mye ett nettverk kan sende.", \
      "Slå på Global Privacy Control eller Do Not Track i nettlesaren din, eller bruk knappen på reservasjonssida. Då blir det berre talt at nokon har reservert seg, eitt tal per dag; det nedkorta nettverket blir brukt i minnet til det og til å avgrense kor mykje eitt nettverk kan sende.", \
      "Turn on Global Privacy Control or Do Not Track in your browser, or use the button on the opt-out page. Then all that is counted is that someone declined, one number per day; the shortened network is used in memory for that, and to limit what one network may send.") \
    X(DECLARATION_DECLINE_SIGNALS, "Signalene det gjelder: {}.", "Signala det gjeld: {}.", "The signals: {}.") \
    X(DECLARATION_GEO, "Hvor kommunen kommer fra", "Kvar kommunen kjem frå", "Where the municipality comes from") \
    X(DECLARATION_GEO_DATABASE, "Det nedkortede nettverket slås opp i en database som ligger hos oss. Svaret er et anslag, og tar ofte feil.", \
      "Det nedkorta nettverket blir slått opp i ein database som ligg hos oss. Svaret er eit overslag, og tek ofte feil.", \
      "The shortened network is looked up in a database that lies with us. The answer is an estimate, and often wrong.") \
    X(DECLARATION_GEO_NONE, "Kommune slås ikke opp.", "Kommune blir ikkje slått opp.", "Municipalities are not looked up.") \
    X(DECLARATION_GEO_MERGED, "Kommuner med færre enn {} innbyggere slås sammen innen fylket før de telles.", "Kommunar med færre enn {} innbyggjarar blir slått saman innan fylket før dei blir talde.", \
      "Municipalities with fewer than {} inhabitants are merged within their county before they are counted.") \
    X(DECLARATION_MORE_MODE, "Nettstedet går over til en videre måte å telle på: {}.", "Nettstaden går over til ein vidare måte å telje på: {}.", "The site changes to a wider way of counting: {}.") \
    X(DECLARATION_MORE_POPULATION, "Kommuner ned til {} innbyggere telles under eget navn.", "Kommunar ned til {} innbyggjarar blir talde under eige namn.", \
      "Municipalities down to {} inhabitants are counted under their own name.") \
    X(DECLARATION_MORE_RULES, "Grensene for når et tall vises, blir: minst {}, fra minst {} nettverk, med et tilfeldig tillegg på høyst ±{}.", \
      "Grensene for når eit tal blir vist, blir: minst {}, frå minst {} nettverk, med eit tilfeldig tillegg på høgst ±{}.", \
      "The limits for showing a number become: at least {}, from at least {} networks, with a random addition of at most ±{}.") \
    X(DECLARATION_MORE_KEPT, "Tall beholdes lenger.", "Tal blir haldne lenger.", "Numbers are kept longer.") \
    X(DECLARATION_MORE_AUDIENCE, "Flere får se tallene.", "Fleire får sjå tala.", "More people can see the numbers.") \
    X(DECLARATION_MORE_GEO, "Kommune slås opp i en database.", "Kommune blir slått opp i ein database.", "Municipalities are looked up in a database.") \
    X(DECLARATION_MORE_READ, "Mer leses når en side vises.", "Meir blir lese når ei side blir vist.", "More is read when a page is viewed.") \
    X(DECLARATION_MORE_QUERY, "Av spørringen i en sides adresse leses også «{}»: det det søkes etter.", "Av spørjinga i adressa til ei side blir også «{}» lese: det det blir søkt etter.", \
      "Of the query of a page’s address ‘{}’ is read, too: what is searched for.") \
    X(DECLARATION_MORE_DECLINE, "Det blir færre måter å reservere seg på.", "Det blir færre måtar å reservere seg på.", "There are fewer ways to decline.") \
    X(DECLARATION_COPY, "Tekst til nettstedets personvernerklæring", "Tekst til personvernerklæringa til nettstaden", "Text for the site’s privacy statement") \
    X(DECLARATION_COPY_LEDE, "Lim inn denne teksten i nettstedets egen erklæring. Den følger innstillingene, så hent den på nytt når de endres.", \
      "Lim inn denne teksten i erklæringa til nettstaden. Han følgjer innstillingane, så hent han på nytt når dei blir endra.", \
      "Paste this text into the site’s own statement. It follows the settings, so fetch it again when they change.") \
    X(DECLARATION_PLAIN, "Som ren tekst", "Som rein tekst", "As plain text") \
    X(DECLARATION_JSON, "Som JSON", "Som JSON", "As JSON") \
    X(DECLARATION_HISTORY, "Versjoner", "Versjonar", "Versions") \
    X(DECLARATION_NUMBER, "Versjon", "Versjon", "Version") \
    X(DECLARATION_PUBLISHED, "Publisert", "Publisert", "Published") \
    X(DECLARATION_FROM, "Gjelder fra", "Gjeld frå", "In force from") \
    X(DECLARATION_STATE, "Status", "Status", "State") \
    X(DECLARATION_STATE_CURRENT, "i kraft", "i kraft", "in force") \
    X(DECLARATION_STATE_AHEAD, "kunngjort", "kunngjord", "announced") \
    X(DECLARATION_STATE_PAST, "tidligere", "tidlegare", "earlier") \
    X(DECLARATION_STATE_WITHDRAWN, "trukket {}", "trekt {}", "withdrawn {}") \
    X(DECLARATION_HASH, "SHA-256 av JSON", "SHA-256 av JSON", "SHA-256 of the JSON") \
    X(DECLARATION_NONE, "Erklæringen er ikke laget ennå.", "Erklæringa er ikkje laga enno.", "The declaration has not been made yet.") \
    X(TEXT_TITLE, "Statistikk på {}", "Statistikk på {}", "Statistics on {}") \
    X(TEXT_LEDE, "Vi teller hvor mye nettstedet brukes, ikke hvem som bruker det. Tellingen gjøres med programmet Sporløs. Besøket ditt deles ikke med noen tredjepart.", \
      "Vi tel kor mykje nettstaden blir brukt, ikkje kven som brukar han. Teljinga blir gjord med programmet Sporløs. Besøket ditt blir ikkje delt med nokon tredjepart.", \
      "We count how much the site is used, not who uses it. The counting is done with the program Sporløs. Your visit is not shared with any third party.") \
    X(TEXT_COUNTED, "Dette telles:", "Dette blir talt:", "This is counted:") \
    X(TEXT_ADDRESS, "IP-adressen din kortes ned før den brukes, og lagres ikke. Den kan ikke hentes fram igjen.", "IP-adressa di blir korta ned før ho blir brukt, og blir ikkje lagra. Ho kan ikkje hentast fram att.", \
      "Your IP address is cut before it is used, and is not stored. It cannot be retrieved.") \
    X(TEXT_HIDDEN, "Alle tall får et tilfeldig tillegg på høyst ±{}. Et tall vises bare når det er {} eller mer og kommer fra minst {} ulike nettverk.", \
      "Alle tal får eit tilfeldig tillegg på høgst ±{}. Eit tal blir berre vist når det er {} eller meir og kjem frå minst {} ulike nettverk.", \
      "Every number gets a random addition of at most ±{}. A number is shown only when it is {} or more and comes from at least {} different networks.") \
    X(TEXT_CHANGES, "Skal vi telle mer enn dette, sier vi fra minst 14 dager før.", "Skal vi telje meir enn dette, seier vi frå minst 14 dagar før.", "If we are going to count more than this, we say so at least 14 days before.") \
    X(TEXT_AHEAD, "Fra {} telles også:", "Frå {} blir også dette talt:", "From {} this is also counted:") \
    X(TEXT_WHOLE, "Hele erklæringen: {}", "Heile erklæringa: {}", "The whole declaration: {}")

/* clang-format on */

#endif
