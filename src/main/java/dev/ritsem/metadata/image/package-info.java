/**
 * What a broker knows about the cluster: an immutable {@link
 * dev.ritsem.metadata.image.ClusterImage} of brokers, topics, partitions, configs and features,
 * made from the one before it by committed {@link dev.ritsem.metadata.image.MetadataEvent}s. Equal
 * events give equal images on every broker. Readers never lock and never see half a change.
 *
 * <p>May use: {@code model}. Knows nothing of who decides (that is {@code metadata.controller}) nor
 * of how events travel. Start reading at {@link dev.ritsem.metadata.image.ClusterImage}.
 */
@NullMarked
package dev.ritsem.metadata.image;

import org.jspecify.annotations.NullMarked;
