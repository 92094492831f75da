package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProgressWaitersTest {
  private final AtomicLong highWatermark = new AtomicLong();
  private final AtomicLong lastStableOffset = new AtomicLong();
  private final ProgressWaiters waiters =
      new ProgressWaiters(
          readCommitted -> readCommitted ? lastStableOffset.get() : highWatermark.get());
  private final AtomicInteger fired = new AtomicInteger();

  @Test
  void a_waiter_is_told_once_when_the_end_differs_from_what_it_saw() {
    waiters.register(0, false, fired::incrementAndGet);
    waiters.fireNews();
    assertThat(fired).hasValue(0);
    highWatermark.set(3);
    waiters.fireNews();
    waiters.fireNews();
    assertThat(fired).hasValue(1);
    assertThat(waiters.isEmpty()).isTrue();
  }

  @Test
  void a_waiter_that_saw_an_old_end_is_told_at_once() {
    highWatermark.set(3);
    waiters.register(2, false, fired::incrementAndGet);
    assertThat(fired).hasValue(1);
  }

  @Test
  void a_waiter_that_saw_more_than_there_is_now_is_told_too() {
    highWatermark.set(3);
    waiters.register(4, false, fired::incrementAndGet);
    assertThat(fired).as("the log was truncated meanwhile").hasValue(1);
  }

  @Test
  void readers_of_committed_data_wait_for_the_last_stable_offset() {
    waiters.register(0, true, fired::incrementAndGet);
    highWatermark.set(3);
    waiters.fireNews();
    assertThat(fired).hasValue(0);
    lastStableOffset.set(3);
    waiters.fireNews();
    assertThat(fired).hasValue(1);
  }

  @Test
  void a_change_of_role_tells_everybody() {
    waiters.register(0, false, fired::incrementAndGet);
    waiters.register(0, true, fired::incrementAndGet);
    waiters.fireAll();
    assertThat(fired).hasValue(2);
  }

  @Test
  void a_cancelled_waiter_is_told_nothing_and_takes_no_place() {
    Waiter waiter = waiters.register(0, false, fired::incrementAndGet);
    waiter.cancel();
    waiter.cancel();
    highWatermark.set(1);
    waiters.fireNews();
    assertThat(fired).hasValue(0);
    assertThat(waiters.size()).isZero();
  }

  @Test
  void beyond_the_bound_a_waiter_is_left_to_its_own_deadline() {
    for (int i = 0; i < ProgressWaiters.MAX_WAITERS; i++) {
      waiters.register(0, false, () -> {});
    }
    Waiter beyond = waiters.register(0, false, fired::incrementAndGet);
    waiters.fireAll();
    beyond.cancel();
    assertThat(fired).hasValue(0);
    assertThat(waiters.size()).isZero();
    waiters.register(0, false, fired::incrementAndGet).cancel();
    assertThat(waiters.size()).isZero();
  }

  /**
   * Readers follow an end that grows as fast as it can. If one wake-up were lost, its reader would
   * wait for ever: nothing else wakes it.
   */
  @Test
  @Timeout(60)
  void no_wake_up_is_lost_between_a_racing_owner_and_its_readers() throws Exception {
    long end = 200_000;
    int readers = 3;
    ExecutorService threads = Executors.newFixedThreadPool(readers + 1);
    try {
      CountDownLatch finished = new CountDownLatch(readers);
      for (int i = 0; i < readers; i++) {
        threads.execute(() -> follow(end, finished, threads));
      }
      Future<?> owner =
          threads.submit(
              () -> {
                for (long offset = 1; offset <= end; offset++) {
                  highWatermark.set(offset);
                  waiters.fireNews();
                }
              });
      owner.get();
      assertThat(finished.await(30, TimeUnit.SECONDS)).as("all readers saw the end").isTrue();
      assertThat(waiters.size()).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  private void follow(long end, CountDownLatch finished, ExecutorService threads) {
    long seen = highWatermark.get();
    if (seen == end) {
      finished.countDown();
    } else {
      waiters.register(seen, false, () -> threads.execute(() -> follow(end, finished, threads)));
    }
  }
}
