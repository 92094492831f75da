/**
 * What tests of several packages share: seeds that can be replayed, clocks moved by hand, actor
 * systems per test.
 */
@NullMarked
package dev.ritsem.testing;

import org.jspecify.annotations.NullMarked;
