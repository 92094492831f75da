package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.BrokerRegistration;

/**
 * Who is there, as cluster membership sees it. Membership is not consensus, so nothing is safe by
 * this alone; it keeps a second broker from taking the id of one that is alive.
 */
@FunctionalInterface
public interface BrokerLiveness {
  /** Whether this very incarnation of a broker can be reached. */
  boolean isAlive(BrokerRegistration registered);
}
