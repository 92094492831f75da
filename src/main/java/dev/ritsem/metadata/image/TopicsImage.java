package dev.ritsem.metadata.image;

import dev.ritsem.model.TopicId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All topics, by name and by id. Both maps always hold the same topics: a name has one id and an id
 * one name.
 */
public final class TopicsImage {
  public static final TopicsImage EMPTY =
      new TopicsImage(PersistentMap.empty(), PersistentMap.empty());

  private final PersistentMap<String, TopicImage> byName;
  private final PersistentMap<TopicId, TopicImage> byId;

  private TopicsImage(
      PersistentMap<String, TopicImage> byName, PersistentMap<TopicId, TopicImage> byId) {
    this.byName = byName;
    this.byId = byId;
  }

  /**
   * The image of these topics.
   *
   * @throws IllegalStateException if two of them have the same name or the same id
   */
  public static TopicsImage of(Collection<TopicImage> topics) {
    TopicsImage image = EMPTY;
    for (TopicImage topic : topics) {
      image = image.plus(topic);
    }
    return image;
  }

  public @Nullable TopicImage find(String name) {
    return byName.get(name);
  }

  public @Nullable TopicImage find(TopicId id) {
    return byId.get(id);
  }

  /** In order of their names. */
  public Collection<TopicImage> all() {
    return byName.values();
  }

  /** From the first name that is not before the given one, in order of the names. */
  public Collection<TopicImage> from(String firstName) {
    return byName.valuesFrom(firstName);
  }

  public int size() {
    return byName.size();
  }

  TopicsImage plus(TopicImage topic) {
    if (byName.get(topic.name()) != null || byId.get(topic.id()) != null) {
      throw new IllegalStateException(
          "topic " + topic.name() + " with id " + topic.id() + " is there already");
    }
    return put(Map.of(topic.id(), topic));
  }

  TopicsImage minus(TopicId id) {
    TopicImage topic = require(id);
    return new TopicsImage(byName.remove(topic.name()), byId.remove(id));
  }

  /** The same topics, those with the given ids in their new form. */
  TopicsImage put(Map<TopicId, TopicImage> changed) {
    PersistentMap<String, TopicImage> names = byName;
    PersistentMap<TopicId, TopicImage> ids = byId;
    for (TopicImage topic : changed.values()) {
      names = names.put(topic.name(), topic);
      ids = ids.put(topic.id(), topic);
    }
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
    return other instanceof TopicsImage that && List.copyOf(all()).equals(List.copyOf(that.all()));
  }

  @Override
  public int hashCode() {
    return List.copyOf(all()).hashCode();
  }

  @Override
  public String toString() {
    return all().toString();
  }
}
