package dev.ritsem.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ImagePublisherTest {
  private final ImagePublisher publisher = new ImagePublisher();
  private final ClusterImage first =
      ClusterImage.EMPTY.apply(new MetadataEvent.ClusterFormatted("c"));
  private final ClusterImage second =
      first.apply(new MetadataEvent.FeatureLevelSet("f", (short) 1));

  @Test
  void begins_with_the_empty_image_and_tells_nobody_of_it() {
    List<ClusterImage> seen = new ArrayList<>();
    publisher.subscribe(seen::add);

    assertThat(publisher.current()).isSameAs(ClusterImage.EMPTY);
    assertThat(seen).isEmpty();
  }

  @Test
  void tells_a_subscriber_the_current_image_and_each_later_one() {
    publisher.publish(first);
    List<ClusterImage> seen = new ArrayList<>();
    publisher.subscribe(seen::add);
    publisher.publish(second);

    assertThat(seen).containsExactly(first, second);
    assertThat(publisher.current()).isSameAs(second);
  }

  @Test
  void ignores_images_that_are_not_newer() {
    List<ClusterImage> seen = new ArrayList<>();
    publisher.subscribe(seen::add);
    publisher.publish(second);
    publisher.publish(first);
    publisher.publish(second);

    assertThat(seen).containsExactly(second);
    assertThat(publisher.current()).isSameAs(second);
  }

  @Test
  void tells_no_more_after_a_subscription_is_cancelled() {
    List<ClusterImage> seen = new ArrayList<>();
    ImagePublisher.Subscription subscription = publisher.subscribe(seen::add);
    publisher.publish(first);
    subscription.cancel();
    publisher.publish(second);

    assertThat(seen).containsExactly(first);
  }

  @Test
  void tells_the_others_when_one_subscriber_fails() {
    List<ClusterImage> seen = new ArrayList<>();
    publisher.subscribe(
        image -> {
          throw new IllegalStateException("meant to fail");
        });
    publisher.subscribe(seen::add);
    publisher.publish(first);

    assertThat(seen).containsExactly(first);
  }

  @Test
  void keeps_the_order_while_threads_publish_and_subscribe_at_once() throws Exception {
    List<ClusterImage> images = new ArrayList<>();
    ClusterImage image = first;
    for (int i = 0; i < 1_000; i++) {
      image = image.apply(new MetadataEvent.ProducerIdsReserved(i, 1));
      images.add(image);
    }
    CountDownLatch begin = new CountDownLatch(1);
    Runnable publishing =
        () -> {
          awaitQuietly(begin);
          images.forEach(publisher::publish);
        };
    Thread one = new Thread(publishing);
    Thread two = new Thread(publishing);
    one.start();
    two.start();
    begin.countDown();
    List<Long> seen = new ArrayList<>();
    publisher.subscribe(next -> seen.add(next.version()));
    one.join();
    two.join();

    assertThat(seen).isSorted().doesNotHaveDuplicates().contains(image.version());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
