/**
 * Where the decisions of this node's persistent actors are kept: a journal and a snapshot store for
 * Akka Persistence, in files of this node, which no other node reads. The journal is one log of
 * record batches for all persistence ids together, so that one fsync makes the decisions of many
 * actors durable; what has been deleted is taken out by copying what has not.
 *
 * <p>May use: {@code model}, {@code record}, {@code log} (its {@link dev.ritsem.log.Disk}), Akka.
 * Only {@link dev.ritsem.replication.journal.LocalJournal} and {@link
 * dev.ritsem.replication.journal.LocalSnapshots} know Akka: they are the plugins {@code
 * ritsem.journal} and {@code ritsem.snapshots} of {@code ritsem-akka.conf}. Start reading at {@link
 * dev.ritsem.replication.journal.JournalStore}.
 */
@NullMarked
package dev.ritsem.replication.journal;

import org.jspecify.annotations.NullMarked;
