/* Every sentence of the opt-out page, once, in three languages. {} is a hole for html_format. */
#ifndef SPORLOS_COLLECTOR_OPT_OUT_WORDS_H
#define SPORLOS_COLLECTOR_OPT_OUT_WORDS_H

/*  key, bokmål, nynorsk, English */
#define OPT_OUT_WORDS(X)                                                                                                   \
    X(LANGUAGES, "Språk", "Språk", "Language")                                                                             \
    X(TITLE, "Vil du bli talt?", "Vil du bli talt?", "Do you want to be counted?")                                         \
    X(LEDE, "{} teller besøk for å vite hvilke sider som blir lest. Det telles hvor mange, aldri hvem.",                   \
      "{} tel besøk for å vite kva sider som blir lesne. Det blir talt kor mange, aldri kven.",                            \
      "{} counts visits to know which pages are read. It counts how many, never who.")                                     \
    X(SIGNAL, "Nettleseren din sier allerede nei for deg. Du blir ikke talt, og trenger ikke gjøre noe.",                  \
      "Nettlesaren din seier alt nei for deg. Du blir ikkje talt, og treng ikkje gjere noko.",                             \
      "Your browser already declines for you. You are not counted, and there is nothing you need to do.")                  \
    X(BUTTON_OFF, "Ikke tell meg", "Ikkje tel meg", "Do not count me")                                                     \
    X(BUTTON_ON, "Tell meg igjen", "Tel meg igjen", "Count me again")                                                      \
    X(ON_HOST, " på {}", " på {}", " on {}")                                                                               \
    X(EACH_HOST, "Nettstedet har flere adresser, og nettleseren husker valget for hver av dem.",                           \
      "Nettstaden har fleire adresser, og nettlesaren hugsar valet for kvar av dei.",                                      \
      "The site has several addresses, and your browser remembers the choice for each of them.")                           \
    X(WHAT_HAPPENS, "Hva knappen gjør", "Kva knappen gjer", "What the button does")                                        \
    X(LEADS,                                                                                                               \
      "Den tar deg til {}. Der lagrer nettleseren din ett ord: at du ikke vil bli talt. Ordet ligger bare hos "            \
      "deg, og er det eneste vi noen gang lagrer hos en leser.",                                                           \
      "Han tek deg til {}. Der lagrar nettlesaren din eitt ord: at du ikkje vil bli talt. Ordet ligg berre hos deg, "      \
      "og er det einaste vi nokon gong lagrar hos ein lesar.",                                                             \
      "It takes you to {}. There your browser stores one word: that you do not want to be counted. The word stays "        \
      "with you, and is the only thing we ever store with a reader.")                                                      \
    X(AFTERWARDS, "Etterpå sender sidene bare beskjed om at noen ikke vil bli talt, ikke hva du leser.",                   \
      "Etterpå sender sidene berre beskjed om at nokon ikkje vil bli talt, ikkje kva du les.",                             \
      "From then on the pages only send word that somebody declined, not what you read.")                                  \
    X(CONFIRMED, "Du får en bekreftelse nederst på siden du kommer til. Kommer den ikke, er valget ikke lagret.",          \
      "Du får ei stadfesting nedst på sida du kjem til. Kjem ho ikkje, er valet ikkje lagra.",                             \
      "You get a confirmation at the bottom of the page you come to. If there is none, the choice was not saved.")         \
    X(THIS_BROWSER, "Valget gjelder nettleseren du bruker nå, til du angrer eller sletter nettstedets data der.",          \
      "Valet gjeld nettlesaren du bruker no, til du angrar eller slettar data frå nettstaden der.",                        \
      "The choice holds in the browser you are using now, until you take it back or clear the site's data there.")         \
    X(COUNTED, "Hva som telles", "Kva som blir talt", "What is counted")                                                   \
    X(NOT_KEPT,                                                                                                            \
      "Ingen informasjonskapsler. Slutten av nettadressen din kuttes bort før noe annet ser på den, og resten "          \
      "lagres heller ikke.",                                                                                               \
      "Ingen informasjonskapslar. Slutten av nettadressa di blir kutta bort før noko anna ser på henne, og resten "      \
      "blir heller ikkje lagra.",                                                                                          \
      "No cookies. The end of your network address is cut off before anything else looks at it, and the rest is not "      \
      "stored either.")                                                                                                    \
    X(EVERYWHERE,                                                                                                          \
      "Vil du si nei på alle nettsteder på en gang, kan du slå på «Global Privacy Control» i nettleseren din.",            \
      "Vil du seie nei på alle nettstader på ein gong, kan du slå på «Global Privacy Control» i nettlesaren din.",         \
      "To decline on every site at once, turn on “Global Privacy Control” in your browser.")                               \
    X(UNKNOWN_TITLE, "Dette nettstedet kjenner vi ikke", "Denne nettstaden kjenner vi ikkje",                              \
      "We do not know this site")                                                                                          \
    X(UNKNOWN,                                                                                                             \
      "Adressen nevner et nettsted som ikke telles her. Gå tilbake dit du kom fra, og prøv lenken der igjen.",             \
      "Adressa nemner ein nettstad som ikkje blir talt her. Gå tilbake dit du kom frå, og prøv lenkja der igjen.",         \
      "The address names a site that is not counted here. Go back to where you came from and try its link again.")         \
    X(WHICH_TITLE, "Hvilket nettsted gjelder det?", "Kva nettstad gjeld det?", "Which site is it about?")                  \
    X(WHICH,                                                                                                               \
      "Her kan du si nei til å bli talt i besøksstatistikken til et nettsted. Adressen hit må si hvilket: gå til "     \
      "nettstedet og bruk lenken der.",                                                                                    \
      "Her kan du seie nei til å bli talt i besøksstatistikken til ein nettstad. Adressa hit må seie kva for ein: gå " \
      "til nettstaden og bruk lenkja der.",                                                                                \
      "Here you can decline to be counted in the visitor statistics of a site. The address must say which: go to the "     \
      "site and use the link there.")

#endif
