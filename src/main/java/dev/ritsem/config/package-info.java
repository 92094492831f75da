/**
 * Settings as values: each feature declares its keys as {@link dev.ritsem.config.Setting}s (name,
 * type, default, range, unit, documentation), and the composition root reads files and command
 * lines into one immutable {@link dev.ritsem.config.Settings}. Whatever is unknown or out of range
 * is refused with key, value, source and range.
 *
 * <p>May use: {@code model}, and the HOCON reader. Start reading at {@link
 * dev.ritsem.config.Setting}.
 */
@NullMarked
package dev.ritsem.config;

import org.jspecify.annotations.NullMarked;
