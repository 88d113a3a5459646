/* Place names in one form, so that two ways of writing a name are equal. Pure. */
#ifndef SPORLOS_COLLECTOR_GEO_FOLD_H
#define SPORLOS_COLLECTOR_GEO_FOLD_H

#include "sporlos/span.h"

enum { GEO_FOLD_MAX = 64 }; /* bytes of a folded name, terminator included */

/*
 * Fold name into folded, terminated: lower-case a-z and digits alone. Latin letters lose their marks (Unicode's Latin-1
 * Supplement and Latin Extended-A, which hold the Norwegian, Kven and Sami ones): å a, ø o, æ ae, á a, č c, đ d, ŋ n,
 * š s, ŧ t, ž z; 'aa' is 'a', as in Aas and Ås. Spaces, hyphens, other signs and text in parentheses are left out.
 * A name that is empty, too long or not UTF-8 folds to "".
 */
void geo_fold(struct span name, char folded[GEO_FOLD_MAX]);

#endif
