package dev.ritsem.server;

import dev.ritsem.model.Clock;

/** What all connections of a node share. */
record ServerParts(
    RequestDispatcher dispatcher,
    RequestMemory memory,
    ServerCounters counters,
    BoundedLog log,
    Clock clock) {}
