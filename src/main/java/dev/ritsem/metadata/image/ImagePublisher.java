package dev.ritsem.metadata.image;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the newest committed {@link ClusterImage} to everybody on this node who needs it. Reading
 * is free of locks; subscribers are called in the order of the versions, one at a time, on the
 * publishing thread, so they must not block: they hand on. A subscriber that throws is logged and
 * does not keep the image from the others.
 *
 * <p>Thread-safe. One publisher lives as long as its node.
 */
public final class ImagePublisher {
  private static final Logger log = LoggerFactory.getLogger(ImagePublisher.class);

  private final List<Consumer<ClusterImage>> subscribers = new CopyOnWriteArrayList<>();
  private final Object delivering = new Object();

  /** Written while holding {@link #delivering}; its version never falls. */
  private volatile ClusterImage current = ClusterImage.EMPTY;

  /** Ends a subscription; an image that is being delivered may still arrive. */
  public interface Subscription {
    void cancel();
  }

  /** The newest image; {@link ClusterImage#EMPTY} before the controller first answered. */
  public ClusterImage current() {
    return current;
  }

  /**
   * Calls the subscriber with the current image, if there is one already, before this method
   * returns, and with every later one. Versions may be left out, but never come twice or in another
   * order.
   */
  public Subscription subscribe(Consumer<ClusterImage> subscriber) {
    synchronized (delivering) {
      subscribers.add(subscriber);
      if (current.version() > 0) {
        deliver(subscriber, current);
      }
    }
    return () -> subscribers.remove(subscriber);
  }

  /** Makes an image the current one, if it is newer than the one before; called with commits. */
  public void publish(ClusterImage image) {
    synchronized (delivering) {
      if (image.version() <= current.version()) {
        return;
      }
      current = image;
      subscribers.forEach(subscriber -> deliver(subscriber, image));
    }
  }

  // A subscriber is another part of the node; its fault must not stop the controller.
  @SuppressWarnings("IllegalCatch")
  private static void deliver(Consumer<ClusterImage> subscriber, ClusterImage image) {
    try {
      subscriber.accept(image);
    } catch (RuntimeException e) {
      log.error("a subscriber failed on image version {}", image.version(), e);
    }
  }
}
