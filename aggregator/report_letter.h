/* A report in words: subject, text and HTML of the letter, in the language its reader gets it in. */
#ifndef SPORLOS_AGGREGATOR_REPORT_LETTER_H
#define SPORLOS_AGGREGATOR_REPORT_LETTER_H

#include "report.h"
#include "sporlos/gazetteer.h"
#include "sporlos/html.h"

struct letter {
    const struct report *report;
    const struct gazetteer *gazetteer; /* NULL: numbers instead of names */
    const char *public_url;            /* of the dashboard; NULL: no link to it */
    enum language language;
};

/* Append each; plain text has no control characters but line ends of its own. */
void letter_subject(struct html *out, const struct letter *letter);
void letter_text(struct html *out, const struct letter *letter);
void letter_html(struct html *out, const struct letter *letter);

#endif
