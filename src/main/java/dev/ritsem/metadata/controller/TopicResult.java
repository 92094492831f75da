package dev.ritsem.metadata.controller;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicId;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of one topic of a request.
 *
 * @param name null if the request named an id that no topic has
 * @param id {@link TopicId#ZERO} if there is none, also for what was only validated
 * @param message what the client is told beside the code; null if there is nothing to add
 * @param partitions how many the topic has now; -1 on errors
 * @param replicationFactor copies of each partition; -1 on errors
 * @param configs what the topic overrides; empty on errors
 */
public record TopicResult(
    @Nullable String name,
    TopicId id,
    ErrorCode error,
    @Nullable String message,
    int partitions,
    int replicationFactor,
    Map<String, String> configs) {
  public TopicResult {
    configs = Collections.unmodifiableMap(new TreeMap<>(configs));
  }

  public static TopicResult success(
      String name, TopicId id, int partitions, int replicationFactor, Map<String, String> configs) {
    return new TopicResult(name, id, ErrorCode.NONE, null, partitions, replicationFactor, configs);
  }

  public static TopicResult failure(
      @Nullable String name, TopicId id, ErrorCode error, @Nullable String message) {
    return new TopicResult(name, id, error, message, -1, -1, Map.of());
  }

  public boolean succeeded() {
    return error == ErrorCode.NONE;
  }
}
