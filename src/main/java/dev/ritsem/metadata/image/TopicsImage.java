package dev.ritsem.metadata.image;

import dev.ritsem.model.TopicId;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All topics, by name and by id. Both maps always hold the same topics: a name has one id and an id
 * one name.
 */
public final class TopicsImage {
  public static final TopicsImage EMPTY = new TopicsImage(new TreeMap<>(), new HashMap<>());

  private final SortedMap<String, TopicImage> byName;
  private final Map<TopicId, TopicImage> byId;

  private TopicsImage(SortedMap<String, TopicImage> byName, Map<TopicId, TopicImage> byId) {
    this.byName = byName;
    this.byId = byId;
  }

  /**
   * The image of these topics.
   *
   * @throws IllegalArgumentException if two of them have the same name or the same id
   */
  public static TopicsImage of(Collection<TopicImage> topics) {
    SortedMap<String, TopicImage> byName = new TreeMap<>();
    Map<TopicId, TopicImage> byId = new HashMap<>();
    for (TopicImage topic : topics) {
      if (byName.put(topic.name(), topic) != null || byId.put(topic.id(), topic) != null) {
        throw new IllegalArgumentException(
            "topic " + topic.name() + " with id " + topic.id() + " is there already");
      }
    }
    return new TopicsImage(byName, byId);
  }

  public @Nullable TopicImage find(String name) {
    return byName.get(name);
  }

  public @Nullable TopicImage find(TopicId id) {
    return byId.get(id);
  }

  /** In order of their names. */
  public Collection<TopicImage> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  /** From the first name that is not before the given one, in order of the names. */
  public Collection<TopicImage> from(String firstName) {
    return Collections.unmodifiableCollection(byName.tailMap(firstName).values());
  }

  public int size() {
    return byName.size();
  }

  TopicsImage plus(TopicImage topic) {
    if (byName.containsKey(topic.name()) || byId.containsKey(topic.id())) {
      throw new IllegalStateException(
          "topic " + topic.name() + " with id " + topic.id() + " is there already");
    }
    return put(Map.of(topic.id(), topic));
  }

  TopicsImage minus(TopicId id) {
    TopicImage topic = require(id);
    SortedMap<String, TopicImage> names = new TreeMap<>(byName);
    Map<TopicId, TopicImage> ids = new HashMap<>(byId);
    names.remove(topic.name());
    ids.remove(id);
    return new TopicsImage(names, ids);
  }

  /** The same topics, those with the given ids in their new form. */
  TopicsImage put(Map<TopicId, TopicImage> changed) {
    SortedMap<String, TopicImage> names = new TreeMap<>(byName);
    Map<TopicId, TopicImage> ids = new HashMap<>(byId);
    changed.forEach(
        (id, topic) -> {
          names.put(topic.name(), topic);
          ids.put(id, topic);
        });
    return new TopicsImage(names, ids);
  }

  TopicImage require(TopicId id) {
    TopicImage topic = byId.get(id);
    if (topic == null) {
      throw new IllegalStateException("there is no topic with id " + id);
    }
    return topic;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TopicsImage that && byName.equals(that.byName);
  }

  @Override
  public int hashCode() {
    return byName.hashCode();
  }

  @Override
  public String toString() {
    return byName.values().toString();
  }
}
