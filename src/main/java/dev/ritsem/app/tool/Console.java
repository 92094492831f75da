package dev.ritsem.app.tool;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * The process's own streams, for commands that pass bytes through as they are.
 *
 * @param in what is produced from
 * @param out what is consumed to; buffered, and flushed by whoever writes
 */
public record Console(InputStream in, OutputStream out) {}
