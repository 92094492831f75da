package dev.ritsem.multijvm;

import java.nio.ByteBuffer;

/**
 * One thing that a stranger sends.
 *
 * @param number which one it is, counted from 0; with the seed it says all about the input
 * @param kind what is wrong with it
 * @param bytes what goes over the wire, length prefix included
 * @param mayWait whether the node may rightly take its time before it answers or closes
 * @param isLast whether nothing sensible can follow on the same connection
 */
record HostileInput(long number, String kind, ByteBuffer bytes, boolean mayWait, boolean isLast) {}
