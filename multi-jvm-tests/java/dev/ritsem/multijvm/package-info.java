/**
 * Tests in which every node is a process of its own, started through {@code scripts/ritsem} as a
 * user would start it, and other people's software is the judge of what it does.
 *
 * <p>The harness is made for use: {@link dev.ritsem.multijvm.RealNodes} is a JUnit 5 extension that
 * starts {@link dev.ritsem.multijvm.RealNode}s and leaves nothing behind; {@link
 * dev.ritsem.multijvm.Judge} runs a main class of another project with a class path of its own.
 * {@code multi-jvm-tests/README.md} shows a whole test. May use: kafka-clients, JUnit, AssertJ, and
 * nothing of Ritsem, so that a fault in our code cannot hide itself. Start reading at {@link
 * dev.ritsem.multijvm.RealNodes}.
 */
@NullMarked
package dev.ritsem.multijvm;

import org.jspecify.annotations.NullMarked;
