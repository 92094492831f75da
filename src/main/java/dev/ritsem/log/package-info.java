/**
 * The log of one partition on disk, file by file as Kafka lays it out: segments with their offset,
 * time and transaction indexes, producer state and its snapshots, leader epochs, checkpoints; and
 * what happens to them: append, read, roll, flush, recovery, truncation, retention, deletion.
 *
 * <p>One thread at a time writes to a {@link dev.ritsem.log.Log}; any thread reads through the
 * {@link dev.ritsem.log.LogView} that the writer publishes. Files are reached only through {@link
 * dev.ritsem.log.Disk}, so that a test can lose what was not flushed.
 *
 * <p>May use: {@code model}, {@code config}, {@code metrics}, {@code record}. Start reading at
 * {@link dev.ritsem.log.Log}.
 */
@NullMarked
package dev.ritsem.log;

import org.jspecify.annotations.NullMarked;
