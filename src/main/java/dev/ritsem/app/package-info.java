/**
 * Where everything is put together: {@link dev.ritsem.app.RitsemNode} builds a node out of the
 * layers below, from settings alone, in the launcher's JVM or in anybody's; {@link
 * dev.ritsem.app.Main} is the command line, whose {@code start} runs such a node as a process. The
 * real clock, randomness and console are touched here and handed down.
 *
 * <p>May use: everything. Start reading at {@link dev.ritsem.app.RitsemNode}.
 */
@NullMarked
package dev.ritsem.app;

import org.jspecify.annotations.NullMarked;
