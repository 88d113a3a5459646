/* What a reader without script is told after answering, in three languages. {} is a hole for html_format. */
#ifndef SPORLOS_COLLECTOR_FEEDBACK_WORDS_H
#define SPORLOS_COLLECTOR_FEEDBACK_WORDS_H

/*  key, bokmål, nynorsk, English */
#define FEEDBACK_WORDS(X)                                                                                              \
    X(THANKS, "Takk for svaret!", "Takk for svaret!", "Thank you for your answer!")                                    \
    X(ANONYMOUS, "Vi vet ikke hvem som har svart.", "Vi veit ikkje kven som har svart.",                               \
      "We do not know who answered.")                                                                                  \
    X(FAILED, "Svaret kom dessverre ikke frem", "Svaret kom diverre ikkje fram", "Sorry, your answer did not arrive")  \
    X(RETRY, "Gå tilbake og prøv igjen om en stund.", "Gå tilbake og prøv igjen om ei stund.",                         \
      "Please go back and try again in a while.")                                                                      \
    X(BACK, "Tilbake til {}", "Tilbake til {}", "Back to {}")

#endif
