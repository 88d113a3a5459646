/*
 * Every sentence of the pages, once, in three languages; a row without one of them does not compile. {} is a hole for
 * html_format.
 */
#ifndef SPORLOS_AGGREGATOR_MESSAGES_H
#define SPORLOS_AGGREGATOR_MESSAGES_H

#include "account_words.h"
#include "declaration_words.h"
#include "screen_words.h"
#include "sporlos/html.h"
#include "sporlos/language.h"
#include "sporlos/table.h"

/*  key, bokmål, nynorsk, English */
#define MESSAGES(X)                                                                                                     \
    X(SKIP, "Hopp til innholdet", "Hopp til innhaldet", "Skip to content")                                              \
    X(OVERVIEW, "Oversikt", "Oversyn", "Overview")                                                                      \
    X(PRIVACY, "Personvern", "Personvern", "Privacy")                                                                   \
    X(MENU, "Hovedmeny", "Hovudmeny", "Main menu")                                                                      \
    X(LANGUAGES, "Språk", "Språk", "Language")                                                                          \
    X(SITES, "Nettsteder", "Nettstader", "Sites")                                                                       \
    X(CHOOSE_SITE, "Bytt nettsted", "Byt nettstad", "Switch site")                                                      \
    X(NO_SITES, "Du har ikke tilgang til noe nettsted ennå. Be administratoren om det.",                                \
      "Du har ikkje tilgang til nokon nettstad enno. Be administratoren om det.",                                       \
      "You do not have access to any site yet. Ask the administrator.")                                                 \
    X(LOGIN, "Logg inn", "Logg inn", "Log in")                                                                          \
    X(LOGIN_LEDE, "Nettstatistikk som ikke kan kjenne igjen noen.", "Nettstatistikk som ikkje kan kjenne att nokon.",   \
      "Web statistics that cannot recognise anyone.")                                                                   \
    X(LOGOUT, "Logg ut", "Logg ut", "Log out")                                                                          \
    X(USER_NAME, "Brukernavn", "Brukarnamn", "User name")                                                               \
    X(PASSWORD, "Passord", "Passord", "Password")                                                                       \
    X(LOGIN_WRONG, "Brukernavnet eller passordet er feil. Prøv igjen.",                                                 \
      "Brukarnamnet eller passordet er feil. Prøv igjen.", "The user name or password is wrong. Try again.")            \
    X(LOGIN_SLOW, "Det har vært for mange forsøk. Vent {} sekunder og prøv igjen.",                                     \
      "Det har vore for mange forsøk. Vent {} sekund og prøv igjen.",                                                   \
      "There have been too many attempts. Wait {} seconds and try again.")                                              \
    X(LOGIN_SLOW_MINUTES, "Det har vært for mange forsøk herfra. Vent {} minutter og prøv igjen.",                      \
      "Det har vore for mange forsøk herfrå. Vent {} minutt og prøv igjen.",                                            \
      "There have been too many attempts from here. Wait {} minutes and try again.")                                    \
    X(LOGIN_FOREIGN, "Skjemaet kom ikke fra denne siden. Åpne innloggingen på nytt og prøv igjen.",                     \
      "Skjemaet kom ikkje frå denne sida. Opne innlogginga på nytt og prøv igjen.",                                     \
      "The form did not come from this page. Open the login page again and retry.")                                     \
    X(LOGIN_COOKIE, "Innloggingen bruker én nødvendig informasjonskapsel, som forsvinner når du logger ut.",            \
      "Innlogginga bruker éin nødvendig informasjonskapsel, som forsvinn når du loggar ut.",                            \
      "Logging in uses one necessary cookie, which goes away when you log out.")                                        \
    X(NOT_FOUND, "Siden finnes ikke", "Sida finst ikkje", "There is no such page")                                      \
    X(NOT_FOUND_LEDE, "Adressen er feil, eller du har ikke tilgang til nettstedet.",                                    \
      "Adressa er feil, eller du har ikkje tilgang til nettstaden.",                                                    \
      "The address is wrong, or you do not have access to the site.")                                                   \
    X(FAILED, "Noe gikk galt hos oss", "Noko gjekk gale hos oss", "Something went wrong on our side")                   \
    X(FAILED_LEDE, "Tallene kan ikke leses akkurat nå. Prøv igjen om litt.",                                            \
      "Tala kan ikkje lesast akkurat no. Prøv igjen om litt.",                                                          \
      "The numbers cannot be read right now. Try again in a moment.")                                                   \
    X(HOME, "Til oversikten", "Til oversynet", "To the overview")                                                       \
    X(PERIOD, "Periode", "Periode", "Period")                                                                           \
    X(DAYS_7, "Siste 7 dager", "Siste 7 dagar", "Last 7 days")                                                          \
    X(DAYS_28, "Siste 28 dager", "Siste 28 dagar", "Last 28 days")                                                      \
    X(DAYS_90, "Siste 90 dager", "Siste 90 dagar", "Last 90 days")                                                      \
    X(MONTHS_12, "Siste 12 hele måneder", "Siste 12 heile månader", "Last 12 whole months")                             \
    X(RECENT, "Siste", "Siste", "Recent")                                                                               \
    X(WHOLE_MONTHS, "Hele måneder", "Heile månader", "Whole months")                                                    \
    X(COMPARE, "Sammenlign med", "Samanlikn med", "Compare with")                                                       \
    X(PREVIOUS, "Forrige periode", "Førre periode", "Previous period")                                                  \
    X(LAST_YEAR, "Samme periode i fjor", "Same periode i fjor", "Same period last year")                                \
    X(NONE, "Ingen", "Ingen", "None")                                                                                   \
    X(SHOW, "Vis", "Vis", "Show")                                                                                       \
    X(COMPARED_WITH, "sammenlignet med {}", "samanlikna med {}", "compared with {}")                                    \
    X(NOT_COMPARED, "kan ikke sammenlignes, for tallene begynner {}", "kan ikkje samanliknast, for tala byrjar {}",     \
      "nothing to compare with, since the numbers begin on {}")                                                         \
    X(NOT_COMPARED_GAPS, "kan ikke sammenlignes, for disse tallene er ikke talt alle dagene",                           \
      "kan ikkje samanliknast, for desse tala er ikkje talde alle dagane",                                              \
      "nothing to compare with, since these numbers were not counted on all of the days")                               \
    X(COUNTED_FROM, "talt fra {}", "talt frå {}", "counted from {}")                                                    \
    X(COUNTED_GAPS, "ikke talt alle dager", "ikkje talt alle dagar", "not counted every day")                           \
    X(YESTERDAY, "I går", "I går", "Yesterday")                                                                         \
    X(LAST_DAY, "Siste dag med tall", "Siste dag med tal", "Last day with numbers")                                     \
    X(THIS_WEEK, "Denne uken til nå", "Denne veka til no", "This week so far")                                          \
    X(LAST_WEEK, "Forrige uke", "Førre veke", "Last week")                                                              \
    X(CUSTOM, "Egendefinert", "Eigendefinert", "Custom")                                                                \
    X(FROM_DAY, "Fra og med", "Frå og med", "From")                                                                     \
    X(TO_DAY, "Til og med", "Til og med", "To")                                                                         \
    X(RANGE_NO_DAY, "Perioden mangler en dato, eller datoen finnes ikke. Velg både fra og til.",                        \
      "Perioden manglar ein dato, eller datoen finst ikkje. Vel både frå og til.",                                      \
      "A date is missing, or is not in the calendar. Choose both from and to.")                                         \
    X(RANGE_REVERSED, "Perioden slutter før den begynner. Velg en til-dato som er lik eller etter fra-datoen.",         \
      "Perioden sluttar før han byrjar. Vel ein til-dato som er lik eller etter frå-datoen.",                           \
      "The period ends before it begins. Choose a last day that is the first day or later.")                            \
    X(RANGE_AHEAD, "Perioden slutter på en dag som ikke er ferdig talt. Siste dag med tall er {}.",                     \
      "Perioden sluttar på ein dag som ikkje er ferdig tald. Siste dag med tal er {}.",                                 \
      "The period ends on a day that has not been counted to its end. The last day with numbers is {}.")                \
    X(RANGE_LONG, "Perioden er for lang: den kan være høyst {} dager, om lag ti år.",                                   \
      "Perioden er for lang: han kan vere høgst {} dagar, om lag ti år.",                                               \
      "The period is too long: it may be {} days at most, about ten years.")                                            \
    X(RANGE_BEFORE, "Perioden er over før tallene begynner. Første dag med tall er {}.",                                \
      "Perioden er over før tala byrjar. Første dag med tal er {}.",                                                    \
      "The period is over before the numbers begin. The first day with numbers is {}.")                                 \
    X(RANGE_BAD, "Perioden kan ikke brukes", "Perioden kan ikkje brukast", "The period cannot be used")                 \
    X(RANGE_BAD_LEDE, "Gå tilbake, velg to dager fra den første til den siste med tall, og last ned på nytt.",          \
      "Gå tilbake, vel to dagar frå den første til den siste med tal, og last ned på nytt.",                            \
      "Go back, choose two days from the first to the last with numbers, and download again.")                          \
    X(ONLY_MONTHS, "Finnes bare for hele måneder, og vises for de nærmeste.",                                           \
      "Finst berre for heile månader, og blir vist for dei næraste.",                                                   \
      "Exists for whole months only, and is shown for the nearest.")                                                    \
    X(HOURS_OF_DAY, "Sidevisninger time for time", "Sidevisingar time for time", "Page views hour by hour")             \
    X(MONTHS_CUT, "Perioden begynner eller slutter midt i en måned, som bare er delvis med.",                           \
      "Perioden byrjar eller sluttar midt i ein månad, som berre er delvis med.",                                       \
      "The period begins or ends within a month, of which only a part is included.")                                    \
    X(GEO_DBIP, "IP-geolokasjon: DB-IP.com", "IP-geolokasjon: DB-IP.com", "IP geolocation by DB-IP.com")                \
    X(VISITS, "Besøk", "Besøk", "Visits")                                                                               \
    X(VISITORS, "Besøkende (anslag)", "Besøkjande (overslag)", "Visitors (estimate)")                                   \
    X(VISITORS_MEAN,                                                                                                    \
      "Sum av dagene: den som kommer igjen en annen dag, telles igjen. Mange bak samme nettverk ser ut som én; med "   \
      "10 000 lesere om dagen er tallet om lag {} % for lavt.",                                                         \
      "Sum av dagane: den som kjem att ein annan dag, blir talt att. Mange bak same nettverk ser ut som éin; med 10 "  \
      "000 lesarar om dagen er talet om lag {} % for lågt.",                                                            \
      "The sum of days: whoever comes again on another day counts again. Many behind one network look like one; at "    \
      "10,000 readers a day the number is about {} % too low.")                                                         \
    X(VIEWS, "Sidevisninger", "Sidevisingar", "Page views")                                                             \
    X(TODAY, "I dag til kl. {}", "I dag til kl. {}", "Today until {}")                                                  \
    X(TODAY_NONE, "I dag", "I dag", "Today")                                                                            \
    X(TODAY_UNIT, "sidevisninger", "sidevisingar", "page views")                                                        \
    X(TODAY_AT_LEAST, "minst {}", "minst {}", "at least {}")                                                            \
    X(TODAY_WAIT, "Første tall kommer når en time er over.", "Første tal kjem når ein time er over.",                   \
      "The first number comes when an hour is over.")                                                                   \
    X(UP, "opp", "opp", "up")                                                                                           \
    X(DOWN, "ned", "ned", "down")                                                                                       \
    X(UNCHANGED, "omtrent uendret", "om lag uendra", "about the same")                                                  \
    X(FROM_VALUE, "fra {}", "frå {}", "from {}")                                                                        \
    X(VISITS_PER_DAY, "Besøk per dag", "Besøk per dag", "Visits per day")                                               \
    X(VISITS_PER_MONTH, "Besøk per måned", "Besøk per månad", "Visits per month")                                       \
    X(CHART_SAYS, "Linjediagram. Høyest {}: {}. Lavest {}: {}.", "Linjediagram. Høgast {}: {}. Lågast {}: {}.",         \
      "Line chart. Highest {}: {}. Lowest {}: {}.")                                                                     \
    X(CHART_EMPTY, "Ingen tall å vise i denne perioden.", "Ingen tal å vise i denne perioden.",                         \
      "No numbers to show in this period.")                                                                             \
    X(AS_TABLE, "Vis som tabell", "Vis som tabell", "Show as table")                                                    \
    X(DATE, "Dato", "Dato", "Date")                                                                                     \
    X(MONTH, "Måned", "Månad", "Month")                                                                                 \
    X(PAGES, "Mest leste sider", "Mest lesne sider", "Most read pages")                                                 \
    X(PAGE, "Side", "Side", "Page")                                                                                     \
    X(VIEWS_SHORT, "Visninger", "Visingar", "Views")                                                                    \
    X(CHANGE, "Endring", "Endring", "Change")                                                                           \
    X(OTHER_PAGES, "Andre sider", "Andre sider", "Other pages")                                                         \
    X(MORE_ROWS, "Vis {} til", "Vis {} til", "Show {} more")                                                            \
    X(NO_ROWS, "Ingen rader er store nok til å vises i denne perioden.",                                                \
      "Ingen rader er store nok til å visast i denne perioden.",                                                        \
      "No rows are large enough to be shown in this period.")                                                           \
    X(NO_MONTH, "De første tallene kommer når den første hele måneden er over.",                                        \
      "Dei første tala kjem når den første heile månaden er over.",                                                     \
      "The first numbers come when the first whole month is over.")                                                     \
    X(LOW_COVERAGE, "Radene som kan vises, dekker {} % av tallene. En hel måned viser flere:",                          \
      "Radene som kan visast, dekkjer {} % av tala. Ein heil månad viser fleire:",                                      \
      "The rows that can be shown cover {} % of the numbers. A whole month shows more:")                                \
    X(COVERAGE, "Radene dekker {} % av tallene.", "Radene dekkjer {} % av tala.",                                       \
      "The rows cover {} % of the numbers.")                                                                            \
    X(MUNICIPALITIES, "Kommuner", "Kommunar", "Municipalities")                                                         \
    X(MUNICIPALITY, "Kommune", "Kommune", "Municipality")                                                               \
    X(ESTIMATE, "anslag", "overslag", "estimate")                                                                       \
    X(MAP_SAYS, "Kart over Norge med en sirkel for hver kommune; tabellen har de samme tallene.",                       \
      "Kart over Noreg med ein sirkel for kvar kommune; tabellen har dei same tala.",                                   \
      "Map of Norway with a circle for each municipality; the table has the same numbers.")                             \
    X(MAP_KEY, "Flaten av sirkelen svarer til antall besøk.", "Flata av sirkelen svarer til talet på besøk.",           \
      "The area of a circle stands for the number of visits.")                                                          \
    X(REST_OF, "Øvrige i {}", "Øvrige i {}", "Others in {}")                                                            \
    X(SMALL_OF, "Små kommuner i {}", "Små kommunar i {}", "Small municipalities in {}")                                 \
    X(UNKNOWN, "Ukjent", "Ukjent", "Unknown")                                                                           \
    X(ABROAD, "Utlandet", "Utlandet", "Abroad")                                                                         \
    X(NOT_COUNTED, "Ikke talt", "Ikkje talt", "Not counted")                                                            \
    X(NOT_COUNTED_LEDE, "Forespørsler som kom, men som ikke er med i tallene.",                                         \
      "Førespurnader som kom, men som ikkje er med i tala.", "Requests that came but are not in the numbers.")          \
    X(REASON, "Grunn", "Grunn", "Reason")                                                                               \
    X(REQUESTS, "Antall", "Tal", "Number")                                                                              \
    X(DECLINED, "Har reservert seg", "Har reservert seg", "Declined to be counted")                                     \
    X(REASON_AI, "Roboter for språkmodeller", "Robotar for språkmodellar", "Robots of language models")                 \
    X(REASON_BOT, "Roboter", "Robotar", "Robots")                                                                       \
    X(REASON_PREFETCH, "Forhåndslasting", "Førehandslasting", "Prefetching")                                            \
    X(REASON_ORIGIN, "Sendt fra et annet nettsted", "Sendt frå ein annan nettstad", "Sent from another site")           \
    X(REASON_MALFORMED, "Ugyldig melding", "Ugyldig melding", "Invalid message")                                        \
    X(HOURS_TODAY, "I dag, time for time", "I dag, time for time", "Today, hour by hour")                               \
    X(HOUR, "Time", "Time", "Hour")                                                                                     \
    X(HOW_TO_READ, "Slik leser du tallene", "Slik les du tala", "How to read the numbers")                              \
    X(HIDDEN_MEANS,                                                                                                     \
      "Et kolon (:) betyr at tallet er skjult: under {}, eller fra for få ulike nettverk. En sum har en høyere "      \
      "grense, for {} dager om lag {}. Slik kan ingen kjennes igjen.",                                                  \
      "Eit kolon (:) betyr at talet er skjult: under {}, eller frå for få ulike nettverk. Ein sum har ei høgare "    \
      "grense, for {} dagar om lag {}. Slik kan ingen kjennast att.",                                                   \
      "A colon (:) means that the number is hidden: below {}, or from too few different networks. A sum has a higher "  \
      "limit, for {} days about {}. So nobody can be recognised.")                                                      \
    X(HIDDEN_MEANS_DAY,                                                                                                 \
      "Et kolon (:) betyr at tallet er skjult: under {}, eller fra for få ulike nettverk. Slik kan ingen kjennes "     \
      "igjen.",                                                                                                         \
      "Eit kolon (:) betyr at talet er skjult: under {}, eller frå for få ulike nettverk. Slik kan ingen kjennast "   \
      "att.",                                                                                                           \
      "A colon (:) means that the number is hidden: below {}, or from too few different networks. So nobody can be "    \
      "recognised.")                                                                                                    \
    X(NOISE_MEANS,                                                                                                      \
      "Hvert tall er født med en liten tilfeldig feil, høyst ±{} per dag. Feilen jevner seg ut i summer.",              \
      "Kvart tal er fødd med ein liten tilfeldig feil, høgst ±{} per dag. Feilen jamnar seg ut i summar.",              \
      "Each number is born with a small random error of at most ±{} a day. It evens out in sums.")                      \
    X(CLOSED_MEANS, "Tall vises når dagen, timen eller måneden er over.",                                               \
      "Tal blir viste når dagen, timen eller månaden er over.",                                                         \
      "Numbers are shown when the day, hour or month is over.")                                                         \
    X(RESTRICTED_WHY,                                                                                                   \
      "Dette nettstedet måles i vernet modus: bare besøk og sidevisninger per dag, og sider og kommuner per hel "     \
      "måned. Mer blir ikke målt, for at de som besøker det, skal være trygge.",                                        \
      "Denne nettstaden blir målt i verna modus: berre besøk og sidevisingar per dag, og sider og kommunar per heil " \
      "månad. Meir blir ikkje målt, for at dei som besøkjer han, skal vere trygge.",                                    \
      "This site is measured in restricted mode: only visits and page views by day, and pages and municipalities by "   \
      "whole month. Nothing more is measured, so that those who visit it are safe.")                                    \
    X(EMPTY_TITLE, "Ingen tall ennå", "Ingen tal enno", "No numbers yet")                                               \
    X(EMPTY_STILL_TITLE, "Ingen dag har tall som kan vises", "Ingen dag har tal som kan visast",                        \
      "No day has numbers that can be shown")                                                                           \
    X(EMPTY_STILL_LEDE,                                                                                                 \
      "Enten kommer det ingen meldinger fra nettstedet, eller så er det for få besøk hver dag. Slik kommer det i "   \
      "gang:",                                                                                                          \
      "Anten kjem det ingen meldingar frå nettstaden, eller så er det for få besøk kvar dag. Slik kjem han i gang:",    \
      "Either no messages come from the site, or it has too few visits each day. This is how it gets started:")         \
    X(EMPTY_LEDE, "De første tallene kommer når den første dagen er over. Slik kommer nettstedet i gang:",              \
      "Dei første tala kjem når den første dagen er over. Slik kjem nettstaden i gang:",                                \
      "The first numbers come when the first day is over. This is how the site gets started:")                          \
    X(EMPTY_LEDE_HOURS,                                                                                                 \
      "De første tallene kommer når en time er over, resten når dagen er over. Slik kommer nettstedet i gang:",         \
      "Dei første tala kjem når ein time er over, resten når dagen er over. Slik kjem nettstaden i gang:",              \
      "The first numbers come when an hour is over, the rest when the day is over. This is how the site gets "          \
      "started:")                                                                                                       \
    X(EMPTY_STEP_SCRIPT, "Lim denne linjen inn i <head> på alle sidene:",                                               \
      "Lim denne lina inn i <head> på alle sidene:", "Paste this line into the <head> of every page:")                  \
    X(EMPTY_STEP_CSP, "Har nettstedet en Content-Security-Policy, må den tillate adressen:",                            \
      "Har nettstaden ein Content-Security-Policy, må han tillate adressa:",                                            \
      "If the site has a Content-Security-Policy, it must allow the address:")                                          \
    X(EMPTY_STEP_VISIT, "Åpne en side på nettstedet. Besøket er med i tallene når timen og dagen er over.",             \
      "Opne ei side på nettstaden. Besøket er med i tala når timen og dagen er over.",                                  \
      "Open a page of the site. The visit is in the numbers when the hour and the day are over.")                       \
    X(PRIVACY_TITLE, "Hva dette nettstedet måler", "Kva denne nettstaden måler", "What this site measures")             \
    X(PRIVACY_COUNTED, "Dette blir talt", "Dette blir talt", "This is counted")                                         \
    X(PRIVACY_WHAT, "Hva", "Kva", "What")                                                                               \
    X(PRIVACY_PER, "per {}", "per {}", "by {}")                                                                         \
    X(PRIVACY_NOT, "Dette blir ikke målt", "Dette blir ikkje målt", "This is not measured")                             \
    X(PRIVACY_LEFT_OUT, "Dette blir heller ikke talt her", "Dette blir heller ikkje talt her",                          \
      "Nor is this counted here")                                                                                       \
    X(PRIVACY_DECLARATION, "Erklæringen", "Erklæringa", "The declaration")                                              \
    X(PRIVACY_DECLARATION_LEDE,                                                                                         \
      "Hva som leses når en side vises, hvor lenge tallene finnes, hvem som ser dem og hvordan man reserverer seg, "   \
      "står i erklæringen, som er åpen for alle. Den kunngjør endringer minst 14 dager før.",                           \
      "Kva som blir lese når ei side blir vist, kor lenge tala finst, kven som ser dei og korleis ein reserverer "     \
      "seg, "                                                                                                           \
      "står i erklæringa, som er open for alle. Ho kunngjer endringar minst 14 dagar før.",                             \
      "What is read when a page is viewed, how long the numbers exist, who sees them and how to decline is in the "     \
      "declaration, which is open to everyone. It announces changes at least 14 days ahead.")                           \
    X(PRIVACY_DECLARATION_OPEN, "Åpne erklæringen", "Opne erklæringa", "Open the declaration")                          \
    X(PRIVACY_NOT_WHO, "Hvem du er. IP-adressen kortes ned før noe annet skjer, og lagres aldri.",                      \
      "Kven du er. IP-adressa blir korta ned før noko anna skjer, og blir aldri lagra.",                                \
      "Who you are. The IP address is shortened before anything else happens, and is never stored.")                    \
    X(PRIVACY_NOT_FOLLOW, "Hva en person gjør. Det finnes ingen profil og ingen informasjonskapsel.",                   \
      "Kva ein person gjer. Det finst ingen profil og ingen informasjonskapsel.",                                       \
      "What a person does. There is no profile and no cookie.")                                                         \
    X(PRIVACY_NOT_JOIN, "Sammenhenger. Hvert tall står alene; side og kommune kan ikke kobles.",                        \
      "Samanhengar. Kvart tal står åleine; side og kommune kan ikkje koplast.",                                         \
      "Connections. Each number stands alone; page and municipality cannot be joined.")                                 \
    X(PRIVACY_NOT_ASKED, "Den som har reservert seg (Global Privacy Control eller Do Not Track).",                      \
      "Den som har reservert seg (Global Privacy Control eller Do Not Track).",                                         \
      "Anyone who declined (Global Privacy Control or Do Not Track).")                                                  \
    X(PRIVACY_RULES, "Når et tall vises", "Når eit tal blir vist", "When a number is shown")                            \
    X(PRIVACY_RULE_SHOW,                                                                                                \
      "Et tall vises når det er {} eller mer; minst {} sidevisninger ligger da bak. En sum må være større.",            \
      "Eit tal blir vist når det er {} eller meir; minst {} sidevisingar ligg då bak. Ein sum må vere større.",         \
      "A number is shown when it is {} or more; at least {} page views are then behind it. A sum must be larger.")      \
    X(PRIVACY_RULE_WITNESS, "Det må komme fra minst {} ulike nettverk.", "Det må kome frå minst {} ulike nettverk.",    \
      "It must come from at least {} different networks.")                                                              \
    X(PRIVACY_RULE_NOISE, "Hvert tall har en tilfeldig feil på høyst ±{}.",                                             \
      "Kvart tal har ein tilfeldig feil på "                                                                           \
      "høgst ±{}.",                                                                                                     \
      "Each number has a random error of at most ±{}.")                                                                 \
    X(PER_HOUR, "time", "time", "hour")                                                                                 \
    X(PER_DAY, "dag", "dag", "day")                                                                                     \
    X(PER_MONTH, "måned", "månad", "month")                                                                             \
    X(AND, "og", "og", "and")                                                                                           \
    X(GEO_DATA, "Kommuner er anslått med", "Kommunar er rekna ut med", "Municipalities are estimated with")             \
    X(SLOGAN, "Statistikk uten spor", "Statistikk utan spor", "Statistics without traces")

