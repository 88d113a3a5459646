/*
 * Forms that change something: POST to a path of ours, every input with its label, without any script. One that could
 * not be taken is given back as it was sent, but for passwords, with a sentence at each field that is at fault.
 */
#ifndef SPORLOS_AGGREGATOR_FORM_H
#define SPORLOS_AGGREGATOR_FORM_H

#include "page.h"

enum { FORM_FAULTS_MAX = 8 };

/* A form that was sent, and its faults: at most one of a field. */
struct sent_form {
    const char *action; /* which form of the page */
    struct span body;   /* as it was posted; empty: nothing is to be given back */
    size_t count;
    struct {
        const char *field; /* a literal */
        enum message message;
    } faults[FORM_FAULTS_MAX];
};

/* Note a fault; of a field that has one already, nothing is noted. */
void form_fault(struct sent_form *sent, const char *field, enum message message);
/* All of them, above everything else: each leads to its field. Nothing where the page gives no form back. */
void form_faults(struct html *html, const struct page *page);

/* A form that is being written. */
struct form {
    struct html *html;
    const struct page *page;
    const char *action; /* the field 'action', which says what to do; the only one of the page: ids begin with it */
};

/* <form method=post>, its address with the language carried on. The browser checks nothing: it would name one fault
 * at a time, in words of its own. */
void form_begin(const struct form *form, const char *path, const char *css);
void form_end(const struct form *form, enum message button);

/* A hidden field. */
void form_hidden(struct html *html, const char *name, struct span value);

struct form_field {
    const char *name, *type, *autocomplete;
    enum message label, help; /* help MESSAGE_COUNT: none */
    struct span value;        /* unless it was sent */
    unsigned length_max;      /* characters; 0: none is cut off */
    bool is_required;
};
void form_field(const struct form *form, const struct form_field *field);

struct form_choice {
    const char *value;
    enum message label;
};
/* chosen: unless it was sent. */
void form_select(const struct form *form, const char *name, enum message label, const struct form_choice *choices,
                 size_t count, size_t chosen);

/* A box to tick, of several that have one name. */
struct form_box {
    const char *name, *value;
    struct span label;
    bool is_first;
    bool is_ticked; /* unless it was sent */
};
void form_box(const struct form *form, const struct form_box *box);
/* <fieldset> around them, with its name, its help and its fault. */
void form_boxes_begin(const struct form *form, const char *name, enum message legend, enum message help);
void form_boxes_end(const struct form *form);

/* A form behind a <details> that asks first: button with what it takes away in its text. */
void form_confirm(struct html *html, const struct page *page, const char *path, const char *action, const char *field,
                  struct span value, enum message verb, enum message sure, struct span what);

/* What came of the form that was sent before: a sentence, good or bad; MESSAGE_COUNT: none was. */
void form_outcome(struct html *html, const struct page *page, enum message outcome);
/* The same with its hole filled. */
void form_outcome_number(struct html *html, const struct page *page, enum message outcome, int64_t number);

#endif
