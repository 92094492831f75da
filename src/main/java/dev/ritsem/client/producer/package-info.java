/**
 * The producer's core: placing records on partitions, gathering them into batches, and getting each
 * batch stored once and in order whatever happens to requests and answers. It takes records,
 * answers and the time and says which requests to send; it knows no thread, socket or stream.
 *
 * <p>May use: {@code model}, {@code record}, {@code protocol}, {@code client.cluster}, {@code
 * client.transport} (addresses only), and the generated messages of kafka-clients. Start reading at
 * {@link dev.ritsem.client.producer.ProducerCore}.
 */
@NullMarked
package dev.ritsem.client.producer;

import org.jspecify.annotations.NullMarked;
