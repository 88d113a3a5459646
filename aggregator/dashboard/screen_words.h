/* The sentences of the screens, as messages.h. */
#ifndef SPORLOS_AGGREGATOR_SCREEN_WORDS_H
#define SPORLOS_AGGREGATOR_SCREEN_WORDS_H

/* clang-format off */

/*  key, bokmål, nynorsk, English */
#define SCREEN_MESSAGES(X) \
    X(CONTENT, "Innhold", "Innhald", "Content") \
    X(SOURCES, "Kilder", "Kjelder", "Sources") \
    X(SEARCHES, "Søk", "Søk", "Search") \
    X(FEEDBACK, "Tilbakemeldinger", "Tilbakemeldingar", "Feedback") \
    X(EVENTS, "Hendelser", "Hendingar", "Events") \
    X(DOWNLOAD_REPORTS, "Rapporter", "Rapportar", "Reports") \
    X(SETTINGS, "Innstillinger", "Innstillingar", "Settings") \
    X(ABOUT_PAGE, "Om en side", "Om ei side", "About a page") \
    X(PLACES, "Kommuner og fylker", "Kommunar og fylke", "Municipalities and counties") \
    X(COUNTIES, "Fylker", "Fylke", "Counties") \
    X(COUNTY, "Fylke", "Fylke", "County") \
    X(ALL_COUNTIES, "Hele landet", "Heile landet", "The whole country") \
    X(COUNTY_NOTE, "Summen av kommunene som kan vises, og av «øvrige» der den kan vises.", \
      "Summen av kommunane som kan visast, og av «øvrige» der han kan visast.", \
      "The sum of the municipalities that can be shown, and of “others” where that can be shown.") \
    X(SEE_ALL, "Se alle {}", "Sjå alle {}", "See all {}") \
    X(MARGINS_SHOW, "Vis usikkerhet", "Vis uvisse", "Show uncertainty") \
    X(MARGINS_HIDE, "Skjul usikkerhet", "Skjul uvisse", "Hide uncertainty") \
    X(HIDDEN_CELL, "Skjult: under {} (for en sum er grensen høyere), eller fra for få ulike nettverk", \
      "Skjult: under {} (for ein sum er grensa høgare), eller frå for få ulike nettverk", \
      "Hidden: below {} (a sum has a higher limit), or from too few different networks") \
    X(ABOUT_NUMBER, "Om tallet", "Om talet", "About the number") \
    X(VISITS_MEAN, "Sidevisninger som ikke kom fra nettstedet selv. Summen av dagene i perioden.", \
      "Sidevisingar som ikkje kom frå nettstaden sjølv. Summen av dagane i perioden.", \
      "Page views that did not come from the site itself. The sum of the days in the period.") \
    X(VIEWS_MEAN, "Alle sider som ble vist, summen av dagene i perioden.", \
      "Alle sider som blei viste, summen av dagane i perioden.", "All pages that were shown, the sum of the days in the period.") \
    X(TIME_MEANS, "Halvparten av visningene var synlige kortere enn dette. Regnet ut av sju grove trinn, så det er et anslag.", \
      "Halvparten av visingane var synlege kortare enn dette. Rekna ut av sju grove steg, så det er eit overslag.", \
      "Half of the views were visible for less than this. Worked out from seven coarse steps, so it is an estimate.") \
    X(FOUND_MEANS, "Andelen ja av svarene på de sidene der både ja og nei kan vises.", "Delen ja av svara på dei sidene der både ja og nei kan visast.", \
      "The share of yes among the answers on pages where both yes and no can be shown.") \
    X(TODAY_MEANS, "Sidevisninger i de timene som er over. Timen vi er i, vises aldri.", \
      "Sidevisingar i dei timane som er over. Timen vi er i, blir aldri vist.", \
      "Page views in the hours that are over. The hour we are in is never shown.") \
    X(PER_VISIT, "{} per besøk", "{} per besøk", "{} per visit") \
    X(READING_TIME, "Lesetid, median", "Lesetid, median", "Reading time, median") \
    X(READING_TIME_SHORT, "Lesetid", "Lesetid", "Time") \
    X(FOUND, "Fant det de lette etter", "Fann det dei leita etter", "Found what they looked for") \
    X(OF_ANSWERS, "av {} svar", "av {} svar", "of {} answers") \
    X(SECTIONS, "Seksjoner", "Seksjonar", "Sections") \
    X(SECTION, "Seksjon", "Seksjon", "Section") \
    X(TAGS, "Emneord", "Emneord", "Topics") \
    X(TAG, "Emneord", "Emneord", "Topic") \
    X(ALL_PAGES, "Sider", "Sider", "Pages") \
    X(SOURCE, "Kilde", "Kjelde", "Source") \
    X(REFERRERS, "Hvor besøkene kommer fra", "Kvar besøka kjem frå", "Where visits come from") \
    X(HOSTS, "Nettsteder som lenker hit", "Nettstader som lenkjer hit", "Sites that link here") \
    X(HOST, "Nettsted", "Nettstad", "Site") \
    X(HOSTS_NOTE, "Et nettsted får navn her når besøk fra flere ulike nettverk har kommet derfra samme dag.", \
      "Ein nettstad får namn her når besøk frå fleire ulike nettverk har kome derifrå same dag.", \
      "A site has a name here once visits from several different networks came from it on one day.") \
    X(CAMPAIGNS, "Kampanjer", "Kampanjar", "Campaigns") \
    X(CAMPAIGN, "Kampanje (utm_campaign)", "Kampanje (utm_campaign)", "Campaign (utm_campaign)") \
    X(UTM_SOURCES, "Kampanjekilder", "Kampanjekjelder", "Campaign sources") \
    X(UTM_SOURCE_KEY, "Kilde (utm_source)", "Kjelde (utm_source)", "Source (utm_source)") \
    X(UTM_MEDIA, "Kampanjekanaler", "Kampanjekanalar", "Campaign media") \
    X(UTM_MEDIUM_KEY, "Kanal (utm_medium)", "Kanal (utm_medium)", "Medium (utm_medium)") \
    X(FROM_SEARCH, "Søkemotorer", "Søkjemotorar", "Search engines") \
    X(FROM_DIRECT, "Direkte", "Direkte", "Direct") \
    X(FROM_AI, "KI-assistenter", "KI-assistentar", "AI assistants") \
    X(FROM_SOCIAL, "Sosiale medier", "Sosiale medium", "Social media") \
    X(FROM_MAIL, "E-post", "E-post", "E-mail") \
    X(FROM_PUBLIC, "Helse og offentlig", "Helse og offentleg", "Health and public") \
    X(FROM_SITE, "Andre nettsteder", "Andre nettstader", "Other sites") \
    X(DEVICES, "Enheter", "Einingar", "Devices") \
    X(DEVICE, "Enhet", "Eining", "Device") \
    X(DEVICE_IS_DESKTOP, "Datamaskin", "Datamaskin", "Computer") \
    X(DEVICE_IS_MOBILE, "Mobil", "Mobil", "Mobile") \
    X(DEVICE_IS_TABLET, "Nettbrett", "Nettbrett", "Tablet") \
    X(BROWSERS, "Nettlesere", "Nettlesarar", "Browsers") \
    X(BROWSER, "Nettleser", "Nettlesar", "Browser") \
    X(SYSTEMS, "Operativsystem", "Operativsystem", "Operating systems") \
    X(SYSTEM, "System", "System", "System") \
    X(OTHERS, "Andre", "Andre", "Others") \
    X(REMOVED, "Fjernet (kunne være personlig)", "Fjerna (kunne vere personleg)", "Removed (might be personal)") \
    X(WORDS, "Ord det søkes etter", "Ord det blir søkt etter", "Words searched for") \
    X(WORDS_EMPTY, "Søk uten treff", "Søk utan treff", "Searches without results") \
    X(WORD, "Ord", "Ord", "Word") \
    X(TIMES, "Søk", "Søk", "Searches") \
    X(WORDS_NOTE, "Et ord vises når flere har søkt etter det samme dag. Ingen ser hvem, når eller hva de gjorde siden.", \
      "Eit ord blir vist når fleire har søkt etter det same dag. Ingen ser kven, når eller kva dei gjorde sidan.", \
      "A word is shown once several people searched for it on one day. Nobody sees who, when or what they did next.") \
    X(WORDS_EMPTY_NOTE, "Ord uten treff er ofte innhold som mangler, eller som heter noe annet hos leserne.", \
      "Ord utan treff er ofte innhald som manglar, eller som heiter noko anna hos lesarane.", \
      "Words without results are often content that is missing, or that readers call something else.") \
    X(FOUND_QUESTION, "Fant du det du lette etter?", "Fann du det du leita etter?", "Did you find what you were looking for?") \
    X(NO_ANSWERS, "Ingen måned har nok svar til at andelen kan vises.", "Ingen månad har nok svar til at delen kan visast.", \
      "No month has enough answers for the share to be shown.") \
    X(FILTER, "Filtrer", "Filtrer", "Filter") \
    X(FILTER_LABEL, "Vis bare rader som inneholder", "Vis berre rader som inneheld", "Show only rows that contain") \
    X(FILTER_FOUND, "{} av {} rader inneholder «{}».", "{} av {} rader inneheld «{}».", "{} of {} rows contain “{}”.") \
    X(FILTER_CLEAR, "Vis alle", "Vis alle", "Show all") \
    X(PART_SHOWN, "Viser {}–{} av {}.", "Viser {}–{} av {}.", "Showing {}–{} of {}.") \
    X(PART_BEFORE, "De forrige {}", "Dei førre {}", "The {} before") \
    X(PART_NEXT, "De neste {}", "Dei neste {}", "The next {}") \
    X(TIME_OF, "Lesetiden er for {}.", "Lesetida er for {}.", "The reading time is that of {}.") \
    X(ANSWERS, "Svar per side, lavest andel ja først", "Svar per side, lågast del ja først", "Answers by page, lowest share of yes first") \
    X(ANSWERS_NOTE, "Øverst står sidene der flest savner noe. Svar som er for få til å vises, er ikke med.", \
      "Øvst står sidene der flest saknar noko. Svar som er for få til å visast, er ikkje med.", \
      "On top are the pages where most readers miss something. Answers too few to be shown are left out.") \
    X(MONTH_SHOWS_MORE, "En hel måned viser flere:", "Ein heil månad viser fleire:", "A whole month shows more:") \
    X(ANSWER, "Svar", "Svar", "Answer") \
    X(SHARE_YES, "Andel ja", "Del ja", "Share of yes") \
    X(SHARE_YES_BY_MONTH, "Andel ja per måned", "Del ja per månad", "Share of yes by month") \
    X(DOWNLOADS, "Nedlastinger", "Nedlastingar", "Downloads") \
    X(FILE_KEY, "Fil", "Fil", "File") \
    X(OUTBOUND, "Utgående lenker", "Utgåande lenkjer", "Outbound links") \
    X(CLICKS, "Klikk", "Klikk", "Clicks") \
    X(MISSING, "Sider som ikke finnes (404)", "Sider som ikkje finst (404)", "Pages not found (404)") \
    X(ADDRESS, "Adresse", "Adresse", "Address") \
    X(OWN_EVENTS, "Egne hendelser", "Eigne hendingar", "Own events") \
    X(EVENT, "Hendelse", "Hending", "Event") \
    X(COUNT_OF, "Antall", "Tal", "Number") \
    X(MISSING_NOTE, "Adresser som noen lenker til, men som ikke finnes. Lag en omdirigering for dem det er flest av.", \
      "Adresser som nokon lenkjer til, men som ikkje finst. Lag ei omdirigering for dei det er flest av.", \
      "Addresses that somebody links to but that are not there. Redirect those that are asked for most.") \
    X(VISIBLE_TIME, "Hvor lenge sidene leses", "Kor lenge sidene blir lesne", "How long pages are read") \
    X(VISIBLE_TIME_PAGE, "Hvor lenge siden leses", "Kor lenge sida blir lesen", "How long the page is read") \
    X(VISIT_LENGTH, "Hvor lenge første side er synlig", "Kor lenge første side er synleg", "How long the first page is visible") \
    X(VISIBLE_NOTE, "Tid siden var synlig i nettleseren.", "Tid sida var synleg i nettlesaren.", "Time that the page was visible in the browser.") \
    X(LENGTH_NOTE, "Siden som et besøk begynner med, til den lastes ut. Ikke hele besøket.", "Sida som eit besøk byrjar med, til ho blir lasta ut. Ikkje heile besøket.", "The page that a visit begins with, until it is unloaded. Not the whole visit.") \
    X(TIME, "Tid", "Tid", "Time") \
    X(SCROLL, "Hvor langt ned siden leses", "Kor langt ned sida blir lesen", "How far down the page is read") \
    X(DEPTH, "Dybde", "Djupn", "Depth") \
    X(STEP_0, "under 10 s", "under 10 s", "under 10 s") \
    X(STEP_1, "10–30 s", "10–30 s", "10–30 s") \
    X(STEP_2, "30–60 s", "30–60 s", "30–60 s") \
    X(STEP_3, "1–3 min", "1–3 min", "1–3 min") \
    X(STEP_4, "3–10 min", "3–10 min", "3–10 min") \
    X(STEP_5, "10–30 min", "10–30 min", "10–30 min") \
    X(STEP_6, "over 30 min", "over 30 min", "over 30 min") \
    X(DEPTH_0, "bare toppen", "berre toppen", "the top only") \
    X(DEPTH_1, "en firedel", "ein firedel", "a quarter") \
    X(DEPTH_2, "halve siden", "halve sida", "half the page") \
    X(DEPTH_3, "tre firedeler", "tre firedelar", "three quarters") \
    X(DEPTH_4, "hele siden", "heile sida", "the whole page") \
    X(SHARE, "Andel", "Del", "Share") \
    X(MINUTES_SECONDS, "{} min {} s", "{} min {} s", "{} min {} s") \
    X(SECONDS, "{} s", "{} s", "{} s") \
    X(VIEWS_PER_DAY, "Visninger per dag", "Visingar per dag", "Views per day") \
    X(VIEWS_PER_MONTH, "Visninger per måned", "Visingar per månad", "Views per month") \
    X(PAGE_SECTION, "Siden hører til {}.", "Sida høyrer til {}.", "The page belongs to {}.") \
    X(PAGE_TAGS, "Emneord telles for nettstedet samlet; hvilke en side har, lagres ikke. Det samme gjelder hvor leserne av én side kom fra: ingen tall kobles sammen.", \
      "Emneord blir talde for nettstaden samla; kva for nokre ei side har, blir ikkje lagra. Det same gjeld kvar lesarane av éi side kom frå: ingen tal blir kopla saman.", \
      "Topics are counted for the site as a whole; which ones a page has is not stored. Nor is where the readers of one page came from: no numbers are joined.") \
    X(PAGE_FEW, "Siden har for få visninger til at tall kan vises i denne perioden. Prøv en lengre periode eller en hel måned.", \
      "Sida har for få visingar til at tal kan visast i denne perioden. Prøv ein lengre periode eller ein heil månad.", \
      "The page has too few views for numbers to be shown in this period. Try a longer period or a whole month.") \
    X(ABOUT_THIS, "Om disse tallene", "Om desse tala", "About these numbers") \
    X(NOT_HERE, "Dette teller nettstedet ikke", "Dette tel nettstaden ikkje", "This is not counted on this site") \
    X(NOT_HERE_LEDE, "Innstillingene for nettstedet har slått av tallene som ville stått her. Se Personvern for hva som telles.", \
      "Innstillingane for nettstaden har slått av tala som ville stått her. Sjå Personvern for kva som blir talt.", \
      "The configuration of the site has switched off what would be here. See Privacy for what is counted.") \
    X(MARKS, "Merknader", "Merknader", "Notes") \
    X(MARK_ADD, "Legg til en merknad", "Legg til ein merknad", "Add a note") \
    X(MARK_DAY, "Dag", "Dag", "Day") \
    X(MARK_TEXT, "Hva skjedde?", "Kva hende?", "What happened?") \
    X(MARK_SAVE, "Lagre", "Lagre", "Save") \
    X(MARK_REMOVE, "Fjern merknaden {}", "Fjern merknaden {}", "Remove the note {}") \
    X(MARK_DAY_BAD, "Velg en dag fra den første med tall til i dag.", "Vel ein dag frå den første med tal til i dag.", "Choose a day from the first with numbers to today.") \
    X(MARK_TEXT_MISSING, "Skriv hva som skjedde.", "Skriv kva som hende.", "Enter what happened.") \
    X(MARK_TEXT_BAD, "Teksten må være på én linje og høyst 120 tegn.", "Teksten må vere på éi linje og høgst 120 teikn.", "The text must be one line of at most 120 characters.") \
    X(MARK_FULL, "Nettstedet har allerede 500 merknader. Fjern noen først.", "Nettstaden har alt 500 merknader. Fjern nokre først.", "The site has 500 notes already. Remove some first.") \
    X(MARK_BACK, "Tilbake til oversikten", "Tilbake til oversynet", "Back to the overview") \
    X(READ_OFF, "{}, avlest", "{}, avlese", "{}, read off") \
    X(COLUMNS_SAY, "Søylediagram. Høyest {}: {}. Lavest {}: {}.", "Søylediagram. Høgast {}: {}. Lågast {}: {}.", "Bar chart. Highest {}: {}. Lowest {}: {}.") \
    X(BEFORE, "før", "før", "before") \
    X(EXPORTS, "Last ned tallene", "Last ned tala", "Download the numbers") \
    X(EXPORTS_NOTE, "De samme tallene som på skjermen, for perioden {}.", "Dei same tala som på skjermen, for perioden {}.", \
      "The same numbers as on the screen, for {}.") \
    X(EXPORT_WHAT, "Tall", "Tal", "Numbers") \
    X(EXPORT_CSV, "CSV for Excel", "CSV for Excel", "CSV for Excel") \
    X(EXPORT_JSON, "JSON-stat", "JSON-stat", "JSON-stat") \
    X(EXPORT_SVG, "SVG som bilde", "SVG som bilete", "SVG as a picture") \
    X(EXPORT_NONE, "Disse tallene finnes bare for hele måneder", "Desse tala finst berre for heile månader", \
      "These numbers exist for whole months only") \
    X(EXPORT_NONE_LEDE, "Gå tilbake, velg en hel måned som periode, og last ned på nytt.", \
      "Gå tilbake, vel ein heil månad som periode, og last ned på nytt.", \
      "Go back, choose a whole month as the period, and download again.") \
    X(PRINT, "Skriv ut eller lagre som PDF", "Skriv ut eller lagre som PDF", "Print or save as PDF") \
    X(PRINT_NOTE, "Velg «Skriv ut» i nettleseren på hvilken side som helst: menyen forsvinner, og tall, kart og diagram får en ren side.", \
      "Vel «Skriv ut» i nettlesaren på kva side som helst: menyen forsvinn, og tal, kart og diagram får ei rein side.", \
      "Choose “Print” in the browser on any page: the menu goes away, and numbers, map and charts get a clean page.") \
    X(SHARE_NOTE, "Send tallene på e-post hver uke eller måned, lag en offentlig lenke som utløper, eller vis dem på en annen side.", \
      "Send tala på e-post kvar veke eller månad, lag ei offentleg lenkje som går ut, eller vis dei på ei anna side.", \
      "Send the numbers by e-mail every week or month, make a public link that expires, or show them on another page.") \
    X(SHARE_OPEN, "E-post, lenker og innbygging", "E-post, lenkjer og innbygging", "E-mail, links and embedding") \
    X(SNIPPET, "Sporingskode", "Sporingskode", "Tracking code") \
    X(COPY, "Kopier", "Kopier", "Copy") \
    X(COPIED, "Kopiert", "Kopiert", "Copied") \
    X(RECEIVED, "Kommer tallene fram?", "Kjem tala fram?", "Do the numbers arrive?") \
    X(LAST_VIEW, "Siste sidevisning kom {}.", "Siste sidevising kom {}.", "The last page view came {}.") \
    X(LAST_VIEW_HOUR, "Siste sidevisning kom i timen som begynte {}.", "Siste sidevising kom i timen som byrja {}.", \
      "The last page view came in the hour that began {}.") \
    X(LAST_VIEW_NONE, "Det er ikke sett noen ny sidevisning siden tjenesten startet.", "Det er ikkje sett noka ny sidevising sidan tenesta starta.", \
      "No new page view has been seen since the service started.") \
    X(LAST_CLOSED, "Siste dag med tall: {}.", "Siste dag med tal: {}.", "Last day with numbers: {}.") \
    X(LAST_NEVER, "Ingen dag er ferdig talt ennå.", "Ingen dag er ferdig tald enno.", "No day has been counted to its end yet.") \
    X(TEST, "Test at det virker", "Test at det verkar", "Test that it works") \
    X(TEST_WAITING, "Venter. Åpne nettstedet i en annen fane; denne siden ser etter hvert tiende sekund.", \
      "Ventar. Opne nettstaden i ei anna fane; denne sida ser etter kvart tiande sekund.", \
      "Waiting. Open the site in another tab; this page looks again every ten seconds.") \
    X(TEST_WORKS, "Det virker: en sidevisning kom nettopp fram.", "Det verkar: ei sidevising kom nettopp fram.", "It works: a page view has just arrived.") \
    X(TEST_STOP, "Slutt å vente", "Slutt å vente", "Stop waiting") \
    X(TEST_HELP, "Kommer det ingenting? Se etter i nettleserens konsoll om en Content-Security-Policy stanser skriptet, om en blokkering er på, eller om du selv har reservert deg.", \
      "Kjem det ingenting? Sjå etter i konsollen til nettlesaren om ein Content-Security-Policy stansar skriptet, om ei blokkering er på, eller om du sjølv har reservert deg.", \
      "Nothing comes? Look in the browser’s console for a Content-Security-Policy that stops the script, a blocker, or your own refusal to be counted.") \
    X(TEST_NOT, "Om noen er her akkurat nå, vises ikke: det kunne være ett barn. En time står her når den er over.", \
      "Om nokon er her akkurat no, blir ikkje vist: det kunne vere eitt barn. Ein time står her når han er over.", \
      "Whether somebody is here just now is not shown: it might be one child. An hour stands here when it is over.") \
    X(DROPPED_HELP, "Hva som kom, men ikke ble talt", "Kva som kom, men ikkje blei talt", "What came but was not counted") \
    X(REASON_RATE, "For mange på én gang", "For mange på éin gong", "Too many at once") \
    X(AT_MINUTE, "{} kl. {}", "{} kl. {}", "{} at {}") \
    X(TODAY_WORD, "i dag", "i dag", "today") \
    X(SIGN_MEANS, "≈ betyr at endringen er mindre enn usikkerheten; : i endringskolonnen betyr at den ikke kan sies.", \
      "≈ betyr at endringa er mindre enn uvissa; : i endringskolonnen betyr at ho ikkje kan seiast.", \
      "≈ means that the change is smaller than the uncertainty; : in the column of changes means that it cannot be told.")

/* clang-format on */

#endif
