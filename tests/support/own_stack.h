/* Run a function on a stack that can be looked through afterwards: what has it left there? */
#ifndef TESTS_OWN_STACK_H
#define TESTS_OWN_STACK_H

#include <stdbool.h>
#include <string.h>
#include <ucontext.h>

/* AddressSanitizer gives variables room of its own, and has no notion of another stack. */
#if defined __SANITIZE_ADDRESS__
#define OWN_STACK_UNUSABLE true
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define OWN_STACK_UNUSABLE true
#endif
#endif
#ifndef OWN_STACK_UNUSABLE
#define OWN_STACK_UNUSABLE false
#endif

enum { OWN_STACK_BYTES = 512 * 1024 };

struct own_stack {
    _Alignas(4096) unsigned char bytes[OWN_STACK_BYTES];
    void (*function)(void *argument);
    void *argument;
    ucontext_t back, there;
};

static struct own_stack *own_stack_current; /* makecontext hands over integers only */

static inline void
own_stack_enter(void)
{
    own_stack_current->function(own_stack_current->argument);
    swapcontext(&own_stack_current->there, &own_stack_current->back);
}

/* Empty the stack, and run it there. */
static inline void
own_stack_run(struct own_stack *stack, void (*function)(void *), void *argument)
{
    memset(stack->bytes, 0, sizeof stack->bytes);
    stack->function = function;
    stack->argument = argument;
    own_stack_current = stack;
    getcontext(&stack->there);
    stack->there.uc_stack.ss_sp = stack->bytes;
    stack->there.uc_stack.ss_size = sizeof stack->bytes;
    makecontext(&stack->there, own_stack_enter, 0);
    swapcontext(&stack->back, &stack->there);
}

static inline bool
own_stack_holds(const struct own_stack *stack, const void *bytes, size_t length)
{
    return memmem(stack->bytes, sizeof stack->bytes, bytes, length) != NULL;
}

#endif
