/* The languages that pages speak, and how a reader names one. */
#ifndef SPORLOS_LANGUAGE_H
#define SPORLOS_LANGUAGE_H

#include "sporlos/span.h"
#include "sporlos/table.h"

/* Short tag of a language: "nb", "nn", "en". */
const char *language_tag(enum language language);

/* The language that a tag names ("nb", "nn", "en", "no"); false if none. */
bool language_find(struct span tag, enum language *language);

/* The first language of an Accept-Language header that we speak, by weight; bokmål if none. */
enum language language_accepted(struct span header);

#endif
