/* A line of an access log in the format that nginx and Apache call combined. */
#ifndef SPORLOS_REPLAY_ACCESS_LINE_H
#define SPORLOS_REPLAY_ACCESS_LINE_H

#include "view.h"

enum {
    ACCESS_LINE_MAX = 16384, /* bytes; a longer one is unreadable */
    VIEW_PATH_MAX = 1024,    /* bytes; views of longer paths are none */
    VIEW_AGENT_MAX = 512,    /* bytes; what follows is cut off */
};

enum access_verdict {
    ACCESS_VIEW,       /* a page was shown */
    ACCESS_OTHER,      /* anything else: another method or status, a picture, an address that is no path */
    ACCESS_UNREADABLE, /* it is not in the combined format */
};

/*
 * Reads ADDRESS IDENT USER [day/Mon/year:hh:mm:ss +zone] "METHOD TARGET HTTP/x" STATUS BYTES "REFERER" "USER-AGENT" and
 * whatever follows. The line (without its end) is changed in place: the address is wiped before anything else is read,
 * quoted texts are unescaped (\" \\ \xHH \t \n ...). The view borrows from it. own: the hosts of the site; a
 * referrer from them, or from the same with www. before it, means that the view is no entry.
 *
 * *why is a static sentence for ACCESS_UNREADABLE, NULL otherwise. No sentence has anything of the line in it.
 */
enum access_verdict access_line_read(char *line, size_t length, const struct text_list *own, struct view *view,
                                     const char **why);

/* Is this the path of a page, and not of what pages are made of or lead to (.css, .png, .pdf)? */
bool access_path_is_page(struct span path);

#endif
