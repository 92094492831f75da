package dev.ritsem.metadata.controller;

import dev.ritsem.model.TopicId;
import org.jspecify.annotations.Nullable;

/**
 * A topic by its name or by its id, as a client named it.
 *
 * @param name null if the id names the topic
 * @param id {@link TopicId#ZERO} if the name does
 */
public record TopicRef(@Nullable String name, TopicId id) {
  public static TopicRef named(String name) {
    return new TopicRef(name, TopicId.ZERO);
  }

  public static TopicRef of(TopicId id) {
    return new TopicRef(null, id);
  }
}
