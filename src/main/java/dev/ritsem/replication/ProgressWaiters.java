package dev.ritsem.replication;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who waits for news of one partition. Any thread registers and cancels; the owner of the log
 * fires. No message is sent to register, so a parked fetch costs the owner's loop nothing.
 *
 * <p>No wake-up is lost: a waiter is first put into the set and then looks at the state; the owner
 * first publishes the state and then looks at the set. All four are volatile accesses, so in
 * whatever way they interleave, at least one side sees the other.
 */
final class ProgressWaiters {
  /** How many may wait at one partition; see {@link Partition#awaitProgress}. */
  static final int MAX_WAITERS = 10_000;

  /** What a waiter compares with what it saw. Reads what the owner published last. */
  interface Published {
    /** Where readers end now, or a negative number if there is nothing to wait for. */
    long readableEnd(boolean readCommitted);
  }

  private final Published published;
  private final Set<Registration> registrations = ConcurrentHashMap.newKeySet(1);
  private final AtomicInteger count = new AtomicInteger();

  ProgressWaiters(Published published) {
    this.published = published;
  }

  /** Registers a listener; runs it at once if there is news already. */
  Waiter register(long seenEndOffset, boolean readCommitted, Runnable listener) {
    Registration registration = new Registration(seenEndOffset, readCommitted, listener);
    if (count.incrementAndGet() > MAX_WAITERS) {
      count.decrementAndGet();
      return registration;
    }
    registrations.add(registration);
    registration.fireIfNews();
    return registration;
  }

  boolean isEmpty() {
    return count.get() == 0;
  }

  int size() {
    return count.get();
  }

  /** Runs the listeners of those who saw another readable end than there is now. */
  void fireNews() {
    if (!isEmpty()) {
      registrations.forEach(Registration::fireIfNews);
    }
  }

  /** Runs all listeners: the replica changed its role, or went away. */
  void fireAll() {
    registrations.forEach(Registration::fire);
  }

  // Identity is what tells registrations apart, so equals and hashCode stay Object's.
  private final class Registration implements Waiter {
    private final long seenEndOffset;
    private final boolean readCommitted;
    private final Runnable listener;

    Registration(long seenEndOffset, boolean readCommitted, Runnable listener) {
      this.seenEndOffset = seenEndOffset;
      this.readCommitted = readCommitted;
      this.listener = listener;
    }

    @Override
    public void cancel() {
      take();
    }

    void fireIfNews() {
      if (published.readableEnd(readCommitted) != seenEndOffset) {
        fire();
      }
    }

    void fire() {
      if (take()) {
        listener.run();
      }
    }

    /** Whoever removes the registration from the set decides what becomes of it; once. */
    private boolean take() {
      boolean taken = registrations.remove(this);
      if (taken) {
        count.decrementAndGet();
      }
      return taken;
    }
  }
}
