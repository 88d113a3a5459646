/* Forms that change something: POST to a path of ours, every input with its label, without any script. */
#ifndef SPORLOS_AGGREGATOR_FORM_H
#define SPORLOS_AGGREGATOR_FORM_H

#include "page.h"

/* <form method=post>, its address with the language carried on, and the field 'action', which says what to do. */
void form_begin(struct html *html, const struct page *page, const char *path, const char *action, const char *css);
void form_end(struct html *html, const struct page *page, enum message button);

/* A hidden field. */
void form_hidden(struct html *html, const char *name, struct span value);

struct form_field {
    const char *name, *type, *autocomplete; /* type "textarea": several lines */
    enum message label, help;               /* help MESSAGE_COUNT: none */
    struct span value;
    unsigned length_max;
    bool is_required;
};
/* id: what makes it the only one of its name on the page; "" where it is. */
void form_field(struct html *html, const struct page *page, const struct form_field *field, const char *id);

struct form_choice {
    const char *value;
    enum message label;
};
void form_select(struct html *html, const struct page *page, const char *name, enum message label,
                 const struct form_choice *choices, size_t count, size_t chosen, const char *id);

/* A form behind a <details> that asks first: button with what it takes away in its text. */
void form_confirm(struct html *html, const struct page *page, const char *path, const char *action, const char *field,
                  struct span value, enum message verb, enum message sure, struct span what);

/* What came of the form that was sent before: a sentence, good or bad; MESSAGE_COUNT: none was. */
void form_outcome(struct html *html, const struct page *page, enum message outcome);
/* The same with its hole filled. */
void form_outcome_number(struct html *html, const struct page *page, enum message outcome, int64_t number);

#endif
