/**
 * A node as a process of its own: starting it in the foreground and in the background, finding it
 * again by the pid file in its data directory, stopping it, and its log output.
 *
 * <p>May use: everything. Start reading at {@link dev.ritsem.app.process.StartCommand}.
 */
@NullMarked
package dev.ritsem.app.process;

import org.jspecify.annotations.NullMarked;
