/**
 * The shared vocabulary: value types for what Kafka names (topic partition, topic id, broker id,
 * leader epoch, producer id), the closed table of wire errors, and the sources of time and ids that
 * everything else gets handed in.
 *
 * <p>May use: the JDK only. Everything else may use this package. Start reading at {@link
 * dev.ritsem.model.TopicIdPartition} and {@link dev.ritsem.model.ErrorCode}.
 */
@NullMarked
package dev.ritsem.model;

import org.jspecify.annotations.NullMarked;