#define X(key, nb, nn, en) MESSAGE_##key,
enum message { MESSAGES(X) DECLARATION_MESSAGES(X) ACCOUNT_MESSAGES(X) SCREEN_MESSAGES(X) MESSAGE_COUNT };
#undef X

const char *message_text(enum message message, enum language language);

/* Write a message, with its holes filled by text or by numbers (MESSAGE_NUMBERS_MAX of them at most). */
void html_message(struct html *html, enum language language, enum message message);
void html_message_number(struct html *html, enum language language, enum message message, int64_t number);
void html_message_text(struct html *html, enum language language, enum message message, struct span text);
enum { MESSAGE_NUMBERS_MAX = 3 };
void html_message_numbers(struct html *html, enum language language, enum message message, size_t count,
                          const int64_t *numbers);
/* Its hole filled by what *part holds, which is ended: a date, a number with its unit, nothing that needs an escape. */
void html_message_part(struct html *html, enum language language, enum message message, struct html *part);

/* '4. november 2026', '4. nov.', 'november 2026', 'nov.' and '28. oktober–24. november 2026'. */
enum date_style { DATE_LONG, DATE_SHORT, DATE_WEEKDAY };
void html_date(struct html *html, enum language language, int32_t day, enum date_style style);
void html_month(struct html *html, enum language language, int32_t month, bool short_form);
void html_dates(struct html *html, enum language language, int32_t from, int32_t to);
/* '14:05', of minutes since midnight; '24:00' is the end of the day. */
void html_clock(struct html *html, int minutes);

#endif
