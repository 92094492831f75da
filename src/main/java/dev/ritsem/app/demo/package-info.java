/**
 * The demonstration: a node of its own, real files streamed through it and read back by an
 * independent consumer while they are written, checksums compared, and an account of it for people.
 *
 * <p>May use: {@code client}, {@code app.tool}, and a node embedded through {@code app}. Start
 * reading at {@link dev.ritsem.app.demo.DemoCommand}.
 */
@NullMarked
package dev.ritsem.app.demo;

import org.jspecify.annotations.NullMarked;
