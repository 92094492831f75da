package dev.ritsem.log;

import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicPartition;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A partition that has files on this node.
 *
 * @param topicId which life of the topic the files belong to; empty if the file that says so is
 *     missing
 */
public record PartitionDirectory(TopicPartition partition, Path path, Optional<TopicId> topicId) {}
