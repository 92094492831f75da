/**
 * The partitions of this broker: who leads, what is committed, who waits for what. A replica is two
 * actors: a persistent one that journals the replica's decisions, and its child on an event loop,
 * which is the only writer of the partition's log. Pure cores decide; the actors translate,
 * schedule, persist and send.
 *
 * <p>May use: {@code model}, {@code config}, {@code record}, {@code log}, {@code metadata}, Akka
 * (the cores do not), Jackson for the journaled events. Start reading at {@link
 * dev.ritsem.replication.Partition}, what the rest of the broker sees of a replica, and go on with
 * {@link dev.ritsem.replication.PartitionLog}.
 */
@NullMarked
package dev.ritsem.replication;

import org.jspecify.annotations.NullMarked;
