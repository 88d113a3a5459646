#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sporlos/address_page.h"

#include "own_stack.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_page_is_locked_undumped_and_empty_in_a_child(void **state)
{
    (void)state;
    struct address_page *page = address_page();
    assert_true(address_page_protect());
    memset(page, 0xa7, sizeof *page);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        static const struct address_page empty;
        _exit(memcmp(page, &empty, sizeof empty) == 0 ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    explicit_bzero(page, sizeof *page);
}

static const char pattern[] = "what a function left on the stack";

__attribute__((noinline)) static void
leave_pattern(void)
{
    char local[sizeof pattern];
    memcpy(local, pattern, sizeof pattern);
    __asm__ volatile("" : : "r"(local) : "memory");
}

static void
leave_only(void *argument)
{
    (void)argument;
    leave_pattern();
}

static void
leave_and_forget(void *argument)
{
    (void)argument;
    leave_pattern();
    forget_stack();
}

static void
leave_and_forget_near(void *argument)
{
    (void)argument;
    leave_pattern();
    forget_stack_near();
}

static void
leave_and_forget_deep(void *argument)
{
    (void)argument;
    leave_pattern();
    forget_stack_deep();
}

static void
test_stack_below_is_overwritten(void **state)
{
    (void)state;
    static struct own_stack stack;
    if (OWN_STACK_UNUSABLE)
        skip();
    own_stack_run(&stack, leave_only, NULL);
    assert_true(own_stack_holds(&stack, pattern, sizeof pattern - 1)); /* else the search is worthless */
    own_stack_run(&stack, leave_and_forget_near, NULL);
    assert_false(own_stack_holds(&stack, pattern, sizeof pattern - 1));
    own_stack_run(&stack, leave_and_forget, NULL);
    assert_false(own_stack_holds(&stack, pattern, sizeof pattern - 1));
    own_stack_run(&stack, leave_and_forget_deep, NULL);
    assert_false(own_stack_holds(&stack, pattern, sizeof pattern - 1));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page_is_locked_undumped_and_empty_in_a_child),
        cmocka_unit_test(test_stack_below_is_overwritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
