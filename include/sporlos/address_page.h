/*
 * The one page that whole addresses live in while they are read: locked (never swapped out), left out of dumps, empty
 * in a child. Whoever writes into a member wipes it before returning to the event loop; then nothing of the page is
 * left, and forget_stack() sees to what functions that read it have left on the stack.
 */
#ifndef SPORLOS_ADDRESS_PAGE_H
#define SPORLOS_ADDRESS_PAGE_H

#include "sporlos/proxy_header.h"

#include <stdbool.h>
#include <sys/socket.h>

enum { ADDRESS_TEXT_BYTES = 64 }; /* longer than any spelling of an address; with its NUL */

struct full_address {
    int family; /* AF_INET, AF_INET6, or 0 */
    unsigned char bytes[16];
};

struct address_page {
    struct sockaddr_storage accepted;   /* what accept(2) says: http_listen.c */
    struct proxy_header header;         /* what a PROXY header says: http_proxy.c */
    char text[ADDRESS_TEXT_BYTES];      /* the one that is being parsed */
    unsigned char parsed[16];           /* what nobody asked for: the destination in a PROXY header */
    struct sockaddr_storage truncating; /* collector/peer.c */
    struct full_address full;           /* lib/client_address.c */
};

/* The page; not to be used by two threads. It is there, if not locked, before address_page_protect is called. */
struct address_page *address_page(void);

/* Lock it, keep it out of dumps and children. False when the kernel refuses one of them (RLIMIT_MEMLOCK). */
bool address_page_protect(void);

/*
 * Overwrite the stack below the caller's frame, where what has returned kept its variables: 256 bytes, more than four
 * frames of our own that read an address in place (forget_stack_near); 1 KiB, twice what inet_pton needs
 * (forget_stack); 64 KiB (forget_stack_deep).
 */
void forget_stack_near(void);
void forget_stack(void);
void forget_stack_deep(void);

#endif
