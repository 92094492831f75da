/**
 * The commands of {@code scripts/ritsem}: what a command line says is turned into calls of the
 * client API (or, for {@code log dump}, into reading of log files), and the answers into text or
 * JSON. A command holds no logic of the broker's.
 *
 * <p>May use: {@code client}, {@code log}, {@code record}, {@code config}, {@code model}; {@code
 * demo} and {@code bench} also embed a node. Start reading at {@link dev.ritsem.app.tool.ExitCode}.
 */
@NullMarked
package dev.ritsem.app.tool;

import org.jspecify.annotations.NullMarked;
