/**
 * The broker's door: listeners, connections, limits, and the way of a request from its frame to the
 * handler of its API and of the answer back, in order. One class per API is in {@code handler}.
 *
 * <p>A connection belongs to one event loop. Frames are read, decoded and handled there; what a
 * handler leaves to others comes back as a reply from any thread. Nothing on a loop may block.
 *
 * <p>May use: everything but {@code client}, {@code admin} and {@code app}. Start reading at {@link
 * dev.ritsem.server.SocketServer} and {@link dev.ritsem.server.RequestDispatcher}.
 */
@NullMarked
package dev.ritsem.server;

import org.jspecify.annotations.NullMarked;
